"""Walks the statements of answer cells: assignments are kept, displays skipped, everything else is named."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casebook.answer.parts import BY_NAME, PART_NAMES, RECORDS
from casebook.answer.record import Record
from casebook.answer.walk import UNKNOWN, NeedsRun, Walker, Wrong, root_of

RESERVED = frozenset({*RECORDS, "work", "case", "casebook", "display", "print"})
_DISPLAYS = frozenset({"display", "print"})
_HARMLESS = (
    ast.Constant,
    ast.Name,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.keyword,
    ast.BinOp,
    ast.UnaryOp,
    ast.Attribute,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
    ast.Starred,
)
_STATEMENTS = {
    ast.For: "a loop",
    ast.While: "a loop",
    ast.If: "a condition",
    ast.FunctionDef: "a function",
    ast.With: "with",
    ast.ClassDef: "a class",
    ast.Try: "try",
    ast.Import: "an import",
    ast.ImportFrom: "an import",
    ast.Delete: "del",
    ast.AsyncFunctionDef: "a function",
    ast.Match: "a condition",
    ast.Assert: "assert",
    ast.Raise: "raise",
    ast.Global: "global",
}
MAX_TOLD = 40
MAX_STRAY = 100
RUN_REMEDY = "Write the result as a plain value, so that it can be read without running the notebook."


@dataclass(slots=True)
class CellOutcome:
    """What was found in one cell, each as (line, text, remedy)."""

    problems: list[tuple[int, str, str]] = field(default_factory=list)
    reasons: list[tuple[int, str, str]] = field(default_factory=list)
    remarks: list[tuple[int, str, str]] = field(default_factory=list)


class Statements:
    """The state while a notebook is read: values by name, and the place (cell, line) where each was last
    set.
    """

    def __init__(self, case_id: str) -> None:
        self.walker = Walker(case_id)
        self.places: dict[str, tuple[str, int]] = {}

    def known(self, name: str) -> Any:
        """The value of ``name``; None where only running would tell."""
        value = self.walker.names.get(name)
        return None if value is UNKNOWN else value

    def read(self, cell: str, body: list[ast.stmt]) -> CellOutcome:
        """Take in the statements of one cell. A statement that cannot be read does not stop those after
        it.
        """
        outcome = CellOutcome()
        for statement in body:
            if len(outcome.problems) + len(outcome.reasons) > MAX_TOLD:
                outcome.problems.append(
                    (statement.lineno, "too much of this cell cannot be read", "Mend the lines above.")
                )
                break
            try:
                self._statement(cell, statement, outcome)
            except NeedsRun as needs:
                outcome.reasons.append(
                    (needs.line, f"the cell would have to be run, because {needs.reason}", RUN_REMEDY)
                )
                for name in _stored(statement):
                    self._assign(cell, statement, name, UNKNOWN)
            except Wrong as wrong:
                outcome.problems.append((wrong.line, wrong.text, wrong.remedy))
        return outcome

    def stray(self, blank: set[str], parts: tuple[str, ...]) -> Iterator[tuple[str, int, str, str]]:
        """Names that look like a misspelt part that is not answered, or hold a record that nothing uses."""
        from difflib import get_close_matches

        looked = 0
        for name, (cell, line) in self.places.items():
            if name in BY_NAME or name == "code" or name in self.walker.used:
                continue
            looked += 1
            if looked > MAX_STRAY:
                return
            close = get_close_matches(name[:80].casefold(), [part for part in parts if part in blank], n=1, cutoff=0.75)
            if close:
                yield cell, line, f"{name[:60]} is no part of the answer", f"Did you mean {close[0]}?"
            elif _holds_record(self.walker.names.get(name)):
                yield (
                    cell,
                    line,
                    f"{name[:60]} is no part of the answer and nothing uses it",
                    f"The parts are: {', '.join(parts)}.",
                )

    def _statement(self, cell: str, statement: ast.stmt, outcome: CellOutcome) -> None:
        match statement:
            case ast.Assign():
                self._assignment(cell, statement, statement.targets, statement.value, outcome)
            case ast.AnnAssign(value=None):
                return
            case ast.AnnAssign(value=value) if value is not None:
                self._assignment(cell, statement, [statement.target], value, outcome)
            case ast.AugAssign():
                self._augmented(cell, statement)
            case ast.Expr():
                self._expression(statement.value)
            case ast.ImportFrom() | ast.Import():
                _imported(statement)
            case ast.Pass():
                return
            case _:
                raise NeedsRun(statement, f"it has {_STATEMENTS.get(type(statement), 'more than assignments')}")

    def _assignment(
        self, cell: str, statement: ast.stmt, targets: list[ast.expr], value: ast.expr, outcome: CellOutcome
    ) -> None:
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr == "board"
            and root_of(value.func) is not None
            and all(isinstance(target, ast.Name) for target in targets)
        ):
            for target in targets:
                self._assign(cell, statement, target.id, UNKNOWN)  # type: ignore[attr-defined]
            return
        pairs: list[tuple[str, Any]] = []
        made = self.walker.value(value)
        for target in targets:
            if isinstance(target, ast.Name):
                pairs.append((target.id, made))
            elif (
                isinstance(target, ast.Tuple | ast.List)
                and isinstance(made, tuple | list)
                and len(made) == len(target.elts)
                and all(isinstance(name, ast.Name) for name in target.elts)
            ):
                pairs += [(name.id, item) for name, item in zip(target.elts, made, strict=True)]  # type: ignore[attr-defined]
            else:
                raise NeedsRun(statement, "it assigns to more than plain names")
        for name, item in pairs:
            if name in RESERVED:
                raise NeedsRun(statement, f"it gives {name} another meaning")
            if name in PART_NAMES and _loses(self.walker.names.get(name), item):
                before = self.places[name]
                text = f"{name} was already answered in {before[0]}, line {before[1]}; the last one counts"
                outcome.remarks.append((statement.lineno, text, "Keep one of the two."))
            self._assign(cell, statement, name, item)

    def _augmented(self, cell: str, statement: ast.AugAssign) -> None:
        target = statement.target
        if not isinstance(target, ast.Name):
            raise NeedsRun(statement, "it changes more than a plain name")
        before = self.walker.value(ast.copy_location(ast.Name(target.id, ast.Load()), target))
        added = self.walker.value(statement.value)
        made = self.walker.combined(statement, statement.op, before, added)
        if isinstance(before, list):
            before += added  # the same list, as running would do
            made = before
        self._assign(cell, statement, target.id, made)

    def _assign(self, cell: str, statement: ast.stmt, name: str, value: Any) -> None:
        self.walker.names[name] = value
        self.places[name] = (cell, statement.lineno)

    def _expression(self, node: ast.expr) -> None:
        if not isinstance(node, ast.Call):
            if not _harmless(node):
                raise NeedsRun(node, "it has an expression that is more than a plain value")
            return
        func = node.func
        shows = (
            isinstance(func, ast.Attribute)
            and root_of(func) is not None
            and (root_of(func) == "work" or func.attr in ("keep", "board"))
        )
        shows = shows or (isinstance(func, ast.Name) and func.id in (_DISPLAYS | RECORDS.keys()))
        if not shows:
            name = (
                func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else "something"
            )
            raise NeedsRun(node, f"it calls {name[:60]}()")
        if not all(_harmless(argument) for argument in (*node.args, *(keyword.value for keyword in node.keywords))):
            raise NeedsRun(node, "it computes inside a call")


def _harmless(node: ast.expr) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if not (isinstance(inner.func, ast.Name) and inner.func.id in RECORDS):
                return False
        elif not isinstance(inner, _HARMLESS):
            return False
    return True


def _imported(statement: ast.Import | ast.ImportFrom) -> None:
    plain = all(alias.asname is None for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        ours = statement.level == 0 and statement.module in ("casebook", "casebook.answer")
        ours = ours and all(alias.name in RECORDS for alias in statement.names)
    else:
        ours = all(alias.name == "casebook" for alias in statement.names)
    if not (plain and ours):
        raise NeedsRun(statement, "it has an import")


def _stored(statement: ast.stmt) -> list[str]:
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _items(value: Any) -> list[Any]:
    """What stands in ``value``, one level deep: lists may hold each other a million times over."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _filled(value: Any) -> bool:
    return any(_is_filled(item) for item in _items(value))


def _is_filled(item: Any) -> bool:
    if item is None or item is Ellipsis or item is UNKNOWN or isinstance(item, list | tuple | dict):
        return False
    return not item.is_blank if isinstance(item, Record) else bool(item)


def _loses(before: Any, now: Any) -> bool:
    """True where something filled is replaced by what does not hold it."""
    if before is now:
        return False
    kept = [item for item in _items(now) if not isinstance(item, list | tuple | dict)]
    return any(_is_filled(item) and item not in kept for item in _items(before))


def _holds_record(value: Any) -> bool:
    return any(isinstance(item, Record) or hasattr(item, "as_kwargs") for item in _items(value))
