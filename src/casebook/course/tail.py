"""A hundred uploads drawn as dots: the smallest example of why the mean says little and the tail says much."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from casebook.course.workbook_page import Page, page, para

SERVICE_MS = 20.0
LOADS = (0.3, 0.5, 0.7, 0.8, 0.9)
REQUESTS = 60_000
WIDTH, HEIGHT, LEFT, RIGHT = 760, 150, 20, 34
SCALE_MS = 1000.0


@lru_cache(maxsize=16)
def waiting_ms(busy: float) -> tuple[float, ...]:
    """The 1st to 100th percentile (ms) of the time in one machine that is ``busy`` (share) of the time."""
    import numpy as np

    from casebook.engine import Architecture, Component, Exponential, Poisson, Workload, simulate

    machine = Architecture([Component("machine", servers=1, service=Exponential(mean_ms=SERVICE_MS))], [])
    run = simulate(machine, Workload(arrivals=Poisson(rate_per_s=busy * 1000.0 / SERVICE_MS)), REQUESTS, 0)
    return tuple(
        float(value) for value in np.quantile(run.sojourn_ms, [(k - 0.5) / 100 for k in range(1, 101)])
    )


def tail_page(busy: float) -> Page:
    """The picture and its words for one load."""
    times = waiting_ms(busy)
    mean = sum(times) / len(times)
    p50, p95, p99 = times[49], times[94], times[98]
    words = (
        f"The machine is busy {busy:.0%} of the time. Half of the pictures are through after {p50:.0f} ms; the "
        f"mean is {mean:.0f} ms. But 5 in 100 take longer than {p95:.0f} ms (the p95), and 1 in 100 longer than "
        f"{p99:.0f} ms (the p99)."
    )
    return page(
        "One machine, a hundred pictures",
        _block(times, (("half", p50), ("p95", p95), ("p99", p99))),
        para(words),
    )


def _block(times: tuple[float, ...], marks: tuple[tuple[str, float], ...]) -> Any:
    from casebook.course.workbook_page import Block

    return Block(picture(times, marks), "")


def picture(times: tuple[float, ...], marks: tuple[tuple[str, float], ...]) -> str:
    """SVG: one dot a picture, stacked where they took about as long; dashed lines at the marks."""
    inner = WIDTH - LEFT - RIGHT
    base = HEIGHT - 30
    heights: dict[int, int] = {}
    dots = []
    for time in times:
        column = round(min(time, SCALE_MS) / SCALE_MS * inner / 9)
        level = heights[column] = heights.get(column, 0) + 1
        beyond = time > SCALE_MS
        dots.append(
            f'<circle cx="{LEFT + column * 9:.0f}" cy="{base - 5 - (level - 1) * 4.2:.1f}" r="3.4" '
            f'fill="{"#D55E00" if beyond or time >= marks[-1][1] else "#0072B2"}" fill-opacity="0.75"/>'
        )
    lines = []
    for place, (name, value) in enumerate(marks):
        x = LEFT + min(value, SCALE_MS) / SCALE_MS * inner
        y = 14 + 15 * place
        end = ' text-anchor="end"' if x > WIDTH - 150 else ""
        at = x - 4 if end else x + 4
        lines.append(
            f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{y - 10}" y2="{base}" stroke="#56636e" '
            f'stroke-dasharray="4 3"/><text x="{at:.0f}" y="{y}" font-size="12" fill="#1f2a33"{end}>'
            f"{name} {value:.0f} ms</text>"
        )
    ticks = "".join(
        f'<text x="{LEFT + t / SCALE_MS * inner:.0f}" y="{HEIGHT - 10}" font-size="12" fill="#56636e" '
        f'text-anchor="middle">{t} ms</text>'
        for t in (0, 200, 400, 600, 800, 1000)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" aria-label="A hundred pictures by the time '
        f'they took" style="max-width:100%;height:auto;background:#fffdf8;border-radius:6px">'
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}" stroke="#999"/>{"".join(dots)}'
        f"{''.join(lines)}{ticks}</svg>"
    )


class TailDemo:
    """The picture with a slider above it; without a live page, the picture at 80 % load."""

    def __init__(self) -> None:
        import ipywidgets as widgets

        self.slider = widgets.SelectionSlider(
            options=[(f"{load:.0%}", load) for load in LOADS],
            value=0.8,
            description="busy",
            continuous_update=True,
        )
        self._picture = widgets.HTML(_html(tail_page(0.8)))
        self.slider.observe(self._moved, names="value")
        self._root = widgets.VBox([self.slider, self._picture])

    def _moved(self, change: Any) -> None:
        self._picture.value = _html(tail_page(change["new"]))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = dict(self._root._repr_mimebundle_() or {})
        still = tail_page(self.slider.value)
        bundle["text/html"] = _html(still)
        bundle["text/plain"] = repr(still)
        return bundle


def _html(shown: Page) -> str:
    return shown._repr_mimebundle_()["text/html"]
