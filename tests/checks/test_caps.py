"""Deal breakers: what nobody owns, or nobody ships, cannot score above its cap; cells still add up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.answer import ComponentNote, Rollout
from casebook.checks import grade
from tests.checks.mutations import strong


def _without_owners():
    answer = strong()
    return replace(answer, notes=tuple(replace_owner(note) for note in answer.notes))


def replace_owner(note: ComponentNote) -> ComponentNote:
    return ComponentNote(slot=note.slot, because=note.because, estimate_usd_month=note.estimate_usd_month,
                         effort_weeks=note.effort_weeks)


@pytest.mark.parametrize("answer", [
    pytest.param(_without_owners(), id="no owners"),
    pytest.param(replace(strong(), rollout=None), id="no rollout"),
    pytest.param(replace(strong(), rollout=Rollout(mvp_weeks=8)), id="no stages"),
])
def test_a_deal_breaker_holds_the_score_at_its_cap(answer) -> None:
    report = grade(answer)
    assert report.score_before_caps > 60
    assert report.score == pytest.approx(60)
    assert [cap.id for cap in report.caps] == ["no-owner-or-rollout"]
    assert report.caps[0].label == "ours"
    assert sum(cell.points for cell in report.cells.values()) == pytest.approx(60)
    assert all(cell.points <= cell.points_before_caps for cell in report.cells.values())


def test_a_cap_neither_lifts_a_low_score_nor_is_shown_where_it_changes_nothing() -> None:
    answer = replace(strong(), rollout=None, notes=(), design=None, pushbacks=(), tradeoff=None, risks=())
    report = grade(answer)
    assert report.score == report.score_before_caps < 60
    assert not report.caps
