"""The workbook without a notebook: what it keeps, what it says at once, and what it never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import casebook
from casebook.answer import Answer, AnswerError, Audit, Hypothesis, Metric, Pushback
from casebook.course import attempts
from casebook.course.attempts import Attempt, remember
from casebook.course.workbook import Workbook
from casebook.course.workbook_outcome import off_by
from casebook.course.workbook_pages import listed

CASE = "stability-moderation"
STRONG = Path(__file__).resolve().parents[1] / "answers" / f"{CASE}.strong.json"


@pytest.fixture
def work() -> Workbook:
    return casebook.open_workbook(CASE)


@pytest.fixture
def lent() -> Workbook:
    return casebook.open_workbook(CASE, answer_path=STRONG)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_asked_questions_uncover_facts_and_the_others_are_to_be_assumed(
    work: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    work.ask(["volume", "reviewers"])
    text = said(capsys)
    assert "You asked 2 of 6" in text and "100,000 uploads a day" in text and "24 hours" in text
    assert "You may still ask 4." in text
    assert "yours to assume where it matters: spikes, latency" in text
    assert [question.id for question in work.answer.questions] == ["volume", "reviewers"]


def test_an_unknown_question_and_too_many_are_said_kindly(
    work: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    work.ask(["volme"])
    assert "no question “volme”" in (text := said(capsys)) and "volume" in text
    work.ask([question.id for question in work.case.data.questions if question.maps_to != "decoy"][:7])
    assert "You may ask 6, and these are 7" in said(capsys)
    assert work.answer.questions == ()


def test_a_check_says_at_once_what_is_missing_in_the_part_just_written(
    work: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    work.check(
        hypothesis=Hypothesis("for everyone, decide to use Triton: toxic uploads from 1 % to 0.7 %"),
        metrics=[Metric("toxic uploads -30 % within 3 months")],
    )
    text = said(capsys)
    assert "things to mend" in text
    assert "it names no particular user" in text.lower() and "triton" in text.lower()
    assert "relative or points" in text
    assert "Owners" not in text and "rollout" not in text.lower()


def test_a_check_speaks_up_where_the_last_part_it_looks_at_is_written(
    lent: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    """All parts are there (borrowed), and still a step shows only its own checks."""
    lent.check(hypothesis=Hypothesis(""), metrics=[Metric("")])
    text = said(capsys)
    assert "✓ A change has a baseline" in text
    assert "promised latency" not in text
    lent.check(design=None, audits=[Audit("flag-precision", None)])
    text = said(capsys)
    assert "✓ The promised latency holds at the peak" in text and "✓ What the reviewers would see" in text
    assert "rises when things get worse" not in text


def test_what_waits_for_an_earlier_part_says_for_which(
    work: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    work.check(pushbacks=[Pushback("campaign: 40 ms, survives, because it is quick")])
    assert "3 more checks look at this once there is something in: the design." in said(capsys)


def test_blank_parts_are_not_answered_and_nothing_breaks(
    work: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    work.ask([])
    work.check(hypothesis=Hypothesis(""), metrics=[Metric(""), Metric("", kind="guardrail")])
    work.lock(None)
    work.compare_prediction(None)
    work.inject("campaign")
    work.scorecard()
    work.speaking_card()
    text = said(capsys)
    assert text.count("not answered") >= 12
    assert "No prediction" in text and "Keep a design on the board first" in text
    assert work.answer == Answer(CASE)


def test_the_board_is_covered_until_the_prediction_is_locked(work: Workbook) -> None:
    board = work.board()
    assert "Covered until" in board.still() and "How long a verdict takes" not in board.still()
    work.lock(None)
    assert "Covered until" not in board.still() and "How long a verdict takes" in board.still()
    assert board.keep() is None


def test_the_alternatives_board_begins_with_the_design_that_was_kept(lent: Workbook) -> None:
    lent.lock(None)
    board = lent.board()
    assert board.design == lent.answer.design
    lent.check(alternative=None)
    other = casebook.open_workbook(CASE)
    other.lock(None)
    kept = lent.answer.design
    assert kept is not None
    other.compare_prediction(kept)
    assert other.board("alternative").design == kept


def test_owners_reach_the_board_as_soon_as_they_are_written(lent: Workbook) -> None:
    written = casebook.open_workbook(CASE)
    written.lock(None)
    board = written.board()
    assert board.notes == ()
    written.check(notes=lent.answer.notes)
    assert [note.owner for note in board.notes] == [note.owner for note in lent.answer.notes]


def test_an_empty_keep_over_a_file_of_answers_does_not_say_that_nothing_was_answered(
    lent: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("design", "alternative"):
        kept = lent.board(part).keep()
        assert kept == getattr(lent.answer, part)
        said = capsys.readouterr().out
        assert "Not answered" not in said and "file of answers stands" in said
    alone = casebook.open_workbook(CASE, quiet=True)
    alone.kept.put(design=kept)
    assert alone.board("alternative").keep() is None, "the design is only where the alternative begins"
    assert "Not answered yet" in capsys.readouterr().out


def test_what_is_written_stands_before_what_is_borrowed(lent: Workbook) -> None:
    lent.check(hypothesis=Hypothesis("for buyers, decide what they see: toxic uploads from 2 % to 1 %"))
    assert lent.answer.hypothesis is not None and lent.answer.hypothesis.persona == "buyers"
    assert lent.answer.close is not None


def test_audit_numbers_of_several_steps_add_up(work: Workbook) -> None:
    work.check(audits=[Audit("flag-precision", 5.7)])
    work.check(audits=[Audit("impact-score", 200)])
    work.check(audits=[Audit("impact-score", 220)])
    assert {audit.id: audit.value for audit in work.answer.audits} == {
        "flag-precision": 5.7,
        "impact-score": 220,
    }


def test_a_part_of_the_wrong_kind_is_named_with_a_remedy(work: Workbook) -> None:
    with pytest.raises(AnswerError, match="metrics"):
        work.check(metrics=[3])


def test_a_foreign_answer_an_unknown_case_and_scenario_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"case_id": "another-case"}')
    with pytest.raises(ValueError, match="another-case"):
        casebook.open_workbook(CASE, answer_path=path)
    with pytest.raises(KeyError, match="launch"):
        casebook.open_workbook(CASE, scenario="lunch")


def test_the_pushback_shows_the_kept_design_before_and_after(
    lent: Workbook, capsys: pytest.CaptureFixture[str]
) -> None:
    lent.inject("wave")
    text = said(capsys)
    wave = next(item for item in lent.answer.pushbacks if item.id == "wave")
    assert wave.quantity is not None
    shown = f"{wave.quantity.value:,.0f}"
    assert shown in text and "Flagged a day" in text and "✗ missed" in text
    with pytest.raises(KeyError, match="campaign"):
        lent.inject("nothing")


def test_a_second_attempt_stands_beside_the_first_and_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(attempts, "_in_memory", {})
    home = tmp_path / "my-work"
    home.mkdir()
    monkeypatch.chdir(home)
    first = casebook.open_workbook(CASE)
    first.check(metrics=[Metric("false positive rate < 5 % weekly", kind="guardrail")])
    first.scorecard()
    first.scorecard()
    assert "The attempt before" not in said(capsys)
    monkeypatch.setattr(attempts, "_in_memory", {})  # another day, another kernel
    casebook.open_workbook(CASE, answer_path=STRONG).scorecard()
    text = said(capsys)
    assert "100.0 of 100 points (100.0 %), public score" in text
    assert "The attempt before: " in text and "before" in text
    assert [path.name for path in home.iterdir()] == [f".casebook-attempts-{CASE}.json"]


def test_attempts_leave_no_file_outside_the_learners_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "_in_memory", {})
    remember("c", Attempt("a", 1, 2, {}), tmp_path)
    assert len(remember("c", Attempt("b", 1, 2, {}), tmp_path)) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["", "{", "[1]", '[{"answer": "a"}]', '{"a": 1}'])
def test_a_damaged_file_of_attempts_costs_nothing(tmp_path: Path, damage: str) -> None:
    home = tmp_path / "my-work"
    home.mkdir()
    (home / ".casebook-attempts-c.json").write_text(damage)
    assert len(remember("c", Attempt("a", 1, 2, {}), home)) == 1


def test_words_of_the_learner_are_escaped(lent: Workbook) -> None:
    from casebook.course.workbook_card import speaking_card

    hostile = Hypothesis("<script>x</script>", "a & b", "m", "1 %", "2 %")
    shown: Any = speaking_card(lent.answer.with_parts(hypothesis=hostile), None)
    html = shown._repr_mimebundle_()["text/html"]
    assert "<script>" not in html and "&lt;script&gt;" in html and "a &amp; b" in html


def test_the_speaking_card_fits_in_a_breath(lent: Workbook, capsys: pytest.CaptureFixture[str]) -> None:
    lent.speaking_card()
    text = said(capsys)
    seconds = int(text.split("about ")[1].split(" ")[0])
    assert 45 <= seconds <= 90
    assert "(not answered)" not in text


@pytest.mark.parametrize(
    ("guess", "value", "words"),
    [
        (100, 100, "spot on"),
        (300, 100, "3 × too high"),
        (50, 100, "2 × too low"),
        (0, 100, ""),
        (5, float("inf"), ""),
    ],
)
def test_how_far_off_a_guess_was(guess: float, value: float, words: str) -> None:
    assert off_by(guess, value) == words


def test_lists_are_said_as_people_say_them() -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_a_quiet_workbook_keeps_and_leaves_the_findings_to_the_test_cells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    quiet = casebook.open_workbook(CASE, quiet=True)
    quiet.check(metrics=[Metric("false positive rate < 5 %", kind="guardrail")])
    assert said(capsys).strip() == "Kept: metrics"
    assert len(quiet.answer.metrics) == 1


def test_the_day_of_the_board_changes_the_outcome_and_not_the_pushback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = []
    for day in ("launch", "viral"):
        work = casebook.open_workbook(CASE, scenario=day, answer_path=STRONG)
        work.compare_prediction(None)
        outcome = said(capsys)
        work.inject("wave")
        texts.append((outcome, said(capsys)))
    assert texts[0][0] != texts[1][0]
    assert texts[0][1] == texts[1][1]
