"""Fills authored cells: sections, cases and their parts are put in, figures and the case's own words filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from casebook.course.build_case import Plan, plan_of
from casebook.course.build_drill import drill_cells
from casebook.course.build_facts import fact_tables
from casebook.course.build_names import assigned, renamed
from casebook.course.build_text import AuthoredError, AuthoredText, TextCell, read_authored
from casebook.course.build_words import audit_unit, case_words, numbers_of
from casebook.facts import near_miss

WORD = re.compile(r"\[\[\s*([a-z]+)\.([a-zA-Z0-9_.\-]+)\s*\]\]")
# Two dollar signs in a paragraph are a formula to a notebook; those in code spans are safe, and so are escaped ones.
DOLLAR = re.compile(r"(`[^`]*`|\\\$)|\$")
LONELY = re.compile(r"^[ \t]*\[\[\s*[a-z]+\.[a-zA-Z0-9_.\-]+\s*\]\][ \t]*$")
SOURCES_TITLE = "Where the figures come from"
SOURCES_MARK = "[[sources]]"
MODES = ("walkthrough", "assignment")
LONG = 9  # sections; a shorter case needs no place to stop
NAME = re.compile(r"^[a-z][a-z0-9]{0,15}$")
HERE = "here"  # '# %% case here': the case of the head
# Worked examples come from another case: tickets, or hotel bookings where the case itself is about tickets.
EXAMPLES, OTHER_EXAMPLES = "_default", "_hotel"
TICKETS = re.compile(r"\b(tickets?|support)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cell is read in: its case ('' for none), and the name that keeps it apart ('' where it is alone)."""

    case_id: str = ""
    name: str = ""


