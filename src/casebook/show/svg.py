"""A small writer of SVG and HTML text: everything a learner typed passes through `esc` here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"

# Characters that XML 1.0 cannot carry at all, and those that re-order the text around them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Shown:
    """``html`` is complete by itself, so that notebook, export and mail show the same; ``text`` says it in words."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


def esc(text: object) -> str:
    """Text made safe for an element or a quoted attribute of SVG and HTML."""
    clean = _UNPRINTABLE.sub("", str(text))
    return (
        clean.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
    )


def num(value: float) -> str:
    """A coordinate with at most two decimals, the same on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def el(tag: str, *children: str, **attributes: object) -> str:
    """One element. Children are markup already; attribute values are escaped, `_` in names becomes `-`."""
    parts = [tag]
    for name, value in attributes.items():
        if value is None:
            continue
        shown = num(value) if isinstance(value, float) else str(value)
        parts.append(f'{name.rstrip("_").replace("_", "-")}="{esc(shown)}"')
    head = " ".join(parts)
    return f"<{head}/>" if not children else f"<{head}>{''.join(children)}</{tag}>"


def text(x: float, y: float, words: object, size: float = 12.0, **attributes: object) -> str:
    """A line of text; `words` is escaped. Sizes below 12 px are refused: nobody can read them."""
    if size < 12:
        raise ValueError(f"text of {size:g} px was asked for; use 12 px or more")
    return el("text", esc(words), x=num(x), y=num(y), font_size=num(size), **attributes)


def text_width(words: str, size: float, bold: bool = False) -> float:
    """A careful guess of a line's width in px for the fonts in `FONT` (rather too wide than too narrow)."""
    units = 0.0
    for letter in words:
        if letter in _NARROW:
            units += 0.30
        elif letter in _WIDE:
            units += 0.86
        elif unicodedata.east_asian_width(letter) in "WF":
            units += 1.05
        elif letter.isupper():
            units += 0.69
        else:
            units += 0.545
    return units * size * (1.07 if bold else 1.0)


def shorten(words: str, width: float, size: float, bold: bool = False) -> str:
    """The words cut to a width in px, with an ellipsis where something was lost."""
    if text_width(words, size, bold) <= width:
        return words
    kept = ""
    for letter in words:
        if text_width(kept + letter + "…", size, bold) > width:
            break
        kept += letter
    return kept.rstrip() + "…"


def wrap(words: str, width: float, size: float, lines: int, bold: bool = False) -> list[str]:
    """The words in at most `lines` lines no wider than `width` px; the last line may be shortened."""
    rows: list[str] = []
    current = ""
    for word in words.split():
        candidate = f"{current} {word}".strip()
        if current and text_width(candidate, size, bold) > width:
            rows.append(current)
            current = word
        else:
            current = candidate
    if current:
        rows.append(current)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [shorten(row, width, size, bold) for row in rows]


def content_id(prefix: str, *parts: object) -> str:
    """An id made of what it names, so that two equal things share it and two pages agree."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace"))
    return f"{prefix}-{digest.hexdigest()[:12]}"


def join(rows: Iterable[str]) -> str:
    """Pieces of markup put together without anything between them."""
    return "".join(rows)


def hatching(prefix: str, pattern: str, size: int, stroke_width: str) -> tuple[str, str]:
    """Id and definition of a hatching in white, on tiles of ``size`` px; an empty definition where it has no strokes.

    ``pattern`` is plotly's name of it: / \\ - | + x or a dot.
    """
    half = size // 2
    strokes = {
        "/": f"M0 {size}L{size} 0",
        "\\": f"M0 0L{size} {size}",
        "-": f"M0 {half}H{size}",
        "|": f"M{half} 0V{size}",
        "+": f"M{half} 0V{size}M0 {half}H{size}",
        "x": f"M0 0L{size} {size}M0 {size}L{size} 0",
        ".": f"M{half - 1} {half}h2",
    }
    if pattern not in strokes:
        return "", ""
    mark = content_id(prefix, pattern)
    path = el("path", d=strokes[pattern], stroke="#ffffff", stroke_width=stroke_width, fill="none")
    tile = el("pattern", path, id=mark, width=f"{size}", height=f"{size}", patternUnits="userSpaceOnUse")
    return mark, el("defs", tile)
