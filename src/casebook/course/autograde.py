"""nbgrader's converters as we drive them: quiet, one at a time, and remembering why a conversion failed.

`QuietAutograde` also copies nothing else that a learner sent.
"""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from casebook.course.late import stamp_in
from casebook.course.settings import Course

if TYPE_CHECKING:
    from traitlets.config import Config

LOGGER = logging.getLogger("casebook.nbgrader")
LOGGER.setLevel(logging.CRITICAL + 1)


class Remembering:
    """Keeps the exception that nbgrader only logs, so that a full disk can be told from a bad cell."""

    failure: BaseException | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """As in stock."""
        try:
            super().convert_single_notebook(notebook_filename)  # type: ignore[misc]
        except Exception as error:
            self.failure = error
            raise

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As in stock."""
        try:
            super().init_assignment(assignment_id, student_id)  # type: ignore[misc]
        except Exception as error:
            self.failure = error
            raise


class _SafeCopy(Autograde):  # type: ignore[misc]
    stamps = True  # times and extensions are in the gradebook before anything is graded

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Student and submission rows only; stock also copies files, links included."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            gradebook.update_or_create_student(student_id)
            gradebook.update_or_create_submission(assignment_id, student_id)
            stamp_in(gradebook, Course(Path(self.coursedir.root)), assignment_id, student_id)
            known = {row.name for row in gradebook.find_assignment(assignment_id).notebooks}
        kept = [path for path in self.notebooks if Path(path).stem in known]
        self.notebooks: list[str] = kept


class QuietAutograde(Remembering, _SafeCopy):
    """Grades one submission; no other file of it reaches the graded folder."""


class QuietAssignment(Remembering, GenerateAssignment):  # type: ignore[misc]
    """Makes the student copy of one assignment."""


class QuietFeedback(Remembering, GenerateFeedback):  # type: ignore[misc]
    """Writes one student's page."""


def convert(kind: type[Any], config: Config, assignment: str, student: str | None = None) -> None:
    """Run one of the converters above for an assignment (and one student), overwriting what it made before.

    Raises the exception that stopped it, where nbgrader raises one that only points to a log.
    """
    folders = CourseDirectory(config=config)
    folders.assignment_id = assignment
    if student is not None:
        folders.student_id = student
    converter = kind(coursedir=folders, config=config)
    converter.force = True
    converter.log = folders.log = LOGGER
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own use of SQLAlchemy warns about itself
            converter.start()
    except Exception as error:
        raise converter.failure or error.__context__ or error from error
