"""Per-student variants: what varies, the code, fair judging under another's numbers, and whose code it is."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casebook.answer import Answer, read_notebook
from casebook.answer.code import SIGNS, CodeError, code_of, read_code
from casebook.checks import grade, load_rubric
from casebook.cli import main
from casebook.course import workbook
from casebook.course.build_answer import answer_path, read_answer
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.export import lines
from casebook.course.outcome import Outcome
from casebook.course.public import score_cell
from casebook.course.records import desk_for, students
from casebook.course.release import release
from casebook.course.settings import Course
from casebook.course.variant import Codes, accept, key_path, make_key, read_key, student_code
from casebook.design import cases, evaluate, load_case
from casebook.facts import SeedError, load_case_data, render
from casebook.facts.variant import Variants, differences, stride, varied
from casebook.facts.variant_id import COUNT, variant_id
from tests.course.masters import ASSIGNMENT, ROOT, answer, course_with, filled, full_answers, hand_in, released
from tests.course.masters import small_master as small
from tests.course.variant_fits import candidates, fit, meets, varying

CASE, OTHER = ASSIGNMENT, "startups-tickets"
OURS: Mapping[str, Any] = {"kind": "assumption", "label": "ours", "note": "for a test"}
AUTHORED = ROOT / "authored"
LAW = "The combinations below were handed out: another rule would give everybody another case."


def code_with(number: int, rest: bytes = b"\x01\x02\x03\x04") -> str:
    """A well-formed code of a variant."""
    return code_of(bytes([(number - 1) << 3]) + rest).text


# what varies ----------------------------------------------------------------------------------------------


def test_the_combinations_follow_from_the_file_and_never_change_by_themselves() -> None:
    found = load_case_data(CASE).variants
    assert found is not None
    sets = [tuple(found.factors(number)) for number in range(1, COUNT + 1)]
    assert len(set(sets)) == COUNT
    # By hand: 4·3·2·3·3 = 216; the step is 137 (134, 135 and 136 share a divisor); 137 = 1, 1, 1, 2, 1 in those digits.
    assert stride(216) == 137 and [factor for *_, factor in sets[0]] == [0.9, 0.9, 1.2, 1.2, 0.75]
    written = json.dumps(sets, sort_keys=True)
    assert hashlib.sha256(written.encode()).hexdigest()[:16] == "091c1ad6a4dae035", LAW


@pytest.mark.parametrize("case_id", varying())
def test_every_factor_is_met_about_equally_often_and_no_variant_is_the_printed_case(case_id: str) -> None:
    data = load_case_data(case_id)
    assert data.variants is not None
    met: dict[str, Counter[float]] = {}
    for number in range(1, COUNT + 1):
        for group, name, factor in data.variants.factors(number):
            met.setdefault(f"{group}.{name}", Counter())[factor] += 1
        assert differences(data, load_case_data(variant_id(case_id, number)))
    for name, counts in met.items():
        fair = COUNT / len(counts)
        assert all(0.7 * fair <= times <= 1.35 * fair for times in counts.values()), f"{name}: {counts}"


def test_a_variant_changes_what_it_says_and_nothing_else() -> None:
    plain, mine = load_case_data(CASE), load_case_data(variant_id(CASE, 32))
    changed = {(item.what, item.name): (item.printed, item.now) for item in differences(plain, mine)}
    assert changed[("volume", "launch")] == (100_000, 75_000)
    assert changed[("volume", "viral")] == (3_000_000, 2_250_000)
    assert ("target", "toxic") not in changed and ("target", "mvp") not in changed
    assert mine.slots == plain.slots and mine.checks == plain.checks and mine.audits == plain.audits
    assert (mine.variant, plain.variant, plain.instead) == (32, 0, {})
    slower = next(item for item in mine.pushbacks if item.id == "slower-model").change.targets["latency"]
    latency = next(item for item in mine.targets if item.id == "latency")
    assert slower == float(latency.limit) / 2, "half of what it was, as the interviewer says"
    assert latency.kind == "assumption" and latency.label == "ours"


def test_prose_and_formulas_that_name_a_varied_fact_say_the_varied_figure() -> None:
    mine = load_case_data(variant_id(CASE, 32))
    assert render("{{STB.volume_launch}} and {{STB.window_weeks}}", instead=mine.instead).startswith("75,000 uploads")
    assert render("{{STB.volume_launch}}").startswith("100,000 uploads")
    case = load_case(variant_id(CASE, 32))
    from casebook.design.names import Names

    names = Names(case.reference, case.conditions())
    assert names("STB.latency") == float(next(item.limit for item in mine.targets if item.id == "latency"))


def test_one_way_of_evaluating_a_variant_is_a_case_with_other_numbers() -> None:
    plain, mine = load_case(CASE), load_case(variant_id(CASE, 10))
    before, after = (evaluate(case.reference, case.conditions("launch"), requests=20_000) for case in (plain, mine))
    volume = 1.25 * 100_000
    assert after.cost_lines != before.cost_lines
    assert after.bill.requests_month / before.bill.requests_month == pytest.approx(1.25)
    assert {one.target: one.limit for one in after.verdicts}["latency"] == 150.0
    again = evaluate(plain.reference, plain.conditions("launch"), requests=20_000)
    assert again.latency_ms() == before.latency_ms() and again.cost_usd_month == before.cost_usd_month
    assert float(mine.data.scenario("launch").requests_day) == volume


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"volume": [0.5, 2]}, "2 combinations, and 32 variants are needed"),
        ({"volume": [0.5, 9]}, "the factor 9 is not between"),
        ({"volume": [0.5, 0.5, 2]}, "Give two or more, each once"),
        ({"volume": [1, 2], "targets": {"a": [1, 2], "b": [1, 2], "c": [1, 2], "d": [1, 2]}}, "as printed"),
    ],
)
def test_declarations_that_cannot_be_meant_are_refused(told: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Variants(**told, **OURS)


def test_names_that_the_case_does_not_have_are_refused_with_the_nearest_one() -> None:
    from casebook.facts.variant import check_variants

    axes = {"latensy": (0.5, 2.0), "fpr": (0.5, 2.0), "budget": (0.5, 2.0), "review": (0.5, 2.0), "toxic": (0.8, 1.1)}
    wrong = load_case_data(CASE).model_copy(update={"variants": Variants(targets=axes, **OURS)})
    with pytest.raises(ValueError, match=r"unknown target 'latensy'.*latency"):
        check_variants(wrong)


@pytest.mark.parametrize("wanted", ["~00", "~33", "~7", "~007", "~x1"])
def test_an_id_that_is_no_variant_is_refused(wanted: str) -> None:
    with pytest.raises(SeedError, match="is no variant"):
        load_case_data(CASE + wanted)
    plain = load_case_data(CASE).model_copy(update={"variants": None})
    with pytest.raises(SeedError, match="has no variants"):
        varied(plain, 1)


def test_every_case_has_variants() -> None:
    assert varying() == cases()


@pytest.mark.parametrize("case_id", varying())
def test_every_variant_can_be_met(case_id: str) -> None:
    """The first candidates, quick runs; ``python -m tests.course.variant_fits --graded`` runs those that grade."""
    from itertools import islice

    known = list(islice(candidates(case_id), 24))
    unmet = [number for number in range(1, COUNT + 1) if fit(case_id, number, known) is None]
    assert unmet == []


# the code -------------------------------------------------------------------------------------------------


def test_a_code_is_short_clear_and_tells_its_variant() -> None:
    made = student_code(bytes(range(32)), "ada")
    assert made.text == "XAFD-4BCT", LAW
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", made.text)
    assert made.variant == SIGNS.index(made.text[0]) + 1
    spelt = {made.text, made.text.lower(), made.text.replace("-", ""), f" {made.text.replace('-', ' – ')} "}
    assert {read_code(one) for one in spelt} == {made}
    assert read_code(code_with(1).replace("0", "o")) == read_code(code_with(1))


def test_one_slip_of_the_pen_never_makes_another_code() -> None:
    plain = student_code(b"k" * 32, "ada").text.replace("-", "")
    for at, sign in enumerate(plain):
        for other in SIGNS:
            if other != sign:
                with pytest.raises(CodeError):
                    read_code(plain[:at] + other + plain[at + 1 :])


def test_codes_differ_by_student_and_by_key_and_spread_over_the_variants() -> None:
    students = [f"student-{number}" for number in range(2_000)]
    codes = [student_code(b"k" * 32, name) for name in students]
    assert len({code.text for code in codes}) == len(codes)
    assert student_code(b"j" * 32, students[0]) != codes[0]
    often = Counter(code.variant for code in codes)
    assert len(often) == COUNT and max(often.values()) < 2 * min(often.values())
    assert student_code(b"k" * 32, "Zoe\u0308") == student_code(b"k" * 32, "Zo\u00eb")


def test_reading_running_and_json_give_the_same_answer() -> None:
    code = code_with(10)
    design = load_case(variant_id(CASE, 10)).reference
    ran, wrong = Answer.gather(CASE, {"code": code.lower(), "design": design, "close": None})
    kept = ", ".join(f"{name}={value!r}" for name, value in design.as_kwargs().items())
    cells = [f"design = board.keep({kept})", f'code = "{code}"']  # the code may even come last
    read = read_notebook(_notebook(cells), CASE)
    assert wrong == () and read.problems == () and read.answer == ran
    assert Answer.from_json(ran.to_json()) == ran
    assert ran.case_id == variant_id(CASE, 10) and ran.design is not None and ran.design.case_id == ran.case_id
    assert json.loads(ran.to_json())["case_id"] == CASE, "the file names the case; the code says which variant"
    assert ran.as_printed() == Answer.gather(CASE, {"design": load_case(CASE).reference})[0]


@pytest.mark.parametrize("typed", ["", "hello", "A" * 5_000, "x\x1b[31m", 7, None, ["7KQ2"], "0000-0001"])
def test_whatever_else_stands_there_is_data_and_leaves_the_printed_case(typed: Any) -> None:
    made, wrong = Answer.gather(CASE, {"code": typed})
    assert wrong == () and made.case_id == CASE and len(made.code) <= 40
    assert "\x1b" not in made.code
    assert Answer.from_json(made.to_json()) == made


def test_a_case_named_as_a_variant_in_json_is_refused() -> None:
    with pytest.raises(ValueError, match="names a variant"):
        Answer.from_json(json.dumps({"case_id": variant_id(CASE, 3), "format": 1}))


def test_a_code_that_computes_is_named_like_any_other_cell() -> None:
    read = read_notebook(_notebook(['code = "7KQ2" + str(1)']), CASE)
    assert read.must_run == ("answer-0",) and read.answer.case_id == CASE


def _notebook(cells: list[str]) -> dict[str, Any]:
    made = [answer(str(at), "") | {"source": text} for at, text in enumerate(cells)]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


# judging under another's numbers --------------------------------------------------------------------------


# Where the strong answer says a limit that varies: the printed words, and the same with the variant's limits.
SAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "general-calendar-agent": (
        ("at most 3 orders in a million tasks", "at most {strangers:g} orders in a million tasks"),
        ("strangers obeyed < 3 orders", "strangers obeyed < {strangers:g} orders"),
        ("strangers obeyed > 2 orders", "strangers obeyed > {strangers:g} orders"),
        ("tasks done: above 90 %", "tasks done: above {done:.1%}"),
        ("tasks done > 90 %", "tasks done > {done:.1%}"),
        ("can be taken back > 50 %", "can be taken back > {back:.1%}"),
        ("within 9,000 ms", "within {latency:g} ms"),
        ("< 9,000 ms", "< {latency:g} ms"),
        ("p95 time to act or ask > 8,500 ms", "p95 time to act or ask > {latency:g} ms"),
    ),
    "general-evaluation": (
        ("good changes held back: below 10 %", "good changes held back: below {held:.1%}"),
        ("good changes held back < 10 %", "good changes held back < {held:.1%}"),
        ("forbidden answers: at most 10", "forbidden answers: at most {never:g}"),
        ("days until a fall is seen: 5", "days until a fall is seen: {days:g}"),
        ("at least 80 %", "at least {trust:.1%}"),
        ("people > 80 %", "people > {trust:.1%}"),
        ("added wait from answer to customer < 150 ms", "added wait from answer to customer < {latency:g} ms"),
        ("added wait > 120 ms", "added wait > {latency:g} ms"),
    ),
    "general-support-agent": (
        ("closed too soon: below 4 %", "closed too soon: below {back:.1%}"),
        ("closed too soon < 4 %", "closed too soon < {back:.1%}"),
        ("at most 0.3 % of conversations", "at most {wrong:.2%} of conversations"),
        ("something wrong was done < 0.3 %", "something wrong was done < {wrong:.2%}"),
        ("something wrong was done > 0.25 %", "something wrong was done > {wrong:.2%}"),
        ("message to reply < 8,000 ms", "message to reply < {latency:g} ms"),
        ("wait for a person: 3 hours", "wait for a person: {wait:g} hours"),
        ("wait for a person < 3 hours", "wait for a person < {wait:g} hours"),
    ),
}  # fmt: skip
DESIGN = "{preset: reference}\nalternative: {preset: reference, change: {"


def strong(case_id: str, number: int, folder: Path, change: str = "") -> Answer:
    """The strong answer with a variant's promises written in and its figures read off: as its student would write."""
    text = answer_path(AUTHORED, case_id).read_text(encoding="utf-8")
    limits = {item.id: float(item.limit) for item in load_case_data(variant_id(case_id, number)).targets}
    if case_id == CASE:
        text = text.replace("200 ms", f"{limits['latency']:g} ms")
        text = re.sub(r"(false positive rate(?: <|: below)) 5 %", rf"\1 {limits['fpr'] * 100:g} %", text)
        text = text.replace("false positive rate > 4 %", f"false positive rate > {limits['fpr'] * 80:g} %")
        text = text.replace("latency > 160 ms", f"latency > {limits['latency'] * 0.8:g} ms")
        text = text.replace("ingest_machines: 3", f"ingest_machines: 3{change}")
    elif case_id == OTHER:
        text = text.replace("5 s", f"{limits['latency'] / 1000:g} s")
    for printed, own in SAYS.get(case_id, ()):
        assert printed in text
        text = text.replace(printed, own.format_map(limits))
    if case_id in SAYS and change:  # the design and what it is compared with
        text = text.replace(DESIGN, f"{{preset: reference, change: {{{change}}}}}\n"
                                    f"alternative: {{preset: reference, change: {{{change}, ")  # fmt: skip
    path = folder / f"{case_id}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_answer(path, number)


