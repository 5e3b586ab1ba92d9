"""Variables of a case kept apart from another's in one notebook: ``design`` becomes ``design_chat``."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable


def assigned(source: str) -> set[str]:
    """Names that a cell assigns at its top level."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def renamed(source: str, names: Iterable[str], suffix: str) -> str:
    """The cell with ``suffix`` behind each of ``names``; attributes and names of keyword arguments stay."""
    wanted, rows = set(names), source.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    places: list[tuple[int, int]] = []
    depth = 0
    for before, token, after in zip([tokens[0], *tokens], tokens, [*tokens[1:], tokens[-1]], strict=False):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        is_keyword = depth > 0 and after.string == "="
        if token.type == tokenize.NAME and token.string in wanted and before.string != "." and not is_keyword:
            places.append(token.end)
    for line, column in sorted(places, reverse=True):
        row = rows[line - 1]
        rows[line - 1] = row[:column] + suffix + row[column:]
    return "".join(rows)
