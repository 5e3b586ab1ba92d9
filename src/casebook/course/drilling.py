"""An exercise in a notebook: the question while its answer is blank, the verdict once it is not."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from casebook.course.workbook_page import Block, Page, page, para, points_list
from casebook.drills import DrillError, find, mark, offered
from casebook.drills.marking import asked_in
from casebook.facts import render

if TYPE_CHECKING:
    from casebook.drills import Marked
    from casebook.facts import Drill


def drill(drill_id: str, answer: str | float | None = None, because: str = "") -> Page:
    """The exercise as a page: its question where ``answer`` is left out, else what breaks, why, and the next one.

    ``answer`` is a letter or id of a choice, or a number with or without its unit; ``because`` the letter of the
    reason where one is asked. What cannot be marked is said on the page; nothing is raised and nothing recorded
    (``casebook drill`` keeps the progress file).
    """
    found = find(drill_id)
    if answer is None:
        return page(found.title, *_question(found), para(_how_to(found)), mood="quiet")
    if isinstance(answer, str) and not answer.strip():  # in a notebook the question stands above the cell
        return page(found.title, *_drawn(found), para(_how_to(found)), mood="quiet")
    try:
        marked = mark(found, answer, because)
    except DrillError as error:
        return page(found.title, *_drawn(found), para(str(error)), mood="mend")
    return page(found.title, *_verdict(marked), mood="good" if marked.right else "mend")


def _question(found: Drill) -> list[Block]:
    blocks = [para(render(found.ask), "say"), *_drawn(found)]
    if found.choices:
        blocks.append(_lettered([render(choice.text) for choice in offered(found, found.choices)]))
    if found.reasons:
        blocks.append(para("All of these are true. Which one decides?"))
        blocks.append(_lettered([render(reason.text) for reason in offered(found, found.reasons)]))
    return blocks


def _drawn(found: Drill) -> list[Block]:
    return [] if found.drawing is None else [Block(_picture(found), _arrows(found))]


def _how_to(found: Drill) -> str:
    if found.asks == "number":
        return f"Not answered yet. Write your number between the quotation marks{asked_in(found.unit)}."
    if found.asks == "justify":
        return "Not answered yet. Write the letter of your choice, and after because= the letter of the reason."
    return "Not answered yet. Write the letter of your choice between the quotation marks."


def _verdict(marked: Marked) -> list[Block]:
    head = "Right." if marked.right else f"{marked.points} of {marked.possible}."
    rows = [("✓" if marked.right else "→", f"{head} You said: {render(marked.said)}")]
    if marked.broke:
        rows.append(("✗", f"What breaks: {render(marked.broke)}"))
        rows.append(("✓", f"Right would be: {render(marked.right_answer)}"))
    rows.append(("•", f"Why: {render(marked.explains)}"))
    blocks = [points_list(rows)]
    if marked.next_id:
        blocks.append(para(f"Next: {marked.next_id}"))
    return blocks


def _lettered(texts: list[str]) -> Block:
    return points_list([(chr(ord("a") + place), text) for place, text in enumerate(texts)])


def _picture(found: Drill) -> str:
    """The drawn design as an image that stands alone, so that two pictures on a page share nothing."""
    import base64

    from casebook.show.drawing import drawing_svg

    svg = drawing_svg(found.title, found.drawing) if found.drawing is not None else ""
    data = base64.b64encode(svg.encode()).decode()
    alt = escape(_arrows(found), quote=True)
    looks = "max-width:100%;background:#fff;border-radius:6px"
    return f'<img alt="{alt}" style="{looks}" src="data:image/svg+xml;base64,{data}">'


def _arrows(found: Drill) -> str:
    if found.drawing is None:
        return ""
    titles = {box.id: box.title for box in found.drawing.boxes}
    parts = [f"  {box.title}: {box.says or '–'} ({box.owner or 'nobody'})" for box in found.drawing.boxes]
    ways = [f"  {titles[src]} -> {titles[dst]} ({kind})" for src, dst, kind in found.drawing.edges]
    return "\n".join([*parts, *ways])
