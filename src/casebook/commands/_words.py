"""What commands share: the error for bad input, aligned tables, text wrapped for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from difflib import get_close_matches

WIDTH = 96


class BadInput(Exception):
    """A mistake of the person typing: what is wrong, and what to type instead."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows as aligned text under a head; the columns in ``right`` are set flush right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def wrapped(text: str, indent: str = "") -> str:
    """A paragraph for a terminal."""
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent)


def known(what: str, word: str, names: Sequence[str]) -> str:
    """``word`` if it is one of ``names``; ``BadInput`` with the nearest ones otherwise."""
    if word in names:
        return word
    close = get_close_matches(word, names, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"There are: {', '.join(names) or 'none yet'}."
    raise BadInput(f"there is no {what} {word!r}. {hint}")


def variants_of(word: str) -> tuple[str, ...]:
    """Ids of the variants of the case that ``word`` (``stability-moderation~07``) varies; none for a plain name."""
    if "~" not in word:
        return ()
    from casebook.facts import case_ids, load_case_data
    from casebook.facts.variant_id import COUNT, base_id, variant_id

    base = base_id(word)
    if base not in case_ids() or load_case_data(base).variants is None:
        return ()
    return tuple(variant_id(base, number) for number in range(1, COUNT + 1))


def number(value: float) -> str:
    """A figure as one reads it: 1,234,567, 12.3 or 0.0042."""
    if value != value or value in (float("inf"), float("-inf")):
        return "–" if value != value else "no end"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def amount(value: float, unit: str) -> str:
    """A figure with its unit; shares are read as per cent."""
    if unit == "share":
        return f"{number(value * 100)} %"
    return f"{number(value)} {unit}".strip()


def limit(direction: str, value: float, unit: str) -> str:
    """A limit as one reads it: ≤ 200 ms, ≥ 30 %."""
    return f"{'≤' if direction == 'max' else '≥'} {amount(value, unit)}"
