"""nbgrader's two ways through the exchange that stock leaves open: whose a submission is, and who gets feedback."""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from casebook.course.collect import collect
from casebook.course.errors import CourseError
from casebook.course.settings import Course
from casebook.course.slips import SECRET, STAMP


class Collect(ExchangeCollect):  # type: ignore[misc]
    """``nbgrader collect`` and formgrader's button, done by ``casebook collect``.

    Stock copies what a link leads to and only warns where a submission belongs to somebody else than it says.
    """

    def start(self) -> None:
        """Collect everybody's newest; what was not taken is a warning, and with ``update`` newer ones replace."""
        if self.before_duedate or self.coursedir.student_id not in ("", "*"):
            self.fail("Everybody's newest attempt is collected. For one student use: casebook collect --from FOLDER")
        try:
            got = collect(Course(Path(self.coursedir.root)), self.coursedir.assignment_id, replace=self.update)
        except CourseError as error:
            self.fail(str(error))
        for file, why in got.unmatched:
            self.log.warning("not taken: %s (%s)", file, why)
        for note in got.notes:
            self.log.warning("%s", note)
        for student in got.kept:
            self.log.warning("%s: a different notebook came; kept as it is (to take it: --update)", student)
        told = {"new": got.placed, "replaced": got.replaced, "unchanged": got.unchanged}
        self.log.info("%s", "; ".join(f"{word}: {', '.join(names) or 'nobody'}" for word, names in told.items()))


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """As stock, except that a page without the slips of a submission is named and left out; stock stops at it."""

    def copy_files(self) -> None:
        """Release what can be released; a warning for each page that cannot."""
        left_out = [name for name in self.coursedir.student_id_exclude.split(",") if name]
        for page in sorted(Path(self.src_path).parent.parent.glob(f"*/{self.coursedir.assignment_id}")):
            student = page.parent.name
            if student not in left_out and not all((page / name).is_file() for name in (STAMP, SECRET)):
                self.log.warning(
                    "No feedback released for %s: the submission came by another way than the exchange, or was "
                    "replaced since. In the latter case run casebook grade and casebook feedback again; else hand "
                    "out the page in %s yourself.",
                    student,
                    page,
                )
                left_out.append(student)
        self.coursedir.student_id_exclude = ",".join(left_out)
        super().copy_files()
