"""A small, safe calculator for the ``derive:`` expressions of the seeds.

Names are ids of facts or catalogue entries (dotted); nothing else can be called or reached.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from statistics import NormalDist

_NORMAL = NormalDist()
_MAX_POWER = 64.0


def _phi(z: float) -> float:
    """Share of a standard normal below z."""
    return _NORMAL.cdf(z)


def _probit(share: float) -> float:
    """z below which a share of a standard normal lies."""
    return _NORMAL.inv_cdf(share)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min, "max": max, "exp": math.exp, "log": math.log, "sqrt": math.sqrt,
    "ceil": math.ceil, "floor": math.floor, "phi": _phi, "probit": _probit,
}


def calculate(expression: str, lookup: Callable[[str], float]) -> float:
    """Value of an arithmetic expression; ``lookup`` turns a dotted id into a number.

    Raises ``ValueError`` (in words) for syntax, unknown names, or a result that is not finite.
    """
    if len(expression) > 400:
        raise ValueError("the expression is longer than 400 characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"{expression!r} is not arithmetic") from None
    try:
        value = float(_value(tree.body, lookup))
    except (ArithmeticError, TypeError, RecursionError, ValueError) as error:
        raise ValueError(f"{expression!r} cannot be worked out ({error})") from None
    if not math.isfinite(value):
        raise ValueError(f"{expression!r} is not finite")
    return value


def _value(node: ast.expr, lookup: Callable[[str], float]) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = _value(node.operand, lookup)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return _binary(node.op, _value(node.left, lookup), _value(node.right, lookup))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id not in FUNCTIONS:
            raise ValueError(f"no function {node.func.id!r}; there are {', '.join(sorted(FUNCTIONS))}")
        return float(FUNCTIONS[node.func.id](*(_value(arg, lookup) for arg in node.args)))
    if isinstance(node, (ast.Name, ast.Attribute)):
        return float(lookup(_dotted(node)))
    raise ValueError(f"{type(node).__name__} is not arithmetic")


def _binary(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Add):
        return left + right
    if isinstance(op, ast.Sub):
        return left - right
    if isinstance(op, ast.Mult):
        return left * right
    if isinstance(op, ast.Div):
        return left / right
    if isinstance(op, ast.Pow) and abs(right) <= _MAX_POWER:
        result = left**right
        if isinstance(result, complex):
            raise ValueError("a root of a negative number")
        return float(result)
    raise ValueError(f"{type(op).__name__} is not allowed here")


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise ValueError("only ids, numbers and + - * / ** are allowed")
    return ".".join([node.id, *reversed(parts)])
