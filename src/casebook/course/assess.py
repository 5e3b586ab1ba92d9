"""One submission from file to Outcome: intake, repair, reader, checks. Runs inside the judge's process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casebook.course.errors import CourseError, Refused
from casebook.course.intake import open_submission
from casebook.course.outcome import CellGrade, Note, Outcome, from_report
from casebook.course.repair import Rebuilt, Release, load_release, rebuild
from casebook.course.settings import Course
from casebook.course.values import leaks, load_values, secrets
from casebook.course.variant import key_path
from casebook.facts.variant_id import base_id

GRADER = "casebook-grader-1"
MAX_ANSWER_CHARS = 400_000


@dataclass(frozen=True, slots=True)
class Standard:
    """What an assignment's submissions are measured with: release, judge's values, what must not leak.

    ``varies``: the course has a key, so a code in an answer counts; without one every answer is to the printed case.
    """

    release: Release
    values: dict[str, Any]
    hidden: tuple[str, ...]
    digest: str
    varies: bool = False

    @classmethod
    def load(cls, course: Course, assignment: str) -> Standard:
        release = load_release(course.release(assignment))
        path = course.judge_values(assignment)
        values = load_values(path)
        _same_points(release)
        seeds = public_seeds()
        digest = hashlib.sha256(GRADER.encode())
        for text in (release.text, path.read_text(encoding="utf-8"), *seeds, _package_version()):
            digest.update(hashlib.sha256(text.encode()).digest())
        varies = key_path(course).exists()
        if varies:
            digest.update(b"variants")
        return cls(release, values, secrets(values, (release.text, *seeds)), digest.hexdigest(), varies)

    def key(self, sha256: str) -> str:
        """Changes when the submission, the release, the judge's values, the seeds or the grader change."""
        return hashlib.sha256(f"{self.digest}:{sha256}".encode()).hexdigest()


def assess(standard: Standard, path: Path) -> Outcome:
    """The Outcome of the notebook at ``path``; a refusal is an Outcome too. Nothing of it is executed."""
    try:
        rebuilt = rebuild(standard.release, open_submission(path))
    except Refused as refused:
        return Outcome("refused", str(refused))
    return assess_rebuilt(standard, rebuilt)


def assess_rebuilt(standard: Standard, rebuilt: Rebuilt) -> Outcome:
    """Read the answer out of a rebuilt notebook and judge it; needs-manual when a cell had to be run."""
    from casebook.answer import read_notebook

    reading = read_notebook(rebuilt.notebook, standard.release.case_id)
    must_run = tuple(str(cell) for cell in reading.must_run)
    if must_run:
        told = " ".join(str(reason) for reason in reading.reasons[:6])
        return Outcome("needs-manual", told, rebuilt.repairs, must_run=must_run)
    outcome = judge_answer(standard, reading.answer)
    remarks = tuple(str(remark) for remark in reading.remarks[:12])
    outcome = replace(outcome, repairs=(*rebuilt.repairs, *remarks))
    if reading.problems:
        told = " ".join(str(problem) for problem in reading.problems[:12])
        outcome = replace(outcome, status="partial", reason=f"Scored without what could not be read. {told}")
    return outcome


def judge_answer_text(standard: Standard, text: str) -> Outcome:
    """Judge an answer that a run handed over as JSON; the text is as hostile as any submission."""
    from casebook.answer import Answer

    if len(text) > MAX_ANSWER_CHARS:
        return Outcome("refused", f"The answer is {len(text):,} characters long; {MAX_ANSWER_CHARS:,} is the limit.")
    try:
        answer = Answer.from_json(text)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        return Outcome("refused", f"The notebook ran, but what it left is not an answer ({type(error).__name__}).")
    if base_id(answer.case_id) != standard.release.case_id:
        return Outcome("refused", "The notebook ran, and what it left is an answer to another assignment.")
    return replace(judge_answer(standard, answer), how="run")


def judge_answer(standard: Standard, answer: Any) -> Outcome:
    """The checks on one Answer with the judge's values: cells, caps applied, nothing secret in them."""
    from casebook.checks import grade

    if not standard.varies:
        answer = answer.as_printed()
    report = grade(answer, rubric=standard.release.rubric, judge=standard.values)
    cells, caps, before = from_report(report, standard.release.points)
    shown = tuple(_withhold_cell(cell, standard.hidden) for cell in cells)
    return Outcome(
        "graded",
        cells=shown,
        score_before_caps=before,
        caps=caps,
        possible=float(sum(standard.release.points.values())),
        answer=answer.to_json(),
    )


def _same_points(release: Release) -> None:
    """A release whose test cells are worth something else than its rubric says would lie to somebody."""
    from casebook.checks import load_rubric

    worth = {cell.id: cell.points for cell in load_rubric(release.rubric, release.case_id).cells}
    wrong = sorted(name for name, points in release.points.items() if worth.get(name) != points)
    if wrong:
        name = wrong[0]
        raise CourseError(
            f"release/{release.assignment}",
            f"its test cell {name!r} is worth {release.points[name]:g} points and the rubric says "
            f"{worth.get(name, 'nothing about it')}",
            f"Run: casebook build, then casebook release {release.assignment}",
        )


def public_seeds() -> tuple[str, ...]:
    """The text of every public seeds file, in the order of their names."""
    from casebook.facts.files import seeds_root

    root = Path(str(seeds_root()))
    return tuple(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.yaml")))


def _withhold_cell(cell: CellGrade, hidden: tuple[str, ...]) -> CellGrade:
    return replace(cell, notes=tuple(_withhold(note, hidden) for note in cell.notes)) if hidden else cell


def _withhold(note: Note, hidden: tuple[str, ...]) -> Note:
    if not leaks(f"{note.evidence}\n{note.message}\n{note.fix}", hidden):
        return note
    return replace(
        note,
        evidence="",
        message="Tried under conditions that only your instructor has.",
        fix="" if note.passed else "Leave more room between your design and its limits, and say what you do at a peak.",
    )


def _package_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("casebook")
    except PackageNotFoundError:
        return "source"
