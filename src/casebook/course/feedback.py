"""Feedback pages: what was handed in, what was found, how to mend it, a reader's comments; one file.

`FeedbackExporter` is nbgrader's exporter in this course: its command and formgrader write the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter, HTMLExporter
from nbformat.notebooknode import NotebookNode

from casebook.course import render
from casebook.course.errors import CourseError, disk_trouble
from casebook.course.feedback_design import design_html
from casebook.course.gradebook import Mark, sheets
from casebook.course.late import settle
from casebook.course.one_at_a_time import alone
from casebook.course.records import students
from casebook.course.regrades import feedback_html
from casebook.course.settings import Course, load_config

Progress = Callable[[Iterable[str]], Iterable[str]]

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem .8rem; border: 1px solid #8886; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top;
  padding: .3rem .6rem .3rem 0; border-top: 1px solid #8886; }
.comment { border-left: 4px solid #0072b2; padding-left: .8rem; white-space: pre-line; }
.design { overflow-x: auto; } .design svg { max-width: 100%; height: auto; }
@media print { body { margin: 0; } }
"""


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """One page from a graded notebook; a cell without a score says so and never shows a 0 it did not earn."""

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page and the resources, as nbconvert wants them."""
        nb, resources = Exporter.from_notebook_node(self, nb, resources, **kw)
        place = resources["nbgrader"]
        course = Course(Path(self.parent.coursedir.root))
        late = settle(course, place["assignment"], only=[place["student"]]).get(place["student"])
        sheet = sheets(course, place["assignment"]).get(place["student"])
        marks = {mark.grade_id: mark for mark in sheet.marks} if sheet else {}
        penalty = sheet.late_penalty if sheet else 0.0
        drawn = design_html(course, place["assignment"], place["student"])
        told = f"<p>{escape(late.words)}</p>" if late and late.words else ""
        told += feedback_html(course, place["assignment"], place["student"])
        return page(nb, marks, penalty, place["assignment"], place["student"], drawn, told), resources


def page(
    nb: NotebookNode,
    marks: dict[str, Mark],
    penalty: float,
    assignment: str,
    student: str,
    drawn: str = "",
    told: str = "",
) -> str:
    """The feedback page as HTML. Learner text is escaped here; findings were rendered when graded, and ``drawn``
    is the section with the learner's own design; ``told`` (HTML) stands below the total."""
    title = f"{escape(assignment)} · {escape(student)}"
    parts = [part for cell in nb.cells if (part := _cell(cell, marks))]
    while parts and parts[-1].startswith("<h2>"):  # headings of the assignment's own last pages
        parts.pop()
    body = "".join(parts)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1><p><b>{_total(marks, penalty)}</b></p>{told}{body}{drawn}</body></html>\n"
    )


def _total(marks: dict[str, Mark], penalty: float) -> str:
    possible = render.points(sum(mark.possible for mark in marks.values()))
    waiting = [mark.grade_id for mark in marks.values() if mark.points is None or mark.again]
    given = sum(mark.points for mark in marks.values() if mark.points is not None)
    late = f", {render.points(penalty)} of them taken off for lateness" if penalty else ""
    if len(waiting) == len(marks) or any(mark.points is None for mark in marks.values() if mark.by_machine):
        return f"No score yet (of {possible} points)."
    if waiting:
        missing = ", ".join(waiting)
        return f"{render.points(given)} points so far, of {possible}{late}; a person has still to read: {missing}."
    return f"{render.points(max(given - penalty, 0.0))} of {possible} points{late}."


def _cell(cell: NotebookNode, marks: dict[str, Mark]) -> str:
    marked = cell.metadata.get("nbgrader", {})
    if cell.get("id") == "casebook-status":
        return str(cell.source)
    if marked.get("grade") and not marked.get("solution"):
        return _findings(cell)
    if not marked.get("solution"):
        return _headings(cell)
    text = f"<pre>{escape(cell.source)}</pre>" if cell.cell_type == "code" else _prose(cell)
    mark = marks.get(str(marked["grade_id"]))
    told = f"<p>{_points(mark)}</p>" if mark else ""
    comment = marked.get("comment")
    if comment and comment != "No response.":
        told += f'<p class="comment">{escape(str(comment))}</p>'
    return f"{text}{told}"


def _headings(cell: NotebookNode) -> str:
    """The headings of the assignment's own text, so that a reader knows where they are."""
    if cell.cell_type != "markdown":
        return ""
    lines = [line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("##")]
    plain = [re.sub(r"<[^>]*>|[*_`]", "", line).strip() for line in lines]
    return "".join(f"<h2>{escape(line)}</h2>" for line in plain)


def _prose(cell: NotebookNode) -> str:
    """A written answer was already quoted when it was graded; the untouched stub is quoted here."""
    return str(cell.source) if cell.source.startswith("<pre style=") else f"<pre>{escape(cell.source)}</pre>"


def _points(mark: Mark) -> str:
    if mark.points is None:
        return f"Not graded yet ({render.points(mark.possible)} points possible)."
    return f"{render.points(mark.points)} of {render.points(mark.possible)} points."


def _findings(cell: NotebookNode) -> str:
    found = [output.data.get("text/html", "") for output in cell.outputs if "data" in output]
    return "".join(str(html) for html in found)


@alone("casebook feedback")
def write_feedback(
    course: Course, assignment: str, only: Iterable[str] = (), *, progress: Progress = iter
) -> list[Path]:
    """Write the pages of everyone graded (or ``only`` these) through nbgrader; returns the files."""
    from casebook.course.autograde import QuietFeedback, convert

    course.known_assignment(assignment)
    everyone = [
        name for name in students(course, assignment) if any((course.autograded / name / assignment).glob("*.ipynb"))
    ]
    wanted = sorted(set(only)) or everyone
    missing = [name for name in wanted if name not in everyone]
    if missing or not wanted:
        raise CourseError(
            ", ".join(missing) or str(course.autograded.relative_to(course.root)),
            "there is nothing graded to give feedback on",
            f"Run: casebook grade {assignment}",
        )
    written: list[Path] = []
    for student in progress(wanted):
        config = load_config(course)
        try:
            convert(QuietFeedback, config, assignment, student)
        except Exception as error:
            raise disk_trouble(error, str(course.feedback)) or CourseError(
                str(course.feedback / student),
                f"the page could not be written ({type(error).__name__}: {error})",
                f"Grade that student again: casebook grade {assignment} --student {student} --force",
            ) from error
        written += sorted((course.feedback / student / assignment).glob("*.html"))
    return written
