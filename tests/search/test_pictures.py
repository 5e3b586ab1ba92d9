"""The tornado and the front as pictures: they draw the data, and say where there is no end to draw."""

from __future__ import annotations

import re

import pytest

from casebook.design import Case
from casebook.search import Found, knob_tornado
from casebook.show.front import front_picture, words
from casebook.show.series import money
from casebook.show.svg import esc
from casebook.show.tornado import moving, tornado_picture


def test_the_widest_bar_is_on_top_and_ends_where_the_data_ends(case: Case) -> None:
    data = knob_tornado(case.reference, "launch", requests=5_000)
    first = data.by_cost()[0]
    assert moving(data, "cost")[0] == first
    picture = tornado_picture(data, "cost")
    assert picture.index(first.title) < picture.index(data.by_cost()[1].title)
    for end in first.cost_usd_month:
        assert f": {money(end)}</title>" in picture
    assert "Largest batch" not in picture  # it moves nothing here


def test_lengths_are_in_proportion_and_go_the_right_way(case: Case) -> None:
    data = knob_tornado(case.reference, "launch", requests=5_000)
    bar = next(one for one in data.bars if one.name == "review_staff")
    lengths = {}
    for x, width, title in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*><title>([^<]+)</title>',
                                      tornado_picture(data, "cost")):
        if title.startswith(bar.title):
            lengths[float(title.split(" at ")[1].split()[0])] = (float(x), float(width))
    (low_x, low_width), (high_x, high_width) = lengths[bar.low], lengths[bar.high]
    assert low_x + low_width == pytest.approx(high_x, abs=0.02)
    down, up = data.cost_usd_month - bar.cost_usd_month[0], bar.cost_usd_month[1] - data.cost_usd_month
    assert low_width / high_width == pytest.approx(down / up, rel=0.01)


def test_a_setting_that_cannot_keep_up_says_so(case: Case) -> None:
    tight = case.reference.changed(serving="cpu-fleet", replicas=6)
    data = knob_tornado(tight, "viral", requests=5_000, share=0.2)
    picture = tornado_picture(data)
    assert "cannot keep up" in picture and "too slow" in picture
    with pytest.raises(ValueError, match="'tail' or 'cost'"):
        tornado_picture(data, "speed")


def test_the_still_front_names_the_learner_s_design_and_every_point(case: Case, found: Found) -> None:
    front = found.front
    assert front is not None and front.learner is not None and found.best is not None
    picture = front_picture(front, 200.0, found.best.design)
    assert picture.count("<polygon") == 2  # the star, and the star of the key
    assert "target 200 ms" in picture and "cheapest that meets all" in picture
    for i, point in enumerate(front.points):
        if point.stable:
            assert esc(words(front, i)) in picture
    bounds = [i for i, point in enumerate(front.points) if point.at_least]
    assert all("at least" in words(front, i) for i in bounds)
