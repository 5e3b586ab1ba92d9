"""One part as a card: icon, titles, owner badge, load bar, and flags for the bottleneck and the count."""

from __future__ import annotations

from casebook.show.boxes import Box
from casebook.show.colours import BLUE, FAINT_INK, GREEN, INK, ORANGE, VERMILION
from casebook.show.diagram import CARD_HEIGHT, CARD_WIDTH, icon
from casebook.show.svg import el, esc, join, num, shorten, text, text_width, wrap


def card(box: Box, x_centre: float, y_centre: float) -> str:
    """The card of a part around its centre, in px. A part without an owner is dashed and says "nobody"."""
    left, top = x_centre - CARD_WIDTH / 2, y_centre - CARD_HEIGHT / 2
    edge = VERMILION if box.bottleneck or not box.owner else FAINT_INK
    slot_rows = wrap(box.slot_title, CARD_WIDTH - 40, 12, 2)
    levels = (24.0,) if len(slot_rows) == 1 else (16.0, 29.0)
    rows = wrap(box.title, CARD_WIDTH - 16, 13, 2, bold=True)
    parts = [
        el(
            "rect",
            width=CARD_WIDTH,
            height=CARD_HEIGHT,
            rx="8",
            fill="#ffffff",
            stroke=edge,
            stroke_width="3" if box.bottleneck else "1.4",
            stroke_dasharray=None if box.owner else "6 4",
        ),
        _icon(box),
        join(text(37, y, row, 12, fill=FAINT_INK) for y, row in zip(levels, slot_rows, strict=False)),
        join(text(9, 46 + 15 * place, row, 13, font_weight="600") for place, row in enumerate(rows)),
        _badge(box),
        _load(box),
        _flags(box),
    ]
    hint = f"{box.slot_title}: {box.title}" + (f" ({box.annotation})" if box.annotation else "")
    return el("g", el("title", esc(hint)), *parts, transform=f"translate({num(left)} {num(top)})")


def _icon(box: Box) -> str:
    found = icon(box.icon)
    if found is not None:
        return el("use", href=f"#{found.symbol}", x="8", y="8", width="24", height="24")
    letter = box.slot_title[:1].upper() or "?"
    return el("rect", x="8", y="8", width="24", height="24", rx="5", fill="#e6e1d3") + text(
        20, 25, letter, 14, text_anchor="middle", font_weight="700", fill=FAINT_INK
    )


def _badge(box: Box) -> str:
    words = shorten(box.owner, CARD_WIDTH - 34, 12) if box.owner else "nobody"
    wide = text_width(words, 12) + 16
    looks = (
        {"fill": "#e8f3ee", "stroke": GREEN}
        if box.owner
        else {"fill": "#fff4ee", "stroke": VERMILION, "stroke_dasharray": "4 3"}
    )
    return el("rect", x=9.0, y=66.5, width=wide, height=18.0, rx="9", stroke_width="1", **looks) + text(
        17, 79.8, words, 12
    )


def _load(box: Box) -> str:
    """A bar at the foot of the card and the busy share in figures; a label where no load is known."""
    base = CARD_HEIGHT - 6.0
    if box.load is None:
        return ""
    share = min(max(box.load, 0.0), 1.0)
    shown = "overloaded" if box.load > 1 else f"{box.load * 100:.0f} % busy" if box.load >= 0.01 else "under 1 % busy"
    width = CARD_WIDTH - 24.0 - text_width(shown, 12)
    colour = VERMILION if box.bottleneck else BLUE
    return (
        el("rect", x=9.0, y=base - 7, width=width, height=5.0, rx="2.5", fill="#e6e1d3")
        + el("rect", x=9.0, y=base - 7, width=max(width * share, 2.0), height=5.0, rx="2.5", fill=colour)
        + text(CARD_WIDTH - 9, base, shown, 12, text_anchor="end")
    )


def _flags(box: Box) -> str:
    """Labels on the upper edge of the card: what is worst about it, and how many there are of it."""
    rows, words, fill, ink = [], "", VERMILION, "#ffffff"
    if box.bottleneck:
        words = "▲ bottleneck"
    elif box.exotic:
        words, fill, ink = "! unusual", ORANGE, INK
    if words:
        wide = text_width(words, 12, bold=True) + 12
        rows.append(el("rect", x=9.0, y=-13.0, width=wide, height=19.0, rx="4", fill=fill))
        rows.append(text(9 + wide / 2, 1, words, 12, font_weight="700", fill=ink, text_anchor="middle"))
    if box.replicas > 1:
        times = f"×{box.replicas}"
        wide = text_width(times, 12, bold=True) + 14
        rows.append(el("rect", x=CARD_WIDTH - wide + 5, y=-11.0, width=wide, height=19.0, rx="9.5", fill=INK))
        rows.append(
            text(
                CARD_WIDTH + 5 - wide / 2,
                3,
                times,
                12,
                font_weight="700",
                fill="#ffffff",
                text_anchor="middle",
            )
        )
    return join(rows)
