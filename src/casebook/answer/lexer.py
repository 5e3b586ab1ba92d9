"""Short forms cut into numbers, words and signs: one pass over the text, no backtracking, nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError

MAX_CHARS = 2_000
MAX_MAGNITUDE = 1e15
MAX_DIGITS = 40

NUMBER, WORD, SIGN = "number", "word", "sign"
_SIGNS = (
    "->",
    "<=",
    ">=",
    "=<",
    "=>",
    "==",
    "<",
    ">",
    "=",
    "$",
    "%",
    "+",
    "-",
    ",",
    ";",
    ":",
    "(",
    ")",
    "/",
    "|",
    "~",
)
_SAME = {"=<": "<=", "=>": ">=", "==": "="}
_SIGN_STARTS = frozenset(sign[0] for sign in _SIGNS)
_REPLACED = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "≤": "<=",
        "≥": ">=",
        "→": "->",
        "％": "%",
        "＄": "$",
        "’": "'",
        "“": '"',
        "”": '"',
        "⩽": "<=",
        "⩾": ">=",
    }
)
_NARROW_SPACES = "\u00a0\u202f\u2009"
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` number, word or sign; ``text`` as typed, ``low`` in small letters; ``value`` of a number;
    ``start`` and ``end`` in the normalised text; ``glued`` when nothing stands before it but another
    token.
    """

    kind: str
    text: str
    low: str
    value: float
    start: int
    end: int
    glued: bool


def clean_text(value: str, field: str, limit: int = MAX_CHARS, lines: bool = False) -> str:
    """``value`` on one line (or with its ``lines`` kept), without control characters and halves of
    characters.

    Longer than ``limit`` characters: `ShortFormError`, before anything else is looked at.
    """
    if len(value) > limit:
        raise ShortFormError(
            field,
            value[:200],
            f"it is {len(value):,} characters long and {limit:,} is the limit",
            "a sentence or two",
        )
    text = value.encode("utf-8", "replace").decode("utf-8")
    text = "".join(
        character
        if character >= " " and character not in _BIDI and not "\x7f" <= character <= "\x9f"
        else ("\n" if character in "\n\r" else " " if character == "\t" else "")
        for character in text
    )
    if lines:
        return "\n".join(_single_spaced(line) for line in text.split("\n")).strip()
    return _single_spaced(text.replace("\n", " "))


def _single_spaced(line: str) -> str:
    return " ".join(word for word in line.split(" ") if word).strip()  # a narrow space inside a number stays


def normalise(text: str) -> str:
    """Typographic signs as plain ones; a narrow space between digits becomes a thousands separator."""
    text = text.translate(_REPLACED)
    if not any(space in text for space in _NARROW_SPACES):
        return text
    made = list(text)
    for at, character in enumerate(made):
        if character in _NARROW_SPACES:
            between = 0 < at < len(made) - 1 and _digit(text[at - 1]) and _digit(text[at + 1])
            made[at] = "," if between else " "
    return "".join(made)


def tokens(text: str, field: str = "text", example: str = "") -> tuple[Token, ...]:
    """The tokens of a normalised ``text``; a number that could mean two things raises `ShortFormError`."""
    found: list[Token] = []
    at, size, last_end = 0, len(text), -1
    while at < size:
        character = text[at]
        if character.isspace():
            at += 1
            continue
        start = at
        value = 0.0
        if _digit(character) or (character == "." and at + 1 < size and _digit(text[at + 1])):
            at, value = _number(text, at, field, example)
            kind, word = NUMBER, text[start:at]
            # "8-week MVP": the hyphen joins number and unit
            if at + 1 < size and text[at] == "-" and text[at + 1].isalpha():
                found.append(Token(kind, word, word, value, start, at, start == last_end))
                at += 1
                last_end = at
                continue
        elif character in _SIGN_STARTS:
            word = next(sign for sign in _SIGNS if text.startswith(sign, at))
            at += len(word)
            kind, word = SIGN, _SAME.get(word, word)
        else:
            at = _word_end(text, at)
            kind, word = WORD, text[start:at]
        found.append(Token(kind, word, word.casefold(), value, start, at, start == last_end))
        last_end = at
    return tuple(found)


def _digit(character: str) -> bool:
    return "0" <= character <= "9"


def _word_end(text: str, at: int) -> int:
    size = len(text)
    letter_first = text[at].isalpha()
    at += 1
    while at < size:
        character = text[at]
        follows = at + 1 < size and (text[at + 1].isalnum())
        if character.isspace():
            break
        if character == "-" and letter_first and follows and text[at - 1].isalnum():
            at += 1
            continue
        if character in _SIGN_STARTS:
            break
        if character == "." and not (follows and text[at - 1].isalnum()):
            at += 1
            break
        at += 1
    return at


def _number(text: str, at: int, field: str, example: str) -> tuple[int, float]:
    start, size = at, len(text)
    while at < size and (_digit(text[at]) or text[at] in ",._"):
        at += 1
    while text[at - 1] in ",._":
        at -= 1
    raw = text[start:at]
    if at < size and text[at] in "eE":
        after = at + 1 + (at + 1 < size and text[at + 1] in "+-")
        if after < size and _digit(text[after]):
            at = after
            while at < size and _digit(text[at]):
                at += 1
    whole = text[start:at]
    if len(whole) > MAX_DIGITS:
        raise ShortFormError(field, whole, f"a number may have {MAX_DIGITS} digits at most", example)
    plain = _without_separators(raw, field, example) + whole[len(raw) :]
    value = float(plain)
    if not abs(value) <= MAX_MAGNITUDE:
        raise ShortFormError(field, whole, "the number is too large to mean anything here", example)
    return at, value


def _without_separators(raw: str, field: str, example: str) -> str:
    front, dot, decimals = raw.partition(".")
    if "." in decimals or "," in decimals:
        raise ShortFormError(field, raw, "write 1,234.5 with commas for thousands and one point for decimals", example)
    groups = front.split(",")
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        raise ShortFormError(field, raw, "a comma separates thousands (1,500); use a point for decimals (1.5)", example)
    plain = "".join(groups).replace("_", "") + dot + decimals.replace("_", "")
    return plain if plain != "." else "0"