SHIFTS = ", review: staffed-pool, review_staff: 1, review_hours: 13"
FITTING = (
    (CASE, 10, ""),
    (CASE, 2, SHIFTS),
    (OTHER, 1, ""),
    ("general-calendar-agent", 1, ""),
    ("general-evaluation", 4, "rules: rules-model, per_kind: 110"),
    ("general-support-agent", 2, "caution: 0.7"),
)


@pytest.mark.parametrize(("case_id", "number", "change"), FITTING)
def test_a_fitting_answer_scores_well_under_its_variant(case_id: str, number: int, change: str, tmp_path: Path) -> None:
    fitting = strong(case_id, number, tmp_path, change)
    assert fitting.case_id == variant_id(case_id, number)
    report = grade(fitting)
    lost = [(item.id, item.message) for item in report.findings if not item.passed]
    assert report.score >= 0.97 * report.possible, lost
    assert all(one.ok for one in _graded(fitting).verdicts)


@pytest.mark.parametrize("case_id", varying())
def test_the_printed_answer_no_longer_wins_everywhere(case_id: str) -> None:
    """As the strong answer stands, it misses a limit or promises too little in at least some of the variants."""
    plain = read_answer(answer_path(AUTHORED, case_id))
    told, best = json.loads(plain.to_json()), grade(plain).score
    coded = (Answer.from_json(json.dumps(told | {"code": code_with(number)})) for number in range(1, 5))
    assert any(grade(one).score < best for one in coded)


