"""The judge's own values (autograde/judge/*.yaml): loading them, and noticing when one is about to leak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from casebook.course.errors import CourseError

MIN_WORD = 8
MIN_DIGITS = 3


def load_values(path: Path) -> dict[str, Any]:
    """The mapping in a judge file; raises CourseError when it is missing, damaged or not a mapping."""
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CourseError(
            str(path),
            "the judge has no values for this assignment",
            "Put the file back (a public clone carries a sample of it), or make a private one beside it.",
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise CourseError(str(path), f"the file cannot be read as YAML{where}", "Mend that line.") from error
    if not isinstance(data, dict):
        raise CourseError(str(path), "a mapping of names to values is expected", "Start from the sample in git.")
    return data


def secrets(values: Mapping[str, Any], public: Iterable[str] = ()) -> tuple[str, ...]:
    """The leaves of ``values`` that would be recognisable elsewhere and do not occur in any ``public`` text.

    Strings of 8 characters or more and numbers of 3 digits or more; shorter ones prove nothing.
    """
    texts = tuple(public)
    found = {token for leaf in _leaves(values) for token in _tokens(leaf)}
    return tuple(sorted(token for token in found if not any(_pattern(token).search(text) for text in texts)))


def leaks(text: str, tokens: Iterable[str]) -> list[str]:
    """Which of the ``tokens`` occur in ``text`` (whole numbers and words, any grouping of thousands)."""
    flat = re.sub(r"(?<=\d)[,_\u00a0\u202f](?=\d{3})", "", text)
    return [token for token in tokens if _pattern(token).search(text) or _pattern(token).search(flat)]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for below in value.values():
            yield from _leaves(below)
    elif isinstance(value, (list, tuple)):
        for below in value:
            yield from _leaves(below)
    else:
        yield value


def _tokens(leaf: Any) -> Iterator[str]:
    if isinstance(leaf, bool) or leaf is None:
        return
    if isinstance(leaf, (int, float)):
        shown = f"{leaf:.12g}"
        if sum(char.isdigit() for char in shown.strip("0.-")) >= MIN_DIGITS:
            yield shown
    elif len(str(leaf).strip()) >= MIN_WORD:
        yield str(leaf).strip()


def _pattern(token: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(token)}(?![\w]|\.\d)", re.IGNORECASE)
