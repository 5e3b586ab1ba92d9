"""The same answer under every rubric: what is earned, lost and not asked, percentages, caps and whose numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from casebook.answer import Answer
from casebook.checks import Report, grade, load_rubric, rubric_ids, side_by_side
from casebook.checks import rubric as rubric_module
from casebook.checks.rubric import book, forget
from casebook.cli import main
from casebook.facts import fact
from casebook.show.rubrics import panel_html, rubrics_panel
from tests.checks.mutations import ANSWERS, CASE, strong

ORDER = ("stability", "scale", "startups", "general", "midjourney")


def test_there_are_five_rubrics_and_a_case_has_one_of_its_own() -> None:
    assert rubric_ids() == ORDER
    found = side_by_side(strong())
    assert [column.own for column in found.columns] == [True, False, False, False, False]
    assert found == Report.side_by_side(strong())


def test_states_follow_from_the_findings_and_own_checks_are_asked_at_home_only() -> None:
    found = side_by_side(replace(strong(), tradeoff=None))
    at = {row.check: dict(zip(ORDER, row.states, strict=True)) for row in found.rows}
    assert at["U14"] == dict.fromkeys(ORDER, "lost")
    assert at["U1"] == dict.fromkeys(ORDER, "earned")
    assert at["STB-1.flow"] == {"stability": "earned"} | dict.fromkeys(ORDER[1:], "not asked here")
    assert at["SCL.priced"]["scale"] == "earned"
    assert at["SCL.priced"]["stability"] == "not asked here"
    for column in found.columns:
        asked = [row.check for row in found.rows if column.state(row.check) != "not asked here"]
        assert len(asked) == len(column.report.findings)


def test_percent_is_over_what_was_asked() -> None:
    for column in side_by_side(strong()).columns:
        assert column.report.possible == pytest.approx(sum(f.possible for f in column.report.findings))
        assert column.percent == pytest.approx(100 * column.report.score / column.report.possible)
    scale = load_rubric("scale", CASE)
    assert scale.points == 96
    assert scale.weight == 100
    assert list(scale.not_asked) == ["U17"]


def test_less_than_half_asked_gives_findings_and_no_percentage(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rubric_module.absent

    def few(check_id: str, data: Any) -> str:
        return real(check_id, data) or ("" if check_id in ("U1", "U2", "U14") else "not here")

    monkeypatch.setattr(rubric_module, "absent", few)
    load_rubric.cache_clear()
    try:
        found = side_by_side(strong())
    finally:
        load_rubric.cache_clear()
    scale = next(column for column in found.columns if column.rubric == "scale")
    assert scale.asked_share == pytest.approx(0.30)
    assert scale.percent is None
    assert {finding.id for finding in scale.report.findings} == {"U1", "U2", "U14"}
    assert "findings only" in panel_html(found)


def test_an_unpriced_part_is_no_hire_at_one_company_and_a_lost_point_elsewhere() -> None:
    answer = strong()
    notes = (replace(answer.notes[0], estimate_usd_month=None), *answer.notes[1:])
    columns = {column.rubric: column for column in side_by_side(replace(answer, notes=notes)).columns}
    assert columns["scale"].percent == 0
    assert columns["scale"].report.caps[0].verdict == "no hire"
    assert columns["scale"].report.caps[0].label == "ours"
    assert columns["stability"].percent is not None
    assert columns["stability"].percent > 95


def test_no_loop_and_no_alternative_are_rejected_by_start_ups() -> None:
    for changed in ({"cadence": None}, {"tradeoff": None}):
        report = grade(replace(strong(), **changed), "startups")
        assert report.percent <= 60
        assert {cap.verdict for cap in report.caps} == {"rejected"}


def test_impact_without_feasibility_and_a_diagram_without_hypothesis_are_held_at_half() -> None:
    answer = strong()
    parts = tuple(replace(note, impact="p99 latency -20 ms", effort_weeks=None) for note in answer.notes)
    assert [cap.id for cap in grade(replace(answer, notes=parts), "midjourney").caps] == ["impact-and-feasibility"]
    whole = tuple(replace(note, impact="p99 latency -20 ms") for note in answer.notes)
    assert not grade(replace(answer, notes=whole), "midjourney").caps
    assert "diagram-first" in [
        cap.id for cap in grade(replace(answer, notes=whole, hypothesis=None), "midjourney").caps
    ]


def test_levels_are_the_articles_words() -> None:
    levels = {level.id: level.verdict for level in grade(strong(), "scale").levels}
    assert levels == {"sizing": "strongly recommended"}
    static = replace(strong(), sizing=strong().sizing[:1])
    assert {level.verdict for level in grade(static, "scale").levels} == {"borderline"}
    assert not grade(Answer(CASE), "scale").levels


def test_weights_that_an_article_states_are_those_of_the_facts() -> None:
    for data in book().rubrics:
        for part in (*data.dimensions, *data.caps):
            if not part.fact:
                continue
            stated = fact(part.fact)
            if stated.value is not None and stated.unit == "percent":
                number = part.points if part in data.dimensions else part.percent  # type: ignore[union-attr]
                assert float(number) == stated.value, (data.id, part.id)


def test_what_is_ours_says_so_on_the_scorecard_itself() -> None:
    panel = rubrics_panel(strong())
    for text in (panel.html, panel.text):
        assert text.count("ours") >= 5
    assert "<script" not in panel.html
    assert panel._repr_mimebundle_()["text/plain"] == panel.text
    blank = rubrics_panel(Answer(CASE))
    assert "not answered" in blank.text


def test_score_prints_all_rubrics(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    file = str(ANSWERS / f"{CASE}.strong.json")
    page = tmp_path / "all.html"
    assert main(["score", file, "--rubric", "all", "--html", str(page)]) == 0
    told = capsys.readouterr().out
    assert "Start-ups" in told
    assert "earned" in told
    assert "data-panel='rubrics'" in page.read_text(encoding="utf-8")
    assert main(["score", file, "--rubric", "all", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [item["rubric"] for item in data["rubrics"]] == list(ORDER)
    assert main(["score", file, "--rubric", "alll"]) == 1


def test_forgetting_reads_the_file_again() -> None:
    before = book()
    forget()
    assert book() == before