@dataclass(slots=True)
class Filler:
    """Puts one notebook's text together. ``authored`` is the folder with sections/ and cases/."""

    authored: Path
    mode: str
    rubric: str = ""
    used: dict[str, int] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)
    _shared: bool = False

    def cells(self, text: AuthoredText) -> list[TextCell]:
        """Every cell in order, filled in, with unique ids. ``AuthoredError`` names file and line."""
        opened = list(self._opened(text, Setting(text.head.get("case", ""))))
        cells = self._apart([(self._filled(cell, at), at) for cell, at in opened])
        seen: dict[str, TextCell] = {}
        for cell in cells:
            if cell.id in seen:
                first = seen[cell.id]
                raise AuthoredError(
                    cell.file,
                    cell.line,
                    f"the id {cell.id!r} was used before ({first.file}, line {first.line})",
                    "Give each cell an id of its own.",
                )
            seen[cell.id] = cell
        return [replace(cell, text=cell.text.replace(SOURCES_MARK, self._sources())) for cell in cells]

    def _opened(self, text: AuthoredText, at: Setting) -> Iterator[tuple[TextCell, Setting]]:
        for cell in text.cells:
            only = cell.options.get("only", self.mode)
            if only not in MODES:
                raise AuthoredError(
                    cell.file, cell.line, f"only={only} is unknown", f"Use one of {', '.join(MODES)}."
                )
            if only != self.mode:
                continue
            if cell.kind == "include":
                there = replace(at, case_id=cell.options.get("case", at.case_id))
                yield from self._section(cell.target, cell, there)
            elif cell.kind == "case":
                target = at.case_id if cell.target == HERE else cell.target
                yield from self._case(replace(cell, target=target), cell.options.get("as", ""))
            elif cell.kind == "part":
                yield from ((part, at) for part in self._parts(cell, at.case_id))
            elif cell.kind == "audits":
                yield from ((made, at) for made in self._audits(cell, at.case_id))
            elif cell.kind == "drill":
                yield from ((made, at) for made in drill_cells(cell))
            else:
                yield cell, at

    def _section(self, name: str, cell: TextCell, at: Setting) -> Iterator[tuple[TextCell, Setting]]:
        yield from self._opened(self._read(f"sections/{name}.py", cell), at)

    def _case(self, cell: TextCell, name: str) -> Iterator[tuple[TextCell, Setting]]:
        """A whole case: its sections in the order of its time plan, each test cell once its parts are written."""
        at = Setting(cell.target, name)
        if name and not NAME.match(name):
            raise AuthoredError(
                cell.file, cell.line, f"as={name} is no name", "Use small letters and digits, 16 at most."
            )
        plan = self._plan(cell, cell.target)
        self.cases.append(cell.target)
        if name and not self._shared:
            self._shared = True
            yield from self._section("setup-many", cell, Setting(cell.target))
        if self.mode == "assignment" and _varies(cell.target):
            yield from self._section("code", cell, at)
        yield from self._section("begin" if name else "setup", cell, at)
        for section in plan.sections:
            yield from self._section(section, cell, at)
            if section == "design" and len(plan.sections) >= LONG:
                yield from self._section("stop-here", cell, at)
            if self.mode == "assignment":
                yield from ((_test_cell(cell, check), at) for check in plan.checks.get(section, ()))
        yield from self._section("end", cell, at)

    def _plan(self, cell: TextCell, case_id: str) -> Plan:
        from casebook.facts import SeedError

        try:
            return plan_of(case_id, self.rubric if self.mode == "assignment" else "")
        except SeedError as error:
            problem, remedy = str(error).rstrip("."), "Name a case that 'casebook cases' lists."
            raise AuthoredError(cell.file, cell.line, problem, remedy) from None
        except ValueError as error:
            raise AuthoredError(cell.file, cell.line, f"case {case_id}: {error}", "Mend the case's file.") from None

    def _parts(self, cell: TextCell, case_id: str) -> Iterator[TextCell]:
        """The case's own text for a part, else the text that every case shares."""
        if not case_id:
            raise AuthoredError(
                cell.file, cell.line, "a part needs a case", "Name it: '# case: ID' in the head."
            )
        for name in (case_id, _examples(case_id), EXAMPLES):
            if not (self.authored / "cases" / f"{name}.py").is_file():
                continue
            found = [part for part in self._read(f"cases/{name}.py", cell).cells if _in_part(part, cell.target)]
            if found:
                yield from (part for part in found if part.options.get("only", self.mode) == self.mode)
                return
        if "optional" not in cell.flags:
            raise AuthoredError(
                cell.file,
                cell.line,
                f"cases/{case_id}.py has no cell {cell.target!r}",
                f"Write one there: '# %% [markdown] id={cell.target}'.",
            )

    def _audits(self, cell: TextCell, case_id: str) -> Iterator[TextCell]:
        """One text a number that is asked for in this section: the case's own, or one made of its question."""
        from casebook.facts import load_case_data

        if not case_id:
            raise AuthoredError(cell.file, cell.line, "audits need a case", "Name it: '# case: ID' in the head.")
        lead = "And one number, where it hurts."
        for audit in numbers_of(load_case_data(case_id)):
            if audit.where != cell.target:
                continue
            own = replace(cell, kind="part", target=f"audit-{audit.id}", flags=frozenset({"optional"}))
            written = list(self._parts(own, case_id))
            yield from written
            if not written:
                text = (
                    f"**{lead}** {audit.ask}\n\nWrite it in the next cell as "
                    f'`Audit("{audit.id}", 12.5)`, with your own number, in {audit_unit(audit)}.'
                )
                yield replace(cell, kind="markdown", text=text, target="", options={"id": f"audit-{audit.id}"})
            lead = "And another one."

    def _read(self, name: str, cell: TextCell) -> AuthoredText:
        path = self.authored / name
        if not path.is_file():
            raise AuthoredError(cell.file, cell.line, f"there is no {name}", "Write it, or mend the name.")
        return read_authored(path, name)

    def _filled(self, cell: TextCell, at: Setting) -> TextCell:
        from casebook.facts import SeedError
        from casebook.facts.prose import REFERENCE, figure, lookup

        def figure_of(match: re.Match[str]) -> str:
            bare = match.group(2) == "bare"
            try:
                item = lookup(match.group(1), cell.file)
            except SeedError as error:
                raise AuthoredError(cell.file, cell.line, str(error), "Use an id of seeds/.") from None
            shown = figure(item, bare=bare)
            if cell.kind != "markdown" or bare:
                return shown
            number = self.used.setdefault(match.group(1), len(self.used) + 1)
            return f"{shown}<sup>[{number}](#{SOURCES_TITLE.replace(' ', '-')})</sup>"

        lines = []
        for line in cell.text.split("\n"):
            made = WORD.sub(lambda match: self._case_word(match, cell, at), line)
            if made.strip() or not LONELY.match(line):
                lines.append(made)
        text = REFERENCE.sub(figure_of, "\n".join(lines))
        if cell.kind == "markdown":
            text = DOLLAR.sub(lambda match: match.group(0) if match.group(1) else r"\$", text)
        options = dict(cell.options)
        if cell.kind == "code" and "answer" in options:
            there = assigned(text)
            options["answer"] = ",".join(name for name in options["answer"].split(",") if name in there)
        return replace(cell, text=text, options=options)

    def _case_word(self, match: re.Match[str], cell: TextCell, at: Setting) -> str:
        """``[[case.brief]]``, ``[[unit.requests]]`` or ``[[clock.frame]]`` from the case's YAML."""
        if match.group(1) == "facts":
            try:
                return fact_tables(match.group(2))
            except KeyError:
                raise AuthoredError(
                    cell.file, cell.line, f"{match.group(0)} is no article", "Write STB, SCL, STU, GEN or MJ."
                ) from None
        if not at.case_id:
            raise AuthoredError(
                cell.file, cell.line, f"{match.group(0)} needs a case", "Name it: '# case: ID' in the head."
            )
        words = self._words(at, cell)
        name = f"{match.group(1)}.{match.group(2)}"
        if name not in words:
            raise AuthoredError(cell.file, cell.line, f"{match.group(0)} is unknown", near_miss(name, words))
        return words[name]

    def _words(self, at: Setting, cell: TextCell) -> Mapping[str, str]:
        from casebook.facts import load_case_data

        own = {"name.suffix": f"_{at.name}" if at.name else "", "name.name": at.name}
        return {**case_words(load_case_data(at.case_id), self._plan(cell, at.case_id)), **own}

    def _apart(self, cells: list[tuple[TextCell, Setting]]) -> list[TextCell]:
        """Ids and variables of cases that share a notebook, each with the name of its case."""
        names: dict[str, set[str]] = {}
        for cell, at in cells:
            if at.name and cell.kind == "code":
                names.setdefault(at.name, set()).update(assigned(cell.text))
        made = []
        for cell, at in cells:
            if at.name:
                text = cell.text
                if cell.kind == "code":
                    text = renamed(text, names[at.name], f"_{at.name}")
                cell = replace(cell, text=text, options={**cell.options, "id": f"{at.name}-{cell.id}"})
            made.append(cell)
        return made

    def _sources(self) -> str:
        """A table of every figure used, with its wording and its origin."""
        from casebook.facts.prose import figure, lookup, origin

        rows = [f"## {SOURCES_TITLE}", "", "| | figure | what it says | whose it is |", "|---|---|---|---|"]
        for reference, number in self.used.items():
            item = lookup(reference)
            words = (getattr(item, "text", "") or getattr(item, "note", "")).replace("|", "/")
            rows.append(f"| {number} | {figure(item)} | {words} | {origin(item)} |")
        return "\n".join(rows)


def _test_cell(cell: TextCell, check: str) -> TextCell:
    """The cell below a step that shows its points."""
    return replace(
        cell,
        kind="code",
        text=f'check_cell("[[case.id]]", "{check}", globals())',
        target="",
        options={"id": f"check-{check}", "check": check},
        flags=frozenset({"hidden", "locked"}),
    )


def _varies(case_id: str) -> bool:
    from casebook.facts import load_case_data

    return load_case_data(case_id).variants is not None


def _examples(case_id: str) -> str:
    """The file of worked examples that is not about what the case is about."""
    from casebook.facts import load_case_data

    data = load_case_data(case_id)
    about = f"{data.title} {data.brief} {data.unit.request}"
    return OTHER_EXAMPLES if TICKETS.search(about) else EXAMPLES


def _in_part(cell: TextCell, target: str) -> bool:
    return cell.id == target or cell.id.startswith(f"{target}--")
