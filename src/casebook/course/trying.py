"""For the first notebook: what the workbook understood of a line, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.course.workbook_page import Page, page, points_list

if TYPE_CHECKING:
    from casebook.answer import Metric


def understood(metric: Metric) -> Page:
    """What a metric's short form says, part by part, and what it leaves open."""
    if metric.parsed is None:
        return page("A blank line: not answered", mood="quiet")
    target = metric.parsed
    window = f"{metric.window_days:g} days" if metric.window_days is not None else ""
    rows = [
        ("what is measured", target.name),
        ("which percentile", f"p{metric.quantile * 100:g}" if metric.quantile is not None else ""),
        ("from where to where", metric.span),
        (
            "direction",
            {"below": "stay below", "above": "stay above", "down": "fall by", "up": "rise by", "equal": "be"}[
                metric.direction
            ],
        ),
        ("how much", str(target.quantity)),
        ("over what time", window),
    ]
    return page(
        "Understood",
        points_list(("✓" if value else "→", f"{name}: {value or 'not said'}", "") for name, value in rows),
        mood="good" if metric.window_days else "mend",
    )
