"""Authored text in percent format → a flat list of cells. Knows the format, nothing of notebooks or facts.

A cell begins with ``# %%`` (code) or ``# %% [markdown]``; the rest of that line is ``key=value`` and flags.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MARK = re.compile(r"^# %%(?!\S)\s*(?P<rest>.*)$")
KINDS = {
    "[markdown]": "markdown",
    "include": "include",
    "case": "case",
    "part": "part",
    "audits": "audits",
    "drill": "drill",
}
NAMING = ("include", "case", "part", "audits", "drill")  # kinds that name something
KNOWN_KEYS = {"id", "only", "tags", "answer", "prose", "check"}
KNOWN_FLAGS = {"hidden", "locked", "optional"}
HEAD_KEYS = {"notebook", "mode", "case", "rubric", "strong"}


class AuthoredError(ValueError):
    """A mistake in authored text: file, line, problem, remedy."""

    def __init__(self, file: str, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}. {remedy}")
        self.file, self.line, self.problem, self.remedy = file, line, problem, remedy


@dataclass(frozen=True, slots=True)
class TextCell:
    """One cell as written: ``kind`` code, markdown, or one of NAMING; ``target`` is what those name."""

    kind: str
    text: str
    file: str
    line: int
    target: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return self.options.get("id", "")


@dataclass(frozen=True, slots=True)
class AuthoredText:
    """One file: ``head`` are the ``# key: value`` lines before its first cell."""

    file: str
    head: Mapping[str, str]
    cells: tuple[TextCell, ...]


def read_authored(path: Path, name: str = "") -> AuthoredText:
    """The cells of one authored file; ``AuthoredError`` names the line of a mistake."""
    return parse_authored(path.read_text(encoding="utf-8"), name or path.name)


def parse_authored(text: str, file: str) -> AuthoredText:
    """Cells of a text in percent format. Markdown lines lose their leading ``# ``."""
    head: dict[str, str] = {}
    cells: list[TextCell] = []
    body: list[str] = []
    opened: tuple[int, str] | None = None

    def close() -> None:
        if opened is not None:
            cells.append(_cell(opened[1], body, file, opened[0]))

    for number, line in enumerate(text.splitlines(), 1):
        found = MARK.match(line)
        if found:
            close()
            opened, body = (number, found["rest"].strip()), []
        elif opened is None:
            _head_line(line, head, file, number)
        else:
            body.append(line)
    close()
    return AuthoredText(file, head, tuple(cells))


def _head_line(line: str, head: dict[str, str], file: str, number: int) -> None:
    if not line.strip() or line.strip() == "#":
        return
    if not line.startswith("#"):
        raise AuthoredError(
            file,
            number,
            f"{line.strip()!r} stands before the first cell",
            "Put it under a '# %%' line, or make it a comment.",
        )
    key, colon, value = line.lstrip("# ").partition(":")
    if colon and key.strip() in HEAD_KEYS:
        head[key.strip()] = value.strip()


def _cell(rest: str, body: list[str], file: str, line: int) -> TextCell:
    words = shlex.split(rest)
    kind, target = "code", ""
    if words and words[0] in KINDS:
        kind = KINDS[words.pop(0)]
        if kind in NAMING:
            if not words:
                raise AuthoredError(file, line, f"'{kind}' names nothing", f"Write '# %% {kind} NAME'.")
            target = words.pop(0)
    options: dict[str, str] = {}
    flags: set[str] = set()
    for word in words:
        key, equals, value = word.partition("=")
        if equals and (key in KNOWN_KEYS or kind in ("include", "case")):
            options[key] = value
        elif not equals and word in KNOWN_FLAGS:
            flags.add(word)
        else:
            raise AuthoredError(
                file,
                line,
                f"{word!r} means nothing here",
                f"Known keys: {', '.join(sorted(KNOWN_KEYS))}; flags: {', '.join(sorted(KNOWN_FLAGS))}.",
            )
    if kind in ("code", "markdown") and "id" not in options:
        raise AuthoredError(file, line, "the cell has no id", "Add one: '# %% id=frame-intro'.")
    lines = (
        [_unquoted(text, file, line + i) for i, text in enumerate(body, 1)] if kind == "markdown" else body
    )
    return TextCell(
        kind, "\n".join(lines).strip("\n").rstrip(), file, line, target, options, frozenset(flags)
    )


def _unquoted(text: str, file: str, line: int) -> str:
    if text.startswith("# "):
        return text[2:]
    if text.strip() in ("", "#"):
        return ""
    raise AuthoredError(
        file, line, f"{text[:40]!r} is not a comment", "Begin each line of a text cell with '# '."
    )
