"""What is said when an answer cannot be understood: what was typed, where, and a form that works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SHOWN_CHARS = 120


def shown(value: object) -> str:
    """``value`` in quotes on one line, cut at 120 characters, so that an error never repeats a novel."""
    text = value if isinstance(value, str) else _plain_repr(value)
    text = " ".join(text[: SHOWN_CHARS * 4].split())
    cut = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
    return f'"{cut}"' if isinstance(value, str) else cut


def _plain_repr(value: object) -> str:
    if value is None or isinstance(value, bool | float):
        return repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else "a number with very many digits"
    return f"a {type(value).__name__}"


def near_miss(word: str, known: Iterable[str], limit: int = 14) -> str:
    """A sentence that suggests the closest known names, or lists them when nothing is close."""
    from difflib import get_close_matches

    names = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in reversed(names)}
    close = [folded[hit] for hit in get_close_matches(word[:80].casefold(), list(folded), n=2, cutoff=0.6)]
    if close:
        return "Did you mean " + " or ".join(close) + "?"
    listed = ", ".join(names[:limit]) + (", …" if len(names) > limit else "")
    return f"It can be: {listed}." if names else ""


class _Told(ValueError):
    """A mistake of the learner; pickling keeps its parts."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), str(self), dict(vars(self)))


def _again(kind: type[_Told], text: str, parts: dict[str, Any]) -> _Told:
    made = kind.__new__(kind, text)
    vars(made).update(parts)
    return made


class AnswerError(_Told):
    """A part of an answer is wrong: ``field`` names the part, ``problem`` what is wrong, ``remedy`` what to
    write.
    """

    def __init__(self, field: str, problem: str, remedy: str = "") -> None:
        self.field = field
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{field}: {problem}. {remedy}".strip())

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback: the mistake is the learner's, not the program's."""
        return [line for line in (f"{self.field}: {self.problem}.", self.remedy) if line]


class ShortFormError(_Told):
    """A record could not be made of what was typed. ``typed`` quotes it, ``example`` shows a form that
    works.
    """

    def __init__(self, field: str, typed: object, problem: str, example: str = "") -> None:
        self.field = field
        self.typed = shown(typed)
        self.problem = problem
        self.example = example
        works = f" A form that works: {example}" if example else ""
        super().__init__(f"{field}: {self.typed} could not be read: {problem}.{works}")

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback: what was typed, and a form that works."""
        lines = [f"{self.field}: {self.typed} could not be read: {self.problem}."]
        return [*lines, f"A form that works: {self.example}"] if self.example else lines

    def located(self, field: str, example: str, typed: object) -> ShortFormError:
        """The same complaint told about ``field``, quoting the whole of what was ``typed`` there."""
        return ShortFormError(field, typed, self.problem, example or self.example)
