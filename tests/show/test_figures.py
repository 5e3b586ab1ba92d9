"""Series, live figures and still pictures: the same numbers in each, never colour alone, words beside them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import casebook
from casebook.design import Evaluation, evaluate
from casebook.show.colours import FILLS
from casebook.show.costs import bill_series, volume_series
from casebook.show.headline import amount, binding_line, headline, limit
from casebook.show.legend import bill_legend
from casebook.show.plots import bill_picture, latency_picture, volume_picture
from casebook.show.series import duration, latency_series, money, tick


@pytest.fixture(scope="module")
def case() -> casebook.public.Case:
    return casebook.load_case("stability-moderation")


@pytest.fixture(scope="module")
def ev(case: casebook.public.Case) -> Evaluation:
    return evaluate(case.reference, "launch", requests=20_000)


@pytest.fixture(scope="module")
def swamped(case: casebook.public.Case) -> Evaluation:
    design = case.reference.changed(serving="cpu-fleet", replicas=1)
    return evaluate(design, "viral", requests=5_000)


def test_words_for_times_and_money() -> None:
    assert [duration(ms) for ms in (0.5, 42.0, 999.0, 1500.0, 210_000.0, 7.6e6, 3e8)] == [
        "0.500 ms", "42.0 ms", "999 ms", "1.50 s", "3.50 min", "2.11 h", "3.47 days"]
    assert [tick(ms) for ms in (1.0, 10.0, 1000.0)] == ["1 ms", "10 ms", "1 s"]
    assert [money(42_717.3), money(3.2), money(0.0162, 4)] == ["$42,717", "$3.20", "$0.0162"]
    assert [amount(float("nan"), "ms"), amount(float("inf"), "hours"), amount(0.05, "share")] == [
        "–", "never ends", "5.00 %"]


def test_latency_series_agrees_with_the_evaluation(ev: Evaluation) -> None:
    series = latency_series(ev, 200.0, "target 200 ms", "upload")
    assert [mark.label for mark in series.marks] == ["p50", "p95", "p99"]
    for mark, quantile in zip(series.marks, (0.5, 0.95, 0.99), strict=True):
        assert mark.value_ms == ev.latency_ms(quantile)
        assert mark.low_ms <= mark.value_ms <= mark.high_ms
        assert series.low_ms <= mark.value_ms <= series.high_ms
    assert series.height.max() == 1.0
    fullest = series.x_ms[int(np.argmax(series.height))]
    assert ev.latency_ms(0.02) < fullest < ev.latency_ms(0.95)
    assert "p99" in series.words()
    assert "200 ms" in series.words()


def test_an_unstable_design_has_no_percentile(swamped: Evaluation) -> None:
    assert not swamped.stable
    series = latency_series(swamped, 200.0, "target", "upload")
    assert series.marks == ()
    assert "never stops growing" in series.words()
    assert "not stable" in latency_picture(series)
    tiles = headline(swamped)
    assert "not stable" in tiles
    assert "more work than it can do" in binding_line(swamped)


def test_the_bill_adds_up_and_every_part_has_its_own_look(ev: Evaluation) -> None:
    series = bill_series(ev)
    assert sum(line.usd_month for line in series.lines) == pytest.approx(ev.cost_usd_month)
    assert len({(look.colour, look.pattern) for look in FILLS}) == len(FILLS)
    assert len({look.pattern for look in FILLS}) == len(FILLS)
    assert len(series.lines) <= len(FILLS)
    legend = bill_legend(series)
    assert all(line.title in legend for line in series.lines if line.usd_month > 0)


def test_cost_against_volume_meets_the_evaluation_where_it_stands(ev: Evaluation) -> None:
    series = volume_series(ev)
    here = {title: usd for title, _, usd in series.marks}
    assert here["Launch"] == pytest.approx(ev.cost_usd_per_request)
    assert series.usd_per_request[0] > series.usd_per_request[-1]
    other = evaluate(ev.design, "pilot", requests=2_000)
    assert here["Pilot"] == pytest.approx(other.cost_usd_per_request)


def test_still_pictures_are_whole_and_say_what_they_show(ev: Evaluation) -> None:
    latency = latency_series(ev, 200.0, "target 200 ms", "upload")
    for picture, said in ((latency_picture(latency), latency.words()),
                          (bill_picture(bill_series(ev)), bill_series(ev).words()),
                          (volume_picture(volume_series(ev)), volume_series(ev).words())):
        root = ET.fromstring(picture)
        assert root.get("role") == "img"
        assert said in " ".join(root.itertext())
        assert all(float(node.get("font-size", "12")) >= 12 for node in root.iter())


def test_the_words_met_and_missed_come_from_the_graded_run_only(case: casebook.public.Case, ev: Evaluation) -> None:
    quick = next(verdict for verdict in ev.verdicts if verdict.target == "latency")
    assert quick.status == "quick"
    assert headline(ev).count("measuring") == 1
    assert "measuring" not in headline(evaluate(case.reference, "launch", graded=True))
    assert limit(quick) == "200 ms"


def test_live_figures_show_the_series_and_keep_still_when_nothing_changed(ev: Evaluation) -> None:
    from casebook.show.figures import LatencyFigure
    from casebook.show.money_figures import BillFigure, VolumeFigure

    series = latency_series(ev, 200.0, "target 200 ms", "upload")
    latency, bill, volume = LatencyFigure(), BillFigure(), VolumeFigure()
    latency.update(series, kept_p99_ms=150.0)
    bill.update(bill_series(ev), bill_series(ev))
    volume.update(volume_series(ev))
    labels = latency.widget.data[5]
    assert dict(zip(labels.text, labels.x, strict=True))["p99"] == ev.latency_ms(0.99)
    assert dict(zip(labels.text, labels.x, strict=True))["kept p99"] == 150.0
    assert sum(bar.x[0] for bar in bill.widget.data) == pytest.approx(ev.cost_usd_month)
    edit = bill.widget._last_trace_edit_id
    bill.update(bill_series(ev), bill_series(ev))
    assert bill.widget._last_trace_edit_id == edit
    assert volume.widget.data[2].y[0] == pytest.approx(ev.cost_usd_per_request)


def test_a_figure_of_a_knob_that_the_design_lacks_is_a_dash() -> None:
    """A design without a GPU of its own has no 'predictions that one GPU can carry'; one with GPUs has."""
    from casebook.course.workbook_outcome import own_figures as in_workbook
    from casebook.show.own_figures import own_figures as on_board

    case = casebook.load_case("scale-prediction")
    for preset, dash in (("first-idea", True), ("reference", False)):
        ev = evaluate(case.preset(preset))
        title = "Predictions a day that one GPU can carry"
        assert (dict(in_workbook(ev))[title] == "–") is dash
        assert next(row[1] == "–" for row in on_board(ev, None) if row[0] == title) is dash
