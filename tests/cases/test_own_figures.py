"""A number is shown once: not a second time as points beside per cent, or as seconds beside milliseconds."""

from __future__ import annotations

from collections import Counter

import pytest

from casebook.course.workbook_outcome import own_figures as in_workbook
from casebook.design import cases, evaluate, load_case
from casebook.show.own_figures import own_figures as on_board
from casebook.show.own_figures import retold


@pytest.mark.parametrize("case_id", cases())
def test_no_share_stands_a_second_time_in_points(case_id: str) -> None:
    case = load_case(case_id)
    ev = evaluate(case.reference, requests=2_000)
    for rows in (on_board(ev, None), in_workbook(ev)):
        titles = [row[0] for row in rows]
        assert not [title for title in titles if title.endswith(("in points", "in percent", "in seconds"))]
        assert max(Counter(titles).values(), default=1) == 1
    twice = {figure.title for figure in case.data.figures if figure.id in retold(case.data)}
    assert not twice & {row[0] for row in in_workbook(ev)}


def test_what_an_interviewer_asks_for_is_shown_in_the_unit_that_was_asked() -> None:
    case = load_case("general-support-agent")
    assert retold(case.data) == {"finished_points"}
    asked = in_workbook(evaluate(case.reference, requests=2_000), "quality.finished_points")
    assert [title for title, _ in asked] == ["Finished, in points"]


def test_a_figure_that_is_more_than_another_in_other_units_stays() -> None:
    assert "agree_points" not in retold(load_case("general-evaluation").data)
    assert "preview_s" in retold(load_case("midjourney-remix").data)
