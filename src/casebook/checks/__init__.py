"""The checks and the rubrics that weigh them. A check is a pure function of the answer and its Evaluation.

``grade(answer, rubric)`` is the whole interface; ``all_checks()`` lists what it can ask.
"""

from casebook.checks.finding import Cap, CellScore, Finding, Outcome, Report
from casebook.checks.grading import grade
from casebook.checks.registry import Check, all_checks
from casebook.checks.rubric import Rubric, load_rubric, rubric_ids
from casebook.checks.side import SideBySide, side_by_side

__all__ = [
    "Cap",
    "CellScore",
    "Check",
    "Finding",
    "Outcome",
    "Report",
    "Rubric",
    "SideBySide",
    "all_checks",
    "grade",
    "load_rubric",
    "rubric_ids",
    "side_by_side",
]
