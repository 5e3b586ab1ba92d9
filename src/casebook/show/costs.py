"""The bill of a design as the figures show it: by component, and per request at other volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from casebook.show.series import BillSeries, CostLine, VolumeSeries

if TYPE_CHECKING:
    from casebook.design import Evaluation

_POINTS = 41


def bill_series(ev: Evaluation) -> BillSeries:
    """The bill's lines in the order of the palette, the price of being wrong last."""
    titles = {slot.id: slot.title for slot in ev.design.data.slots} | {"mistakes": "Being wrong"}
    lines = tuple(CostLine(key, titles.get(key, key), usd) for key, usd in ev.cost_lines.items())
    return BillSeries(lines, ev.cost_usd_month)


def volume_series(ev: Evaluation) -> VolumeSeries:
    """Cost per request from half the smallest scenario's volume to twice the largest, the design unchanged."""
    data = ev.design.data
    volumes = {item.id: float(item.requests_day) for item in data.scenarios}
    grid = np.geomspace(min(volumes.values()) / 2, max(volumes.values()) * 2, _POINTS)
    usd = np.array([ev.bill_at(float(volume)).usd_per_request for volume in grid])
    marks = tuple(
        (item.title, volumes[item.id], ev.bill_at(volumes[item.id]).usd_per_request)
        for item in data.scenarios
    )
    target = next((one for one in data.targets if one.metric == "cost_usd_per_request"), None)
    limit = None if target is None else dict(ev.conditions.targets).get(target.id, float(target.limit))
    return VolumeSeries(
        grid, usd, marks, (volumes[ev.scenario], ev.cost_usd_per_request), limit, data.unit.request, data.unit.requests
    )
