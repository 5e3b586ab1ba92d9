"""Values out of a syntax tree, by a whitelist: literals, arithmetic on them, our records, kept designs.
Nothing runs.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import fields
from math import isfinite
from typing import Any

from casebook.answer.errors import AnswerError, ShortFormError, near_miss
from casebook.answer.parts import RECORDS, design_from

MAX_DEPTH = 40
MAX_ITEMS = 400
MAX_TEXT = 20_000
MAX_INT = 10**40
MAX_POWER = 12
MAX_NAMES = 60
MAX_SEARCHES = 40
UNKNOWN: Any = object()
"""Stands for a value that only running the cell would give."""

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}
_WHY = {
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "an f-string",
    ast.Lambda: "a lambda",
    ast.Compare: "a comparison",
    ast.BoolOp: "a condition",
    ast.IfExp: "a condition",
    ast.Subscript: "an index",
    ast.Attribute: "an attribute",
    ast.Starred: "a star",
    ast.NamedExpr: "':='",
    ast.Await: "await",
}


class NeedsRun(Exception):
    """Only running the cell would give the value."""

    def __init__(self, node: ast.AST, reason: str) -> None:
        self.line = int(getattr(node, "lineno", 1))
        self.reason = reason
        super().__init__(reason)


class Wrong(Exception):
    """The value is wrong whether it is read or run."""

    def __init__(self, node: ast.AST, text: str, remedy: str = "") -> None:
        self.line = int(getattr(node, "lineno", 1))
        self.text = text
        self.remedy = remedy
        super().__init__(text)


class Walker:
    """Values of expressions, given the ``names`` assigned so far; ``used`` collects the names that were
    read.
    """

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        self.names: dict[str, Any] = {}
        self.used: set[str] = set()
        self.searches = 0

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """The value of ``node``; `NeedsRun` or `Wrong` where it has none that can be read."""
        if depth > MAX_DEPTH:
            raise Wrong(node, "the parts are nested too deeply", "Give each part a line of its own.")
        match node:
            case ast.Constant():
                return _constant(node)
            case ast.List() | ast.Tuple():
                if len(node.elts) > MAX_ITEMS:
                    raise Wrong(node, f"the list has more than {MAX_ITEMS} entries", "Keep what matters.")
                items = [self.value(item, depth + 1) for item in node.elts]
                return items if isinstance(node, ast.List) else tuple(items)
            case ast.Dict():
                return self._dict(node, depth)
            case ast.Set():
                raise Wrong(node, "curly brackets keep no order", "Write a list: [ … ].")
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                value = self.value(node.operand, depth + 1)
                if isinstance(value, bool) or not isinstance(value, int | float):
                    raise NeedsRun(node, "it puts a sign before something that is no number")
                return -value if isinstance(node.op, ast.USub) else value
            case ast.BinOp():
                return self.combined(node, node.op, self.value(node.left, depth + 1), self.value(node.right, depth + 1))
            case ast.Call():
                return self._call(node, depth)
        raise NeedsRun(node, f"it uses {_WHY.get(type(node), 'more than plain values')}")

    def combined(self, node: ast.AST, kind: ast.operator, left: Any, right: Any) -> Any:
        """``left`` and ``right`` joined by + - * / // or **, within bounds."""
        if isinstance(kind, ast.Add) and type(left) is type(right) and isinstance(left, str | list | tuple):
            if len(left) + len(right) > (MAX_TEXT if isinstance(left, str) else MAX_ITEMS):
                raise Wrong(node, "it becomes too long", "Keep what matters.")
            return left + right
        numbers = all(isinstance(side, int | float) and not isinstance(side, bool) for side in (left, right))
        if not numbers or type(kind) not in _ARITHMETIC:
            raise NeedsRun(node, "it computes with more than + - * / on numbers")
        if isinstance(kind, ast.Pow) and (abs(right) > MAX_POWER or abs(left) > 10**6):
            raise Wrong(node, "the power is too large to mean anything here", "Write the number itself.")
        try:
            made = _ARITHMETIC[type(kind)](left, right)
        except ZeroDivisionError:
            raise Wrong(node, "it divides by zero", "Check the number below the line.") from None
        except ArithmeticError:
            raise Wrong(node, "the result is too large to mean anything here", "Check the numbers.") from None
        if isinstance(made, complex) or not _in_bounds(made):
            raise Wrong(node, "the result is too large to mean anything here", "Check the numbers.")
        return made

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        self.used.add(name)
        if name in self.names:
            value = self.names[name]
            if value is UNKNOWN:
                raise NeedsRun(node, f"it uses {name}, which is computed")
            return value
        if name in RECORDS:
            raise Wrong(node, f"{name} stands there without brackets", f"For example {RECORDS[name].EXAMPLE}.")
        if close := self._close(name, [*list(self.names)[-MAX_NAMES:], *RECORDS], 0.8):
            raise Wrong(node, f"{name[:60]} is not known", f"Did you mean {close}?")
        raise NeedsRun(node, f"it uses {name[:60]}, which no answer cell sets to a plain value")

    def _close(self, name: str, known: list[str], cutoff: float) -> str:
        """The known name closest to ``name``, or ''; after 40 searches it gives up, so that typos cost no
        time.
        """
        from difflib import get_close_matches

        self.searches += 1
        found = get_close_matches(name[:60], known, n=1, cutoff=cutoff) if self.searches <= MAX_SEARCHES else []
        return found[0] if found else ""

    def _dict(self, node: ast.Dict, depth: int) -> dict[Any, Any]:
        if len(node.keys) > MAX_ITEMS:
            raise Wrong(node, f"it has more than {MAX_ITEMS} entries", "Keep what matters.")
        made: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise NeedsRun(node, "it unpacks another dictionary")
            name = self.value(key, depth + 1)
            if not isinstance(name, str | int | float):
                raise NeedsRun(key, "its keys are more than texts and numbers")
            made[name] = self.value(value, depth + 1)
        return made

    def _call(self, node: ast.Call, depth: int) -> Any:
        if isinstance(node.func, ast.Name):
            return self._record(node, node.func.id, depth)
        if isinstance(node.func, ast.Attribute) and root_of(node.func) is not None:
            if node.func.attr in ("keep", "design"):
                return self._kept(node, node.func.attr, depth)
            raise NeedsRun(node, f"it calls .{node.func.attr[:60]}()")
        raise NeedsRun(node, "it calls something that is no record")

    def _record(self, node: ast.Call, name: str, depth: int) -> Any:
        record = RECORDS.get(name)
        if record is None:
            if name not in self.names and (close := self._close(name, list(RECORDS), 0.7)):
                raise Wrong(node, f"{name[:60]} is no record", f"Did you mean {close}?")
            raise NeedsRun(node, f"it calls {name[:60]}()")
        values, keywords = self._arguments(node, depth)
        known = [field.name for field in fields(record) if field.init]  # type: ignore[arg-type]
        for keyword in keywords:
            if keyword not in known:
                raise Wrong(node, f"{name} has no field {keyword[:60]}", near_miss(keyword, known))
            if keyword in known[: len(values)]:
                raise Wrong(node, f"{name} gets {keyword} twice", f"For example {record.EXAMPLE}.")
        if len(values) > len(known):
            raise Wrong(
                node,
                f"{name} takes {len(known)} values at most and gets {len(values)}",
                f"For example {record.EXAMPLE}.",
            )
        try:
            return record(*values, **keywords)
        except ShortFormError as error:
            raise Wrong(
                node,
                f"{error.field}: {error.typed} could not be read: {error.problem}",
                f"A form that works: {error.example}" if error.example else "",
            ) from None

    def _kept(self, node: ast.Call, method: str, depth: int) -> Any:
        values, keywords = self._arguments(node, depth)
        if values:
            raise NeedsRun(node, f".{method}() takes names with values, such as replicas=2")
        if not keywords and method == "keep":
            return None
        try:
            return design_from("design", keywords, self.case_id) if keywords else default_design(self.case_id)
        except AnswerError as error:
            raise Wrong(node, error.problem, error.remedy) from None

    def _arguments(self, node: ast.Call, depth: int) -> tuple[list[Any], dict[str, Any]]:
        values = [self.value(argument, depth + 1) for argument in node.args]
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise NeedsRun(node, "it unpacks a dictionary into a call")
            keywords[keyword.arg] = self.value(keyword.value, depth + 1)
        return values, keywords


def default_design(case_id: str) -> Any:
    """What ``case.design()`` gives without a choice."""
    from casebook.design import Design

    try:
        return Design.from_kwargs(case_id)
    except ValueError as error:
        raise AnswerError("design", str(error).rstrip(".")) from None


def root_of(node: ast.Attribute) -> str | None:
    """The name at the left of ``a.b.c``; None where something else stands there."""
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return inner.id if isinstance(inner, ast.Name) else None


def _constant(node: ast.Constant) -> Any:
    value = node.value
    if value is None or value is Ellipsis or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise Wrong(node, f"the text is longer than {MAX_TEXT:,} characters", "Shorten it.")
        return value
    if isinstance(value, int | float):
        if not _in_bounds(value):
            raise Wrong(node, "the number is too large to mean anything here", "Write the number you mean.")
        return value
    raise Wrong(node, f"a {type(value).__name__} value is no answer", "Write a number or a text in quotes.")


def _in_bounds(value: int | float) -> bool:
    return isfinite(value) if isinstance(value, float) else abs(value) <= MAX_INT
