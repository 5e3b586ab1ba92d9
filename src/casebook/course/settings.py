"""The folders of a course and the nbgrader settings that follow from them, in one place.

`nbgrader_config.py` calls `configure`; every command starts from `Course.find`.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from casebook.course.errors import CourseError, disk_trouble

if TYPE_CHECKING:
    from traitlets.config import Config

CONFIG_NAME = "nbgrader_config.py"
STUB = "Write your answer here."
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder: ``root`` holds nbgrader_config.py, source/, release/ and autograde/."""

    root: Path

    @classmethod
    def find(cls, start: Path | str | None = None) -> Course:
        """The course that ``start`` (default: the current folder) lies in, looking upwards."""
        here = Path(start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / CONFIG_NAME).is_file():
                return cls(folder)
        raise CourseError(
            str(here),
            f"this folder is not inside a course: no {CONFIG_NAME} here or above",
            "Change to the course folder (the one with source/ and release/) and run the command again.",
        )

    @property
    def autograde(self) -> Path:
        return self.root / "autograde"

    @property
    def submitted(self) -> Path:
        return self.autograde / "submitted"

    @property
    def autograded(self) -> Path:
        return self.autograde / "autograded"

    @property
    def feedback(self) -> Path:
        return self.autograde / "feedback"

    @property
    def records(self) -> Path:
        return self.autograde / "records"

    @property
    def gradebook(self) -> Path:
        """Where the gradebook lies unless nbgrader_config.py names a server (`db_url`)."""
        return self.autograde / "gradebook.db"

    @property
    def db_url(self) -> str:
        """The gradebook's address as nbgrader sees it: nbgrader_config.py's, SQLite in autograde/ by default."""
        said = load_config(self).get("CourseDirectory", {}).get("db_url")
        return said if isinstance(said, str) and said else self.own_db_url

    @property
    def own_db_url(self) -> str:
        return f"sqlite:///{self.gradebook}"

    @property
    def policy(self) -> Path:
        """Due dates, penalties, extensions: see `policy_file`."""
        return self.autograde / "policy.yaml"

    @property
    def received(self) -> Path:
        """When submissions came that carry no stamp of their own: see `late`."""
        return self.autograde / "received.csv"

    def assignments(self) -> list[str]:
        """The names of the folders in source/ and release/, sorted."""
        return sorted({p.name for base in ("source", "release") for p in (self.root / base).glob("*") if p.is_dir()})

    def source(self, assignment: str) -> Path:
        return self.root / "source" / assignment

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment

    def judge_values(self, assignment: str) -> Path:
        return self.autograde / "judge" / f"{assignment}.yaml"

    def submission(self, student: str, assignment: str) -> Path:
        return self.submitted / student / assignment

    def record(self, student: str, assignment: str) -> Path:
        """Where a student's record lies; a name that is no safe file name is spelt out in percent signs.

        A name may hold bytes that are no text, and be too long once spelt out: then a digest stands for its end.
        """
        raw = os.fsencode(student)
        name = quote(raw, safe="")
        if len(name) > 200:
            name = f"{name[:100]}-{hashlib.sha256(raw).hexdigest()[:32]}"
        return self.records / assignment / f"{name}.json"

    def known_assignment(self, assignment: str) -> str:
        """``assignment`` when source/ or release/ has it; otherwise an error that lists what there is."""
        known = self.assignments()
        if assignment not in known or not SAFE_NAME.match(assignment):
            listed = ", ".join(known) if known else "none yet (run: casebook build)"
            raise CourseError(
                f"assignment {assignment!r}", "there is no such assignment", f"Known assignments: {listed}."
            )
        return assignment

    def prepare(self) -> None:
        """Make the folders nbgrader expects to find; a disk that refuses is reported in plain words."""
        for folder in (
            self.submitted,
            self.autograded,
            self.feedback,
            self.records,
            self.autograde / "exchange",
        ):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise disk_trouble(error, str(folder)) or error from error


def with_programs_on_path() -> None:
    """Put this environment's programs on the PATH: a new gradebook is made by calling ``alembic``."""
    programs = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + path if path else programs


def configure(c: Any, root: str | Path) -> None:
    """Fill nbgrader's config ``c`` so that its own commands and formgrader take Casebook's path.

    No kernel is started: `Execute` is not among the preprocessors, and the exporter reads submissions
    through intake and repair, so a broken file ends as a status and not as the end of the batch.
    """
    course = Course(Path(root).resolve())
    with suppress(CourseError):  # a disk that refuses is reported by the command that needs it
        course.prepare()
    with_programs_on_path()

    c.CourseDirectory.root = str(course.root)
    c.CourseDirectory.course_id = "casebook"
    c.CourseDirectory.submitted_directory = "autograde/submitted"
    c.CourseDirectory.autograded_directory = "autograde/autograded"
    c.CourseDirectory.feedback_directory = "autograde/feedback"
    c.CourseDirectory.solution_directory = "autograde/solution"
    c.CourseDirectory.db_url = course.own_db_url
    c.Exchange.root = str(course.autograde / "exchange")

    c.ClearSolutions.code_stub = {"python": ""}  # the blank form stands above it
    c.ClearSolutions.text_stub = STUB

    room = "casebook.course.preprocessor"
    c.Autograde.exporter_class = f"{room}.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [f"{room}.CheckMetadata"]
    c.Autograde.autograde_preprocessors = [
        f"{room}.Judge",
        "nbgrader.preprocessors.LimitOutput",
        f"{room}.SaveJudgedGrades",
        f"{room}.AssignPenalties",
        f"{room}.CheckMetadata",
    ]
    c.AssignPenalties.plugin_class = "casebook.course.late_plugin.PolicyPenalty"
    c.Autograde.pre_convert_hook = f"{room}.know_release"
    c.Autograde.post_convert_hook = f"{room}.drop_stray_files"
    c.GenerateFeedback.exporter_class = "casebook.course.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]
    c.GenerateFeedback.post_convert_hook = "casebook.course.slips.lay_slips"
    c.ExchangeFactory.collect = "casebook.course.exchange.Collect"
    c.ExchangeFactory.release_feedback = "casebook.course.exchange.ReleaseFeedback"
    c.ExportApp.plugin_class = "casebook.course.export.StatusExport"

    stock = find_spec("nbgrader")  # its package is large: asked where it lies, not imported
    assert stock is not None and stock.submodule_search_locations
    of_nbgrader = str(Path(stock.submodule_search_locations[0]) / "server_extensions" / "formgrader" / "templates")
    c.HTMLExporter.template_name = "casebook-formgrader"  # what formgrader shows of a submission: see pages/
    c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent / "pages"), of_nbgrader]
    c.HTMLExporter.extra_template_paths = [of_nbgrader]


def load_config(course: Course) -> Config:
    """The config that stock nbgrader would use in ``course``, local changes included."""
    from traitlets.config.loader import PyFileConfigLoader

    try:
        return PyFileConfigLoader(CONFIG_NAME, path=str(course.root)).load_config()
    except CourseError:
        raise
    except Exception as error:
        raise CourseError(
            str(course.root / CONFIG_NAME),
            f"the settings cannot be read: {type(error).__name__}: {error}",
            "Undo your last change there; the file as shipped only calls casebook.course.settings.configure.",
        ) from error
