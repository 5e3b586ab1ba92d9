"""JSON from strangers: bounded in size, depth and digits, no NaN, no key twice."""

from __future__ import annotations

import json
from typing import Any

from casebook.answer.errors import AnswerError

MAX_JSON_CHARS = 400_000
MAX_DEPTH = 12
MAX_INT_DIGITS = 18


def loads_strict(text: str) -> Any:
    """The value of ``text``; `AnswerError` names what is refused."""
    if not isinstance(text, str):
        raise AnswerError("answer", "a text of JSON belongs here", "Read the file first.")
    if len(text) > MAX_JSON_CHARS:
        raise AnswerError(
            "answer",
            f"it is {len(text):,} characters long and {MAX_JSON_CHARS:,} is the limit",
            "Shorten its texts.",
        )
    _refuse_depth(text)
    try:
        return json.loads(text, parse_constant=_constant, parse_float=_float, parse_int=_int, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise AnswerError(
            "answer",
            f"it is not JSON ({error.msg} at line {error.lineno}, column {error.colno})",
            "Save it again from the notebook.",
        ) from None
    except RecursionError:
        raise AnswerError("answer", "its parts are nested too deeply", "An answer is a flat list of parts.") from None


def _refuse_depth(text: str) -> None:
    depth, quoted, skip = 0, False, False
    for character in text:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = character == "\\", character != '"'
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise AnswerError(
                    "answer",
                    f"its parts are nested more than {MAX_DEPTH} deep",
                    "An answer is a flat list of parts.",
                )
        elif character in "]}":
            depth -= 1


def _constant(word: str) -> float:
    raise AnswerError("answer", f"{word} is no number", "Write the number you mean.")


def _float(digits: str) -> float:
    value = float(digits)
    if not abs(value) <= 1e300:
        raise AnswerError(
            "answer", f"the number {digits[:20]} is too large to mean anything", "Write the number you mean."
        )
    return value


def _int(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_INT_DIGITS:
        raise AnswerError("answer", f"the number {digits[:20]}… has too many digits", "Write the number you mean.")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise AnswerError(name[:60], "it stands there twice", "Keep one of the two.")
        made[name] = value
    return made
