"""A small, safe calculator for the ``derive:`` expressions of the seeds and the formulas of cases.

Names are ids of facts or catalogue entries (dotted); nothing else can be called or reached.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
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


Functions = Mapping[str, Callable[..., float]]
LONGEST = 600
_LAZY = "if_above"   # if_above(x, limit, then, else) works out only the branch that it takes


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise ValueError(f"the expression is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of "5or 6" is nobody's concern
            return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"{expression!r} is not arithmetic") from None


def calculate(expression: str, lookup: Callable[[str], float], functions: Functions | None = None,
              *, finite: bool = True) -> float:
    """Value of an arithmetic expression; ``lookup`` turns a dotted id into a number.

    ``functions`` are called beside ``FUNCTIONS``. Raises ``ValueError`` (in words) for syntax, unknown names, or
    a result that is not finite; with ``finite=False`` that result is given back.
    """
    tree = _parsed(expression)
    try:
        value = float(_value(tree, lookup, functions or {}))
    except (ArithmeticError, TypeError, RecursionError, ValueError) as error:
        raise ValueError(f"{expression!r} cannot be worked out ({error})") from None
    if finite and not math.isfinite(value):
        raise ValueError(f"{expression!r} is not finite")
    return value


@lru_cache(maxsize=4096)
def names_in(expression: str) -> frozenset[str]:
    """Dotted ids that an expression reads; ``ValueError`` where it is not arithmetic."""
    found: set[str] = set()

    def look(name: str) -> float:
        found.add(name)
        return 1.0

    _walk(_parsed(expression), look)
    return frozenset(found)


@lru_cache(maxsize=4096)
def calls_in(expression: str) -> frozenset[str]:
    """Names of the functions that an expression calls."""
    return frozenset(node.func.id for node in ast.walk(_parsed(expression))
                     if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))


def _walk(node: ast.expr, look: Callable[[str], float]) -> None:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        _walk(node.operand, look)
    elif isinstance(node, ast.BinOp):
        _binary(node.op, 1.0, 1.0)
        _walk(node.left, look)
        _walk(node.right, look)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        for argument in node.args:
            _walk(argument, look)
    elif isinstance(node, (ast.Name, ast.Attribute)):
        look(_dotted(node))
    else:
        raise ValueError(f"{type(node).__name__} is not arithmetic")


def _value(node: ast.expr, lookup: Callable[[str], float], functions: Functions) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = _value(node.operand, lookup, functions)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        return _binary(node.op, _value(node.left, lookup, functions), _value(node.right, lookup, functions))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, node.args, lookup, functions)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return float(lookup(_dotted(node)))
    raise ValueError(f"{type(node).__name__} is not arithmetic")


def _called(name: str, arguments: list[ast.expr], lookup: Callable[[str], float], functions: Functions) -> float:
    if name == _LAZY:
        if len(arguments) != 4:
            raise ValueError("write if_above(x, limit, then, else)")
        x, limit = (_value(one, lookup, functions) for one in arguments[:2])
        return _value(arguments[2 if x > limit else 3], lookup, functions)
    function = FUNCTIONS.get(name) or functions.get(name)
    if function is None:
        there = sorted({*FUNCTIONS, *functions, _LAZY})
        raise ValueError(f"no function {name!r}; there are {', '.join(there)}")
    return float(function(*(_value(one, lookup, functions) for one in arguments)))


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
