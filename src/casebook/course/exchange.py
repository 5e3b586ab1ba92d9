"""nbgrader's release of feedback, for courses in which not everybody handed in through the exchange."""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from casebook.course.slips import SECRET, STAMP


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
