"""nbgrader's own late plugin, asking the course's policy: the path of stock autograding and of formgrader's button."""

from __future__ import annotations

from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin

from casebook.course.late import points_off, policy_of
from casebook.course.settings import Course


class PolicyPenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """The penalty of autograde/policy.yaml; an assignment without a rule is left to nbgrader's own methods."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points taken off ``score``; None for no penalty. Seconds are counted from the (extended) due date."""
        step = self.parent
        course = Course(Path(step.parent.parent.coursedir.root))
        rule = policy_of(course).rule(step.assignment_id)
        if rule is None:
            stock: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return stock
        row = step.gradebook.find_submission_notebook(step.notebook_id, step.assignment_id, student_id)
        return points_off(row, rule, total_seconds_late) or None
