"""Casebook inside nbgrader: the classes that nbgrader_config.py names, on nbgrader's own extension points.

Stock ``nbgrader autograde``, formgrader's button and ``casebook grade`` all pass through here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool

from casebook.course import render
from casebook.course.errors import Refused
from casebook.course.gradebook import after_commit, opened
from casebook.course.intake import open_submission
from casebook.course.late import seconds_late, stamp_in
from casebook.course.outcome import Outcome
from casebook.course.read_again import digests, flag_changed, remember
from casebook.course.records import desk_for
from casebook.course.repair import Release, blank, load_release, rebuild
from casebook.course.settings import Course

MARK = "casebook_outcome"


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submission for nbgrader without trusting it: what comes out is rebuilt from the release."""

    trusted = Bool(
        False,
        help="Run the notebooks whose answers cannot be read, without a jail. Only for people you trust.",
    ).tag(config=True)
    optimistic_validation = Bool(
        True, help="Check the notebook's format once, after the last step, and not after each of them."
    ).tag(config=True)

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **kw: Any) -> Any:
        """First pass: intake, repair, judge; second pass (our own file): as nbconvert does it."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kw)
        assert resources is not None
        place = resources["nbgrader"]
        course = Course(Path(self.parent.coursedir.root))
        desk = desk_for(course, place["assignment"])
        outcome = desk.outcome(Path(filename), trusted=self.trusted)
        release = load_release(course.release(place["assignment"]))
        notebook = from_dict(render.showable(_rebuilt(release, Path(filename), outcome), outcome))
        if getattr(self.parent, "one_pass", False):
            place[MARK] = outcome
        else:  # stock writes the notebook between its two passes, and nothing else
            notebook.metadata[MARK] = json.loads(outcome.to_json())
        return super().from_notebook_node(notebook, resources=resources, **kw)


def _rebuilt(release: Release, path: Path, outcome: Outcome) -> dict[str, Any]:
    """The notebook to keep: the learner's, rebuilt, or the empty release where that cannot be."""
    if outcome.status != "refused":
        try:
            return rebuild(release, open_submission(path)).notebook
        except Refused:
            pass
    return blank(release)