def _graded(made: Answer) -> Any:
    assert made.design is not None
    day = load_case(made.case_id).conditions(load_rubric("", made.case_id).scenario)
    return evaluate(made.design, day, graded=True)


@pytest.fixture(scope="module")
def base_under_two() -> tuple[Answer, Answer]:
    """The strong answer to the printed case, and the same handed in with the code of variant 2."""
    plain = read_answer(answer_path(AUTHORED, CASE))
    coded = json.loads(plain.to_json()) | {"code": code_with(2)}
    return plain, Answer.from_json(json.dumps(coded))


def test_an_answer_to_the_printed_case_is_judged_under_the_harder_variant_it_carries(
    base_under_two: tuple[Answer, Answer],
) -> None:
    plain, coded = base_under_two
    best, harder = grade(plain), grade(coded)
    assert best.score == best.possible and harder.score < best.score - 5
    lost = {item.id: item.message for item in harder.findings if not item.passed}
    assert "4 %" in lost["STB-1.guard"], "the guard is compared with the variant's limit, not the printed one"
    assert "12 hours" in lost["STB-1.targets"]
    assert {"PB-campaign", "PB-wave"} <= lost.keys(), "the numbers of the re-runs are those of the variant"
    assert "U3" not in lost


def test_the_public_points_of_a_cell_use_the_variant_too(base_under_two: tuple[Answer, Answer]) -> None:
    plain, coded = base_under_two
    assert float(score_cell(coded, "frame")) < float(score_cell(plain, "frame"))
    judged = grade(coded, judge={"conditions": []})
    assert score_cell(coded, "frame").cell.before_caps == judged.cells["frame"].points_before_caps


