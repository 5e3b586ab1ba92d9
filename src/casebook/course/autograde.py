"""nbgrader's Autograde for one submission of ours: it copies nothing else a learner sent, and keeps the
cause of a failure for a clear message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde


class QuietAutograde(Autograde):  # type: ignore[misc]
    """The stock converter minus what is unsafe: no other file of the submission reaches the graded folder."""

    failure: BaseException | None = None

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Student and submission rows only; stock also copies files, links included."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            gradebook.update_or_create_student(student_id)
            gradebook.update_or_create_submission(
                assignment_id, student_id, **self._stamp(assignment_id, student_id)
            )
            known = {row.name for row in gradebook.find_assignment(assignment_id).notebooks}
        kept = [path for path in self.notebooks if Path(path).stem in known]
        self.notebooks: list[str] = kept

    def _stamp(self, assignment_id: str, student_id: str) -> dict[str, Any]:
        """The time of handing in, if there is a readable one; a broken stamp is no reason to stop."""
        try:
            stamp = self.coursedir.get_existing_timestamp(self._format_source(assignment_id, student_id))
        except (AttributeError, ValueError, OSError, OverflowError):
            return {}
        return {"timestamp": stamp} if stamp else {}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """As in stock; the exception that stock only logs is kept."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.failure = error
            raise
