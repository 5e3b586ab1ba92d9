"""What stands before the number of a metric: its name, its percentile, its span and its rhythm."""

from __future__ import annotations

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import NUMBER, WORD, Token
from casebook.answer.units import ADVERBS, adverb_days

_FILLERS = frozenset(
    ["is", "are", "be", "stays", "stay", "must", "should", "kept", "keep", "remains", "remain", "to", "will", "at"]
)


def read_name(
    text: str, found: tuple[Token, ...], field: str, example: str
) -> tuple[str, float | None, str, float | None]:
    """Name, quantile, span and window, out of the tokens before the operator."""
    kept = list(found)
    while kept and kept[-1].low in _FILLERS:
        kept.pop()
    span = ""
    opened = next((at for at, token in enumerate(kept) if token.text == "("), None)
    if opened is not None and kept[-1].text == ")" and any(token.low == "to" for token in kept[opened:]):
        span = text[kept[opened + 1].start : kept[-2].end]
        kept = kept[:opened]
    froms = [at for at, token in enumerate(kept) if token.low == "from" and at > 0]
    if froms and any(token.low == "to" for token in kept[froms[-1] :]):
        cut = froms[-1]
        span = text[kept[cut + 1].start : kept[-1].end]
        kept = kept[:cut]
    quantile: float | None = None
    over: float | None = None
    pieces: list[Token] = []
    skip = 0
    for at, token in enumerate(kept):
        if skip:
            skip -= 1
            continue
        value, used = _quantile(kept, at, field, example)
        if value is not None and quantile is not None and value != quantile:
            raise ShortFormError(field, text, "it names two percentiles; one metric has one", example)
        if value is not None:
            quantile, skip = value, used - 1
        elif token.low in ADVERBS and over is None and len(kept) > 1:
            over = adverb_days(token.low)
        else:
            pieces.append(token)
    return _joined(pieces).strip(" ,:;"), quantile, span.strip(), over


def _joined(pieces: list[Token]) -> str:
    made = ""
    end = -1
    for token in pieces:
        made += ("" if token.start == end or not made else " ") + token.text
        end = token.end
    return made


def _quantile(found: list[Token], at: int, field: str, example: str) -> tuple[float | None, int]:
    token = found[at]
    if token.low == "median":
        return 0.5, 1
    percent = ""
    used = 1
    if (
        token.kind == WORD
        and token.low[0] == "p"
        and token.low[1:].replace(".", "", 1).isdigit()
        and token.low.isascii()
    ):
        percent = token.low[1:]
    elif token.kind == NUMBER:
        after = at + 1
        if after < len(found) and found[after].low in ("th", "st", "nd", "rd"):
            after += 1
        if after < len(found) and found[after].low in ("percentile", "centile"):
            percent, used = token.text, after + 1 - at
    if not percent:
        return None, 1
    if len(percent) > 12 or not 0 < float(percent) < 100:
        raise ShortFormError(field, token.text, "a percentile lies between 0 and 100, such as p99 or p99.9", example)
    return round(float(percent) / 100, 12), used