def test_a_code_in_an_answer_to_a_case_without_variants_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from casebook.facts.loader import own_seeds

    plain = load_case_data(CASE).model_copy(update={"variants": None})
    monkeypatch.setitem(own_seeds()._cases, CASE, plain)
    made = Answer.gather(CASE, {"code": code_with(2)})[0]
    assert made.case_id == CASE and made.code == code_with(2)


# the notebook ---------------------------------------------------------------------------------------------


def test_the_workbook_says_the_students_own_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    work = workbook.open_workbook(CASE, code=code_with(10), quiet=True)
    work.welcome()
    said = capsys.readouterr().out
    assert "Your own numbers: variant 10" in said and "125,000 uploads a day" in said and "150 ms" in said
    work.ask(["volume", "latency"])
    said = capsys.readouterr().out
    assert "125,000" in said and "100,000" not in said and "150 ms" in said
    work.inject("campaign")
    assert "3,750,000" in capsys.readouterr().out
    assert work.case.id == variant_id(CASE, 10) and work.answer.code == code_with(10)
    assert work.board().conditions.case_id == variant_id(CASE, 10)


def test_a_mistyped_code_is_said_kindly_and_no_code_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    work = workbook.open_workbook(CASE, code="7KQ2")
    work.welcome()
    assert "cannot be read" in capsys.readouterr().out and work.case.id == CASE
    workbook.open_workbook(CASE).welcome()
    assert "variant" not in capsys.readouterr().out


