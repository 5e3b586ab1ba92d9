"""What a released test cell calls in the learner's own kernel: the public score of its part of the answer.

It never reaches a gradebook. In nbgrader's Validate it raises `NotYet`, whose traceback is the list of what
is missing and how to mend it.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping
from typing import Any

from casebook.course.outcome import CellGrade, Outcome, from_report

WIDTH = 80


class PublicScore(float):
    """Points of one test cell by the public checks; a float whose HTML and text say what to mend."""

    cell: CellGrade
    outcome: Outcome

    def __new__(cls, cell: CellGrade, outcome: Outcome) -> PublicScore:
        score = super().__new__(cls, cell.points)
        score.cell, score.outcome = cell, outcome
        return score

    def _repr_html_(self) -> str:
        from casebook.course.render import cell_html

        told = "<p><small>Public score: your instructor's judge tries more conditions.</small></p>"
        return cell_html(self.cell, self.outcome) + told


class NotYet(Exception):
    """Raised in Validate while a test cell has less than its full points."""

    def __init__(self, score: PublicScore) -> None:
        self.score = score
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> list[str]:
        cell = self.score.cell
        lines = [f"Not yet: {cell.title or cell.cell_id}, {cell.points:.3g} of {cell.possible:g} points."]
        for note in cell.notes:
            if note.passed:
                continue
            lines += _wrapped(f"- {note.label}: {note.message}", "  ")
            lines += _wrapped(f"  Mend it: {note.fix}", "  ") if note.fix else []
        if cell.points < cell.before_caps:
            for cap in self.score.outcome.caps:
                lines += _wrapped(f"- All parts are held at {cap.limit:g} points: {cap.cause}", "  ")
        return lines

    def _render_traceback_(self) -> list[str]:
        """IPython shows this instead of a traceback."""
        return self._lines()


def check_cell(assignment: str, cell: str, names: Mapping[str, Any], rubric: str = "") -> PublicScore:
    """`score_cell` for the answers among ``names`` (pass ``globals()``)."""
    from casebook.answer import Answer

    # A part that holds something else counts as not answered; its own cell has already said so.
    answer, _ = Answer.gather(assignment, names)
    return score_cell(answer, cell, rubric)


def score_cell(answer: Any, cell: str, rubric: str = "") -> PublicScore:
    """The public score of test cell ``cell`` for an Answer; what a released test cell ends with.

    Under Validate (NBGRADER_VALIDATING set) raises `NotYet` below full points.
    """
    from casebook.checks import grade

    report = grade(answer, rubric=rubric)
    if cell not in report.cells:
        known = ", ".join(report.cells)
        raise ValueError(f"there is no test cell {cell!r} here; the test cells are: {known}")
    points = {name: float(found.possible) for name, found in report.cells.items()}
    cells, caps, before = from_report(report, points)
    total = sum(points.values())
    outcome = Outcome("graded", cells=cells, score_before_caps=before, caps=caps, possible=total)
    score = PublicScore(next(found for found in cells if found.cell_id == cell), outcome)
    if os.environ.get("NBGRADER_VALIDATING") and score < score.cell.possible:
        raise NotYet(score)
    return score


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent) or [text]
