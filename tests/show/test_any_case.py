"""The board of a case that is not the first one: its own words, and an overflow that is drawn."""

from __future__ import annotations

from casebook.design import evaluate
from casebook.show.headline import amount, binding_line, headline
from casebook.show.series import latency_series
from casebook.show.sketching import architecture_svg
from casebook.show.stills import board_html, latency_limit
from tests.design.tiny_case import loaded, tiny


def test_a_made_up_case_gets_a_board_in_its_own_words() -> None:
    with loaded(tiny()) as case:
        ev = evaluate(case.reference, "calm", requests=2_000)
        page = board_html(ev)
        assert "How long a reply takes" in page and "verdict takes" not in page
        assert "Cost of one question against volume" in page
        assert latency_limit(ev) == (900.0, "target 900 ms")
        assert "Time to a reply for one question" in latency_series(ev, *latency_limit(ev), "question").words()
        assert headline(ev).count('role="listitem"') == 4
        assert "Bottleneck" in binding_line(ev)


def test_an_overflow_is_drawn_and_told() -> None:
    with loaded(tiny()) as case:
        picture = architecture_svg(case.reference.changed(large="full", lane="slow"))
        assert "hands what it cannot take to Slow" in picture
        assert "overflow" not in architecture_svg(case.reference)


def test_amounts_in_any_unit() -> None:
    assert amount(12_345.0, "usd a month") == "$12,345 a month"
    assert amount(0.953, "share") == "95.3 %"
    assert amount(2_000.0, "creators") == "2,000 creators"
    assert [amount(weeks, "weeks") for weeks in (6.5, 1.0)] == ["6.5 weeks", "1 week"]
    assert [amount(3.0, "questions/day"), amount(1.0, "ms"), amount(-2.9, "percent"), amount(0.0, "hours")] == [
        "3 questions a day", "1.00 ms", "−2.90 %", "0 h"]
