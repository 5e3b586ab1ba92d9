"""The tornado and the front as pictures: they draw the data, and say where there is no end to draw."""

from __future__ import annotations

import pytest

from casebook.design import Case
from casebook.search import Found, knob_tornado
from casebook.show.front import front_figure
from casebook.show.tornado import tornado_figure


def test_the_widest_bar_is_on_top_and_ends_where_the_data_ends(case: Case) -> None:
    data = knob_tornado(case.reference, "launch", requests=5_000)
    picture = tornado_figure(data, "cost")
    first = data.by_cost()[0]
    for trace, end in zip(picture.data, first.cost_usd_month, strict=True):
        assert trace.y[0] == first.title
        assert trace.base + trace.x[0] == pytest.approx(end)
    assert picture.layout.yaxis.autorange == "reversed"
    assert "max_batch" not in {bar.name for bar in data.bars if bar.title in picture.data[0].y}


def test_a_setting_that_cannot_keep_up_says_so(case: Case) -> None:
    tight = case.reference.changed(serving="cpu-fleet", replicas=6)
    data = knob_tornado(tight, "viral", requests=5_000, share=0.2)
    texts = [text for trace in tornado_figure(data).data for text in trace.text]
    assert "cannot keep up" in texts
    with pytest.raises(ValueError, match="'tail' or 'cost'"):
        tornado_figure(data, "speed")


def test_the_front_s_picture_holds_every_design_that_keeps_up_and_the_learner(case: Case, found: Found) -> None:
    front = found.front
    assert front is not None and found.best is not None
    picture = front_figure(front, 200.0, found.best.design)
    by_name = {trace.name: trace for trace in picture.data}
    assert len(by_name["beaten"].x) + len(by_name["nothing beats it"].x) == sum(p.stable for p in front.points)
    assert by_name["yours"].x[0] == front.points[front.learner].cost_usd_month
    assert by_name["cheapest that meets all"].x[0] == pytest.approx(found.best.cost_usd_month)
    assert set(by_name["promise: 200 ms"].y) == {200.0}
    assert not picture.layout.annotations  # on a logarithmic axis a label at 200 would stand at 10 to the 200
