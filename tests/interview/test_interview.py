"""A mock interview: the same seed draws the same, silence until the end, the order judged, interruptions in time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from casebook.answer import Answer, Hypothesis, Metric, Prediction
from casebook.cli import main
from casebook.course.interview import NoInterview, draw, open_interview, write_report
from casebook.course.interview_result import judged_order, result
from casebook.facts import case_ids, interviews, load_case_data
from casebook.facts.interview import STEPS

ROOT = Path(__file__).resolve().parents[2]
CASE = "stability-moderation"
STRONG = ROOT / "tests" / "answers" / f"{CASE}.strong.json"
GOOD = ["ask", "frame", "predict", "design", "estimate", "tradeoff", "sizing", "rollout", "pushbacks", "close"]


def stability(**given):
    return open_interview(45, 1, "STB", CASE, **given)


def test_the_same_seed_draws_the_same_and_in_time_everything_is_drawn() -> None:
    drawn = [draw(seed) for seed in range(400)]
    assert drawn == [draw(seed) for seed in range(400)]
    articles = {case_id: load_case_data(case_id).article for case_id in case_ids()}
    there = {(kind.id, case_id) for kind in interviews() for case_id in articles if articles[case_id] == kind.article}
    assert {(item.kind.id, item.case_id) for item in drawn} == there


@pytest.mark.parametrize("minutes", [25, 45, 60])
def test_every_length_has_an_interview_whose_blocks_fill_it(minutes: int) -> None:
    kind = draw(0, minutes).kind
    assert sum(float(block.minutes) for block in kind.blocks) == minutes


def test_a_case_goes_with_its_own_company_where_it_has_one() -> None:
    for seed in range(20):
        drawn = draw(seed, article="STB")
        assert load_case_data(drawn.case_id).article == "STB"


@pytest.mark.parametrize("given", [{"minutes": 30}, {"article": "XYZ"}, {"case_id": "nothing"}])
def test_what_is_not_there_is_said_with_what_there_is(given) -> None:
    with pytest.raises(NoInterview, match="There are"):
        draw(1, **given)


@pytest.mark.parametrize("kind", interviews(), ids=lambda kind: kind.id)
def test_the_good_order_keeps_every_rule_and_its_reverse_breaks_each(kind) -> None:
    assert set(GOOD) == set(STEPS)
    assert all(item.kept for item in judged_order(kind, GOOD))
    assert not any(item.kept for item in judged_order(kind, GOOD[::-1]))
    assert not any(item.kept for item in judged_order(kind, []))


def test_nothing_is_said_about_an_answer_before_the_end(capsys) -> None:
    work = stability()
    work.check(hypothesis=Hypothesis(persona="everyone"), metrics=[Metric("latency < 200 ms")])
    told = capsys.readouterr().out
    assert "Written down: hypothesis, metrics. That was your step 1: frame." in told
    assert "to mend" not in told and "→" not in told


def test_a_blank_step_is_not_a_step() -> None:
    work = stability()
    work.check(hypothesis=None)
    work.lock(None)
    work.ask([])
    assert work.order == []
    work.lock(Prediction("100 ms"))
    assert work.order == ["predict"]


def test_the_interviewer_interrupts_once_at_each_moment(capsys) -> None:
    work = stability(answer_path=STRONG)
    assert work.due() == ()
    work.interrupt()
    assert "after your design" in capsys.readouterr().out
    strong = Answer.from_json(STRONG.read_text())
    work.check(design=strong.design)
    assert len(work.due()) == 1
    work.interrupt()
    first = load_case_data(CASE).pushbacks[0]
    assert first.title in capsys.readouterr().out
    assert work.due() == () and work.interrupted == [first.id]


def test_the_strong_answer_in_a_good_order_has_nothing_to_mend(tmp_path: Path) -> None:
    kind = draw(1, 45, "STB", CASE).kind
    strong = Answer.from_json(STRONG.read_text())
    whole = result(kind, strong, GOOD, 1)
    assert whole.percent >= 95 and all(item.kept for item in whole.order)
    worse = result(kind, strong, GOOD[::-1], 1)
    assert worse.percent == whole.percent and not any(item.kept for item in worse.order)
    blank = result(kind, Answer.from_names(CASE, {}), [], 1)
    assert not blank.answered and blank.earned == 0
    report = write_report(whole, tmp_path / "report.html")
    again = write_report(blank, tmp_path / "report.html")
    assert (report.name, again.name) == ("report.html", "report-2.html")


def test_audits_are_a_workbooks_question_and_not_an_interviewers() -> None:
    kind = draw(1, 45, "STB", CASE).kind
    strong = Answer.from_json(STRONG.read_text())
    from dataclasses import replace

    without = replace(strong, audits=())
    assert result(kind, without, GOOD, 1).percent == result(kind, strong, GOOD, 1).percent


def test_what_a_learner_wrote_cannot_become_markup(tmp_path: Path) -> None:
    kind = draw(1, 45, "STB", CASE).kind
    answer = Answer.from_names(CASE, {"hypothesis": Hypothesis(persona="<script>alert(1)</script>", decision="x",
                                      metric="<img onerror=1>", baseline="1 %", target="0.5 %")})  # fmt: skip
    html = write_report(result(kind, answer, ["frame"], 1), tmp_path / "r.html").read_text()
    assert "<script" not in html and "<img" not in html and "&lt;script" in html


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "07-mock-interview.ipynb", tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_prepares_a_notebook_once_and_reports_on_what_was_written(course: Path, capsys) -> None:
    assert main(["mock", "--seed", "5", "--article", "STB", "--case", CASE]) == 0
    assert main(["mock", "--seed", "5"]) == 1
    assert "left alone" in capsys.readouterr().err
    path = course / "my-work" / "mock-45-5.ipynb"
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    framed = "for artists, decide what is published: toxic uploads from 1 % of uploads to 0.7 % of uploads"
    written = {
        "answer-frame": f'hypothesis = Hypothesis("{framed}")\nwork.check(hypothesis=hypothesis)',
        "answer-close": 'close = Close(goal="Toxic uploads fall by 30 %.")\nwork.check(close=close)',
    }
    for count, (cell_id, source) in enumerate(written.items(), 1):
        cell = next(cell for cell in book.cells if cell.id == cell_id)
        cell.source, cell.execution_count = source, count
    nbformat.write(book, path)
    assert main(["mock", "--report", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["answered"] and {"said": "frame before design", "kept": True} in told["order"]
    assert "Toxic uploads fall by 30 %." in Path(told["report"]).read_text()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', '{"cells": []}', "[" * 9000])
def test_a_file_that_is_no_interview_is_bad_input(course: Path, content: str, capsys) -> None:
    (course / "x.ipynb").write_text(content)
    assert main(["mock", "--report", "x.ipynb"]) == 1
    assert capsys.readouterr().err.startswith("casebook mock:")
