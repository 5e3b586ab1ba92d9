"""The learner's own design on the feedback page: its diagram, bill, latency and what the model leaves out.

Drawn anew from the judged Answer under the rubric's public scenario: no value of the judge's is in it.
"""

from __future__ import annotations

from html import escape

from casebook.course.cohort_report import judged, public_scenario
from casebook.course.export import filed
from casebook.course.repair import load_release
from casebook.course.settings import Course


def design_html(course: Course, assignment: str, student: str) -> str:
    """A section of the page, '' where there is no judged design. 100,000 simulated requests, seed 0."""
    record = filed(course, assignment, student)
    answer = judged(record) if record is not None and record.scored else None
    if answer is None or answer.design is None:
        return ""
    from casebook.design import evaluate
    from casebook.show.layout import LayoutError
    from casebook.show.stills import board_html

    release = load_release(course.release(assignment))
    try:
        ev = evaluate(answer.design, scenario=public_scenario(release.rubric, release.case_id))
        shown = board_html(ev, notes=answer.notes, line="The design you kept, as the model sees it.")
    except (LayoutError, ValueError, ArithmeticError) as error:  # the page is worth more than its picture
        shown = f"<p>It could not be drawn ({escape(type(error).__name__)}: {escape(str(error)[:200])}).</p>"
    return f'<section class="design"><h2>Your design</h2>{shown}</section>'
