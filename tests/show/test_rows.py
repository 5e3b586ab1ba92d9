"""Every case's picture fits its room, whole, and words of a plot do not cover one another."""

from __future__ import annotations

import re

import pytest

import casebook
from casebook.design import cases
from casebook.show.labels import rows_above, sides_of_points
from casebook.show.picture import draw
from casebook.show.rows import ROOM_PX, arrange
from casebook.show.series import axis_ticks, plain, unit_price
from casebook.show.sketching import sketch


@pytest.mark.parametrize("case_id", cases())
def test_a_picture_fits_with_all_its_boxes_arrows_and_words(case_id: str) -> None:
    case = casebook.load_case(case_id)
    for preset in case.data.presets:
        shown = sketch(case.preset(preset.id))
        for room in (ROOM_PX, 360.0):
            made = arrange(shown, room)
            assert made.width <= room * 1.06, preset.id
            assert made.centres.keys() == {box.slot for box in shown.boxes}
            spots = list(made.centres.values())
            assert all(abs(x1 - x2) >= 152 or abs(y1 - y2) >= 104
                       for place, (x1, y1) in enumerate(spots) for x2, y2 in spots[:place])
            svg = draw(shown, width_px=room)
            assert svg.count("marker-end") == len(shown.arrows)
            assert "…" not in re.sub(r"<(desc|title)[^>]*>.*?</\1>", "", svg), preset.id


def test_two_pictures_in_one_page_share_no_arrow_head() -> None:
    shown = sketch(casebook.load_case(cases()[0]).reference)
    ids = [set(re.findall(r'id="(cb-arch-[^"]+)"', draw(shown, scope=name))) for name in ("board", "board2")]
    assert ids[0] and not ids[0] & ids[1]


def test_words_over_a_line_step_aside_and_lean_inwards() -> None:
    spots = rows_above(("p50", "p95", "p99", "target 250 ms"), (100.0, 108.0, 300.0, 2.0), 400.0)
    assert [(spot.row, spot.side) for spot in spots] == [(1, "left"), (0, "right"), (0, "center"), (0, "right")]
    same = rows_above(("p99", "kept p99"), (200.0, 200.0), 400.0)
    assert {(spot.row, spot.side) for spot in same} == {(0, "left"), (0, "right")}


def test_words_at_one_point_take_different_sides() -> None:
    points = ((200.0, 60.0), (203.0, 60.0))
    one, other = sides_of_points(("A million users", "A storm warning"), points, (400.0, 120.0))
    assert one != other


def test_small_prices_are_told_in_figures_and_axes_have_ticks() -> None:
    assert [unit_price(usd) for usd in (12.5, 0.0164, 0.0000312)] == ["$12.50", "$0.0164", "$0.0000312"]
    assert plain(0.00005) == "0.00005"
    for low, high in ((1000.0, 10_000.0), (2000.0, 5000.0), (1.0, 1e6)):
        assert len(axis_ticks(low, high)) >= 3