# whose code it is -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def class_of_six(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with a key; ann and eve hand in their own code, the others something else."""
    master = small()
    master["cells"].insert(1, answer("code", ""))
    folder = course_with(tmp_path_factory.mktemp("variants") / "course", master)
    course = Course(folder)
    release(course, ASSIGNMENT)
    make_key(course)
    key = read_key(course)
    assert key is not None
    own = {name: student_code(key, name).text for name in ("ann", "eve")}
    typed = {"ann": own["ann"], "bob": own["ann"], "cai": "", "dov": "hello", "eve": own["eve"].lower()}
    for name, code in typed.items():
        hand_in(folder, name, filled(released(folder), full_answers() | {"answer-code": f'code = "{code}"'}))
    hand_in(folder, "fin", "no notebook")
    grade_cohort(course, ASSIGNMENT)
    return course


def outcomes(course: Course) -> dict[str, Outcome]:
    """What the machine decided; the table's status also waits for the prose to be read."""
    found = {name: desk_for(course, ASSIGNMENT).filed(name) for name in students(course, ASSIGNMENT)}
    return {name: outcome for name, outcome in found.items() if outcome is not None}


def test_only_the_own_code_is_scored_and_every_other_waits_for_a_person_with_the_reason(class_of_six: Course) -> None:
    rows = outcomes(class_of_six)
    assert {name: row.status for name, row in rows.items()} == {
        "ann": "graded", "bob": "needs-manual", "cai": "needs-manual", "dov": "needs-manual", "eve": "graded",
        "fin": "refused",
    }  # fmt: skip
    assert "not the one of this student" in rows["bob"].reason
    assert "no code in this notebook" in rows["cai"].reason
    assert "“hello” cannot be read" in rows["dov"].reason
    assert rows["ann"].score is not None and rows["ann"].score > 0
    assert all(rows[name].score is None for name in ("bob", "cai", "dov"))
    exported = {row.student: row for row in lines(class_of_six, ASSIGNMENT)}
    assert all(exported[name].score is None for name in ("bob", "cai", "dov", "fin")), "never a 0"
    assert "not the one of this student" in exported["bob"].reason


