"""A small chart as SVG that reads in light and in dark: axes, lines, bands, marks and words, nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from casebook.show.svg import FONT, el, num, text

WIDTH = 760
Point = tuple[float, float]

# Blue, vermilion, green of Okabe and Ito, and lighter ones of the same hue on dark paper.
_LIGHT = {"paper": "#fffdf8", "ink": "#1f2a33", "faint": "#56636e", "rule": "#e2ded2", "one": "#0072B2",
          "two": "#C24E00", "three": "#00795A", "four": "#8A5A83"}
_DARK = {"paper": "#171c22", "ink": "#eceff1", "faint": "#aab4bd", "rule": "#333b44", "one": "#62BBEE",
         "two": "#FF9A4D", "three": "#37D0A4", "four": "#DBA0CE"}


def _rules(colours: dict[str, str]) -> str:
    made = [f".paper{{fill:{colours['paper']}}}text{{fill:{colours['ink']}}}text.faint{{fill:{colours['faint']}}}"
            f".rule{{stroke:{colours['rule']}}}.axis{{stroke:{colours['faint']}}}.edge{{stroke:{colours['ink']}}}"
            f".halo{{stroke:{colours['paper']};stroke-width:4px;paint-order:stroke;stroke-linejoin:round}}"]
    for name in ("one", "two", "three", "four"):
        made.append(f".line.{name},.dot.{name}{{stroke:{colours[name]}}}.band.{name},.dot.{name},text.{name}"
                    f"{{fill:{colours[name]}}}")
    return "".join(made)


STYLE = (f"{_rules(_LIGHT)}.dot{{stroke-width:2}}.band{{stroke:none}}"
         f"@media(prefers-color-scheme:dark){{{_rules(_DARK)}}}")


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from ``low`` to ``high``, on a logarithmic scale or not; ``ticks`` are (value, word)."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str
    log: bool = False

    def place(self, value: float) -> float:
        """0 at the low end, 1 at the high end; values beyond stay at the end."""
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        here = math.log(max(value, self.low)) if self.log else value
        return min(1.0, max(0.0, (here - low) / (high - low)))


@dataclass(slots=True)
class Panel:
    """One pair of axes on the sheet; ``rows`` collects what is drawn, in order."""

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis
    rows: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for value, word in self.y.ticks:
            _, at = self.at(self.x.low, value)
            self.rows.append(el("line", x1=self.left, x2=self.left + self.width, y1=at, y2=at, class_="rule"))
            self.rows.append(text(self.left - 8, at + 4, word, 13, text_anchor="end", class_="faint"))
        base = self.top + self.height
        self.rows.append(el("line", x1=self.left, x2=self.left + self.width, y1=base, y2=base, class_="axis"))
        for value, word in self.x.ticks:
            at, _ = self.at(value, self.y.low)
            self.rows.append(el("line", x1=at, x2=at, y1=base, y2=base + 5, class_="axis"))
            self.rows.append(text(at, base + 19, word, 13, text_anchor="middle", class_="faint"))
        self.rows.append(text(self.left, self.top - 10, self.y.title, 13, class_="faint"))
        self.rows.append(text(self.left + self.width, base + 38, self.x.title, 13, text_anchor="end", class_="faint"))

    def at(self, x: float, y: float) -> Point:
        """Coordinates on the sheet."""
        return self.left + self.width * self.x.place(x), self.top + self.height * (1.0 - self.y.place(y))

    def line(self, points: Sequence[Point], look: str, width: float = 2.6, dash: str | None = None) -> None:
        path = " ".join(",".join(num(c) for c in self.at(*point)) for point in points)
        self.rows.append(el("polyline", points=path, fill="none", class_=f"line {look}", stroke_width=width,
                            stroke_dasharray=dash, stroke_linejoin="round", stroke_linecap="round"))

    def area(self, low: Sequence[Point], high: Sequence[Point], look: str, opacity: float = 0.2) -> None:
        path = " ".join(",".join(num(c) for c in self.at(*point)) for point in [*low, *reversed(high)])
        self.rows.append(el("polygon", points=path, class_=f"band {look}", fill_opacity=opacity))

    def dot(self, x: float, y: float, look: str) -> None:
        cx, cy = self.at(x, y)
        self.rows.append(el("circle", cx=cx, cy=cy, r=5.0, class_=f"dot {look}"))

    def upright(self, x: float, look: str, bottom: float, top: float) -> None:
        """A broken line from ``bottom`` to ``top`` (values of y): where something ends."""
        (at, low), (_, high) = self.at(x, bottom), self.at(x, top)
        self.rows.append(el("line", x1=at, x2=at, y1=low, y2=high, class_=f"line {look}", stroke_width=1.5,
                            stroke_dasharray="3 4"))

    def level(self, y: float, dash: str = "6 4") -> None:
        _, at = self.at(self.x.low, y)
        self.rows.append(el("line", x1=self.left, x2=self.left + self.width, y1=at, y2=at, class_="edge",
                            stroke_width=1.2, stroke_dasharray=dash))

    def words(self, x: float, y: float, words: str | Sequence[str], look: str = "", *, dx: float = 0.0,
              dy: float = 0.0, anchor: str = "start") -> None:
        """One or more lines of words near a place, on a halo of paper, so that no line runs through them."""
        left, top = self.at(x, y)
        for row, line in enumerate([words] if isinstance(words, str) else words):
            self.rows.append(text(left + dx, top + dy + 17.0 * row, line, 14, text_anchor=anchor,
                                  class_=f"halo {look}".strip(), font_weight="600" if look else None))


def sheet(title: str, description: str, height: int, panels: Sequence[Panel]) -> str:
    """A picture on paper of its own, so that it reads on any page, and with words for who cannot see it."""
    return el(
        "svg", el("title", title, id="t"), el("desc", description, id="d"), el("style", STYLE),
        el("rect", width=WIDTH, height=height, rx="12", class_="paper"),
        text(24, 34, title, 18, font_weight="650"),
        *(row for panel in panels for row in panel.rows),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", width=WIDTH, height=height, role="img",
        aria_labelledby="t d", font_family=FONT,
    ) + "\n"
