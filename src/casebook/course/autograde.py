"""nbgrader's converters as we drive them: quiet, one at a time, and remembering why a conversion failed.

`QuietAutograde` also copies nothing else that a learner sent.
"""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import setenv

from casebook.course.gradebook import opened
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
    one_pass = True  # and times and extensions are in the gradebook before anything is graded

    def run_pre_convert_hook(self) -> None:
        """Nothing: the assignment has been registered, and what a learner sent beside the notebook is not copied."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Student and submission rows only; stock also copies files, links included."""
        course = Course(Path(self.coursedir.root))
        with opened(course) as gradebook:
            gradebook.update_or_create_student(student_id)
            gradebook.update_or_create_submission(assignment_id, student_id)
            stamp_in(gradebook, course, assignment_id, student_id)
            known = {row.name for row in gradebook.find_assignment(assignment_id).notebooks}
        kept = [path for path in self.notebooks if Path(path).stem in known]
        self.notebooks: list[str] = kept

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Stock's two passes in one: what its first pass writes, ours has rebuilt from the release in memory."""
        self._sanitizing = True
        self.exporter._preprocessors = []
        for step in dict.fromkeys((*self.sanitize_preprocessors, *self.autograde_preprocessors)):
            self.exporter.register_preprocessor(step)
        with setenv(NBGRADER_EXECUTION="autograde"):
            BaseConverter.convert_single_notebook(self, notebook_filename)


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
