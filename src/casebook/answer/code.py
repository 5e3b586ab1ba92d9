"""A student's code: eight signs that say which variant of the case is theirs; whose it is only the judge can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casebook.facts.variant_id import base_id, variant_id

# Digits and letters without I, L, O and U, which are misread or make words: one sign holds 5 bits.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
MAX_TYPED = 40
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = str.maketrans("", "", " -_\u2010\u2011\u2012\u2013\u2014\u00a0")


class CodeError(ValueError):
    """A code that cannot be read; the message says what is wrong with it, and what to do."""


@dataclass(frozen=True, slots=True)
class Code:
    """``text`` as one writes it, ``7KQ2-M9TX``; ``variant`` 1 to 32, which anybody can read off its first sign."""

    text: str
    variant: int


def code_of(numbers: bytes) -> Code:
    """The code made of secret bytes (five or more): 35 bits of them, and a sign that gives typing slips away."""
    value = int.from_bytes(numbers[:5], "big") >> 5
    signs = "".join(SIGNS[value >> 5 * at & 31] for at in range(LENGTH - 2, -1, -1))
    return _code(signs + _check_sign(signs))


def read_code(typed: str) -> Code:
    """The code in what somebody typed: small letters, spaces, dashes and O for 0 do not matter. `CodeError`."""
    plain = typed.upper().translate(_BETWEEN).translate(_READ_AS)
    if len(plain) != LENGTH:
        raise CodeError(f"it has {len(plain)} signs, and a code has {LENGTH}. Copy it again, as XXXX-XXXX")
    strange = [sign for sign in plain if sign not in SIGNS]
    if strange:
        raise CodeError(f"{strange[0]!r} is in no code. Copy it again: digits and letters without I, L, O and U")
    if _check_sign(plain[:-1]) != plain[-1]:
        raise CodeError("a sign is mistyped, or two are exchanged. Compare it with the one you were given")
    return _code(plain)


def typed_code(value: Any) -> str:
    """What stands in the notebook under ``code``, cut short and on one line; '' where nothing or no text does."""
    if not isinstance(value, str):
        return ""
    return "".join(sign if sign.isprintable() else " " for sign in value[:MAX_TYPED]).strip()


def home(case_id: str, code: str) -> tuple[str, str]:
    """The case that an answer with this ``code`` is about, and the code in its usual form.

    Without a code, or with one that cannot be read, the case is as printed, and a text that is no code stays as it
    was typed: the judge says what is wrong with it. Cases without variants take any code and ignore it.
    """
    if not code:
        return case_id, ""
    try:
        found = read_code(code)
    except CodeError:
        return base_id(case_id), code
    from casebook.facts import SeedError, load_case_data

    try:
        varies = load_case_data(base_id(case_id)).variants is not None
    except SeedError:
        varies = False
    return (variant_id(case_id, found.variant) if varies else base_id(case_id)), found.text


def _code(signs: str) -> Code:
    return Code(f"{signs[:4]}-{signs[4:]}", SIGNS.index(signs[0]) + 1)


def _check_sign(signs: str) -> str:
    """Weights 1, 3, 5, …: all odd, so one wrong sign always shows; exchanged neighbours do unless 16 apart."""
    total = sum((2 * at + 1) * SIGNS.index(sign) for at, sign in enumerate(signs))
    return SIGNS[total % len(SIGNS)]
