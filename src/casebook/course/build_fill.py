"""Fills authored cells: sections and case parts are put in, figures and the case's own words filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.build_drill import drill_cells
from casebook.course.build_facts import fact_tables
from casebook.course.build_text import AuthoredError, AuthoredText, TextCell, read_authored
from casebook.facts import near_miss

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

WORD = re.compile(r"\[\[\s*([a-z]+)\.([a-zA-Z0-9_.\-]+)\s*\]\]")
SOURCES_TITLE = "Where the figures come from"
SOURCES_MARK = "[[sources]]"
MODES = ("walkthrough", "assignment")


@dataclass(slots=True)
class Filler:
    """Puts one notebook's text together. ``authored`` is the folder with sections/ and cases/."""

    authored: Path
    mode: str
    used: dict[str, int] = field(default_factory=dict)

    def cells(self, text: AuthoredText) -> list[TextCell]:
        """Every cell in order, filled in, with unique ids. ``AuthoredError`` names file and line."""
        case_id = text.head.get("case", "")
        cells = [self._filled(cell, case) for cell, case in self._opened(text, case_id)]
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

    def _opened(self, text: AuthoredText, case_id: str) -> Iterator[tuple[TextCell, str]]:
        for cell in text.cells:
            only = cell.options.get("only", self.mode)
            if only not in MODES:
                raise AuthoredError(
                    cell.file, cell.line, f"only={only} is unknown", f"Use one of {', '.join(MODES)}."
                )
            if only != self.mode:
                continue
            if cell.kind == "include":
                name = f"sections/{cell.target}.py"
                yield from self._opened(self._read(name, cell), cell.options.get("case", case_id))
            elif cell.kind == "part":
                yield from ((part, case_id) for part in self._parts(cell, case_id))
            elif cell.kind == "drill":
                yield from ((made, case_id) for made in drill_cells(cell))
            else:
                yield cell, case_id

    def _parts(self, cell: TextCell, case_id: str) -> Iterator[TextCell]:
        if not case_id:
            raise AuthoredError(
                cell.file, cell.line, "a part needs a case", "Name it: '# case: ID' in the head."
            )
        found = [
            part for part in self._read(f"cases/{case_id}.py", cell).cells if _in_part(part, cell.target)
        ]
        if not found:
            raise AuthoredError(
                cell.file,
                cell.line,
                f"cases/{case_id}.py has no cell {cell.target!r}",
                f"Write one there: '# %% [markdown] id={cell.target}'.",
            )
        yield from (part for part in found if part.options.get("only", self.mode) == self.mode)

    def _read(self, name: str, cell: TextCell) -> AuthoredText:
        path = self.authored / name
        if not path.is_file():
            raise AuthoredError(cell.file, cell.line, f"there is no {name}", "Write it, or mend the name.")
        return read_authored(path, name)

    def _filled(self, cell: TextCell, case_id: str) -> TextCell:
        from casebook.facts import SeedError
        from casebook.facts.prose import REFERENCE, figure, lookup

        text = cell.text

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

        text = WORD.sub(lambda match: _case_word(match, cell, case_id), text)
        return replace(cell, text=REFERENCE.sub(figure_of, text))

    def _sources(self) -> str:
        """A table of every figure used, with its wording and its origin."""
        from casebook.facts.prose import figure, lookup, origin

        rows = [f"## {SOURCES_TITLE}", "", "| | figure | what it says | whose it is |", "|---|---|---|---|"]
        for reference, number in self.used.items():
            item = lookup(reference)
            words = (getattr(item, "text", "") or getattr(item, "note", "")).replace("|", "/")
            rows.append(f"| {number} | {figure(item)} | {words} | {origin(item)} |")
        return "\n".join(rows)


def _in_part(cell: TextCell, target: str) -> bool:
    return cell.id == target or cell.id.startswith(f"{target}--")


def _case_word(match: re.Match[str], cell: TextCell, case_id: str) -> str:
    """``[[case.brief]]``, ``[[unit.requests]]`` or ``[[minutes.frame]]`` from the case's YAML."""
    from casebook.facts import load_case_data

    if match.group(1) == "facts":
        try:
            return fact_tables(match.group(2))
        except KeyError:
            raise AuthoredError(
                cell.file, cell.line, f"{match.group(0)} is no article", "Write STB, SCL, STU, GEN or MJ."
            ) from None
    if not case_id:
        raise AuthoredError(
            cell.file, cell.line, f"{match.group(0)} needs a case", "Name it: '# case: ID' in the head."
        )
    words = case_words(load_case_data(case_id))
    name = f"{match.group(1)}.{match.group(2)}"
    if name not in words:
        raise AuthoredError(cell.file, cell.line, f"{match.group(0)} is unknown", near_miss(name, words))
    return words[name]


def _plan_table(blocks: Sequence[tuple[str, float]]) -> str:
    """The session as one row: sections above, minutes below."""
    return "\n".join(
        [
            "| " + " | ".join(f"{i} · {section}" for i, (section, _) in enumerate(blocks, 1)) + " |",
            "|" + "---|" * len(blocks),
            "| " + " | ".join(f"{minutes:g} min" for _, minutes in blocks) + " |",
        ]
    )


def case_words(data: CaseData) -> Mapping[str, str]:
    """Words of a case that a section may use, by name."""
    words: dict[str, Any] = {
        "case.id": data.id,
        "case.title": data.title,
        "case.brief": data.brief,
        "case.persona": data.persona,
        "case.decision": data.decision,
        "unit.request": data.unit.request,
        "unit.requests": data.unit.requests,
        "asking.allowed": f"{float(data.asking.allowed):g}",
        "asking.bank": str(len(data.questions)),
        "owners.list": ", ".join(data.owners),
        "slots.list": ", ".join(slot.id for slot in data.slots),
        "questions.list": "\n".join(f"| `{item.id}` | {item.ask} |" for item in data.questions),
    }
    if data.time_plan is not None:
        words["minutes.total"] = f"{float(data.time_plan.total_minutes):g}"
        words["plan.table"] = _plan_table([(b.section, float(b.minutes)) for b in data.time_plan.blocks])
        words |= {f"minutes.{block.section}": f"{float(block.minutes):g}" for block in data.time_plan.blocks}
    words |= {f"pushback.{i}": item.id for i, item in enumerate(data.pushbacks, 1)}
    words |= {f"audit.{item.id}": item.ask for item in data.audits}
    return words