class Judge(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes the test cells' outputs from the Outcome: a number nbgrader reads, reasons people read."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        outcome = resources["nbgrader"].get(MARK) or Outcome.from_json(json.dumps(nb.metadata.pop(MARK)))
        resources["nbgrader"][MARK] = outcome
        _write_outputs(nb, outcome)
        return nb, resources


def judged(release: Release, path: Path, outcome: Outcome) -> NotebookNode:
    """The notebook at ``path`` rebuilt, with the judge's findings as its test cells' outputs; no gradebook needed."""
    notebook = from_dict(render.showable(_rebuilt(release, path, outcome), outcome))
    _write_outputs(notebook, outcome)
    return notebook


def _write_outputs(nb: NotebookNode, outcome: Outcome) -> None:
    for cell in nb.cells:
        if utils.is_grade(cell) and cell.cell_type == "code" and not utils.is_solution(cell):
            cell.outputs = [from_dict(_output(cell, outcome))]


def _output(cell: NotebookNode, outcome: Outcome) -> dict[str, Any]:
    """What the test cell's last value would have been: a float whose HTML is the list of findings."""
    graded = outcome.cell(str(cell.metadata.nbgrader["grade_id"]).removeprefix("check-"))
    if not outcome.scored or graded is None:
        text = render.STATUS_WORDS[outcome.status]
        return {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/plain": text, "text/html": render.not_scored_html(outcome)},
        }
    score = min(max(graded.points, 0.0), float(cell.metadata.nbgrader["points"]))
    return {
        "output_type": "execute_result",
        "execution_count": None,
        "metadata": {},
        "data": {"text/plain": repr(score), "text/html": render.cell_html(graded, outcome)},
    }


class CheckMetadata(CheckCellMetadata):  # type: ignore[misc]
    """nbgrader's check of its own metadata, made once for all notebooks in which that is the same.

    A cohort's is the release's, and stock checks even the schema again for every cell.
    """

    _sound: ClassVar[set[str]] = set()

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        found = [(cell.cell_type, cell.metadata["nbgrader"]) for cell in nb.cells if "nbgrader" in cell.metadata]
        key = json.dumps(found, sort_keys=True)
        if key not in self._sound:
            nb, resources = super().preprocess(nb, resources)
            self._sound.add(key)
        return nb, resources


class OneSheet:
    """One student's rows of an open gradebook, found at once, in the words that nbgrader's saver asks in.

    Its ``commit`` after every cell does nothing here: whoever opened the gradebook commits the whole sheet.
    """

    def __init__(self, gradebook: Any, notebook: str, assignment: str, student: str) -> None:
        rows = gradebook.find_submission_notebook(notebook, assignment, student)
        self._grades = {grade.name: grade for grade in rows.grades}
        self._comments = {comment.name: comment for comment in rows.comments}
        self.db = self

    def find_grade(self, name: str, *_place: str) -> Any:
        return _of(self._grades, name)

    def find_comment(self, name: str, *_place: str) -> Any:
        return _of(self._comments, name)

    def commit(self) -> None:
        pass


def _of(rows: dict[str, Any], name: str) -> Any:
    if name not in rows:
        raise MissingEntry(f"the gradebook has no cell {name!r} for this submission")
    return rows[name]


class SaveJudgedGrades(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's saver, except that what was not scored is saved as *no score*, for a person to decide.

    Also for written answers: nbgrader files an untouched one as graded with 0; here it waits for a reader.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        self._outcome: Outcome = resources["nbgrader"][MARK]
        place = resources["nbgrader"]
        course = Course(Path(self.parent.parent.coursedir.root))
        self.notebook_id, self.assignment_id = place["notebook"], place["assignment"]
        self.student_id = place["student"]
        with opened(course) as gradebook:
            if not getattr(self.parent.parent, "one_pass", False):
                # stock's own command knows neither extensions nor received.csv
                stamp_in(gradebook, course, self.assignment_id, self.student_id)
            self.gradebook = OneSheet(gradebook, self.notebook_id, self.assignment_id, self.student_id)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            read = digests(nb)
            flag_changed(course, self.assignment_id, self.student_id, read, self.gradebook.find_grade)
            gradebook.db.commit()  # all of a submission's grades or none
        desk, assignment, student = desk_for(course, place["assignment"]), place["assignment"], place["student"]
        outcome = self._outcome
        after_commit(course, lambda: remember(course, assignment, student, read))
        after_commit(course, lambda: desk.file(student, outcome))
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        by_machine = cell.cell_type == "code" and not utils.is_solution(cell)
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        decided, flagged, before = grade.manual_score is not None, bool(grade.needs_manual_grade), grade.auto_score
        if by_machine and self._outcome.scored:
            super()._add_score(cell, resources)
            if decided:  # stock asks for a second look every time; here only when the machine has another opinion
                grade.needs_manual_grade = flagged or grade.auto_score != before
            return
        grade.auto_score = None
        grade.needs_manual_grade = flagged or not decided
        self.gradebook.db.commit()


class AssignPenalties(AssignLatePenalties):  # type: ignore[misc]
    """nbgrader's late penalties in the gradebook that is open: a second connection would wait for the first."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        place = resources["nbgrader"]
        self.notebook_id, self.assignment_id = place["notebook"], place["assignment"]
        self.student_id = place["student"]
        self.init_plugin()
        course = Course(Path(self.parent.parent.coursedir.root))
        with opened(course) as self.gradebook:
            late_s = seconds_late(course, self.gradebook.find_submission(self.assignment_id, self.student_id))
            row = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
            self.gradebook.db.refresh(row)  # its score is what the database adds up
            ask = self.plugin_inst.late_submission_penalty
            penalty = ask(self.student_id, row.score, late_s) if late_s > 0 else None
            row.late_submission_penalty = None if penalty is None else self._check_late_penalty(row, penalty)
            self.gradebook.db.commit()
        return nb, resources


def know_release(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Before stock autograding: a gradebook that has never seen the assignment learns it from the release.

    Links, pipes and devices beside the notebook go: stock copies what they lead to, be it without end.
    """
    from casebook.course.gradebook import knows
    from casebook.course.release import register

    for path in Path(notebooks[0]).parent.rglob("*"):
        if str(path) not in notebooks and (path.is_symlink() or not (path.is_file() or path.is_dir())):
            path.unlink()
    course = Course.find(Path(notebooks[0]).parent)
    if not knows(course, assignment):
        register(course, assignment)


def drop_stray_files(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """After nbgrader copied a submission: keep its notebooks and timestamp, remove everything else.

    formgrader would serve a learner's HTML file, or the target of a link, from the instructor's own address.
    """
    for notebook in notebooks:
        handed = Path(notebook).parent
        kept = handed.parents[2] / "autograded" / handed.parent.name / handed.name
        _keep_only(kept, {Path(name).name for name in notebooks} | {"timestamp.txt"})


def _keep_only(folder: Path, names: set[str]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink() or (path.is_file() and (path.parent != folder or path.name not in names)):
            path.unlink()
        elif path.is_dir():
            path.rmdir()