def test_nothing_that_a_learner_gets_holds_the_key(class_of_six: Course) -> None:
    from casebook.course.feedback import write_feedback

    write_feedback(class_of_six, ASSIGNMENT)
    secret = key_path(class_of_six).read_text().strip()
    folders = [class_of_six.autograde / name for name in ("feedback", "autograded", "records")]
    pages = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    texts = [path.read_text(errors="replace") for path in pages]
    assert len(texts) > 10 and not any(secret in text for text in texts)
    assert not any(secret in path.read_text() for path in class_of_six.release(ASSIGNMENT).iterdir())


def test_an_instructor_may_accept_and_the_decision_lasts_until_another_code_comes(
    class_of_six: Course, tmp_path: Path
) -> None:
    course = Course(tmp_path / "course")
    shutil.copytree(class_of_six.root, course.root)
    where = ["--course", str(course.root), "--jobs", "1"]
    assert main(["grade", ASSIGNMENT, "--student", "cai", "--accept-code", "cai", *where]) == 0
    assert main(["grade", ASSIGNMENT, "--student", "cai", "--student", "bob", *where]) == 0
    rows = outcomes(course)
    assert rows["cai"].status == "graded" and rows["bob"].status == "needs-manual"
    assert "the printed numbers count" in rows["cai"].repairs[-1]
    another = full_answers() | {"answer-code": f'code = "{code_with(5)}"'}
    hand_in(course.root, "cai", filled(released(course.root), another))
    grade_cohort(course, ASSIGNMENT, ["cai"])
    assert outcomes(course)["cai"].status == "needs-manual", "another code was never accepted"
    with pytest.raises(CourseError, match="no answer on record"):
        accept(course, ASSIGNMENT, ["fin"])


def test_without_a_key_everybody_has_the_printed_numbers_whatever_they_typed(
    class_of_six: Course, tmp_path: Path
) -> None:
    course = Course(tmp_path / "course")
    shutil.copytree(class_of_six.root, course.root)
    key_path(course).unlink()
    graded = {one.student: one.outcome for one in grade_cohort(course, ASSIGNMENT, ["bob", "cai"])}
    assert [one.status for one in graded.values()] == ["graded", "graded"]
    assert graded["bob"].score == graded["cai"].score
    assert "code" not in json.loads(graded["bob"].answer)


def test_an_outcome_that_a_worker_compared_already_is_not_told_twice() -> None:
    codes = Codes(b"k" * 32)
    once = codes.checked("bob", Outcome("graded", answer=json.dumps({"code": code_with(4)})))
    assert codes.checked("bob", once) == once and once.status == "needs-manual"
    assert codes.mixed("content", "ann") != codes.mixed("content", "bob") != Codes().mixed("content", "bob")


def test_the_key_is_made_once_private_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    course = Course(tmp_path)
    path = make_key(course)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and len(read_key(course) or b"") == 32
    with pytest.raises(CourseError, match="has a key already"):
        make_key(course)
    path.write_text("short")
    with pytest.raises(CourseError, match="no course key"):
        read_key(course)


def test_the_roster(class_of_six: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = tmp_path / "people.csv"
    people.write_text("student,name\nann,Ann\nbob,Bob\n", encoding="utf-8")
    where = ["--course", str(class_of_six.root)]
    assert main(["roster", ASSIGNMENT, "--people", str(people), "--json", *where]) == 0
    rows = json.loads(capsys.readouterr().out)
    key = read_key(class_of_six)
    assert key is not None
    assert [row["code"] for row in rows] == [student_code(key, name).text for name in ("ann", "bob")]
    assert all(any("uploads a day instead of" in number for number in row["numbers"]) for row in rows)
    assert main(["roster", ASSIGNMENT, "--people", str(people), *where]) == 0
    shown = capsys.readouterr().out
    assert rows[0]["code"] in shown and "Launch" in shown and key.hex() not in shown
    assert main(["roster", ASSIGNMENT, *where]) == 1
    assert main(["roster", "--new-key", *where]) == 1
    assert "has a key already" in capsys.readouterr().err


def test_variants_can_be_looked_at_like_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", f"{CASE}~10"]) == 0
    assert "≤ 150 ms" in capsys.readouterr().out
    assert main(["show", f"{CASE}~40"]) == 1
    assert meets(evaluate(load_case(f"{CASE}~10").preset("elastic"), "launch", requests=20_000))
