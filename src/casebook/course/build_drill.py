"""An exercise as two cells of a notebook: its question in words, and the line that answers it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from casebook.course.build_text import AuthoredError, TextCell

if TYPE_CHECKING:
    from casebook.facts import Drill


def drill_cells(cell: TextCell) -> tuple[TextCell, TextCell]:
    """The two cells for ``# %% drill ID``; ``AuthoredError`` where there is no such exercise."""
    from casebook.drills import DrillError, find

    try:
        found = find(cell.target)
    except DrillError as error:
        raise AuthoredError(cell.file, cell.line, str(error), "Use an id that `casebook drill --list` shows.") from None
    name = found.id.replace(".", "-").lower()
    line = f'drill("{found.id}", ""' + (', because="")' if found.reasons else ")")
    question = replace(cell, kind="markdown", text=_question(found), options={"id": f"{name}-ask"}, target="")
    return question, replace(cell, kind="code", text=line, options={"id": name}, target="")


def _question(found: Drill) -> str:
    from casebook.drills import offered
    from casebook.drills.marking import asked_in

    lines = [f"### {found.title}", "", found.ask]
    if found.choices:
        lines += ["", *_lettered([choice.text for choice in offered(found, found.choices)])]
    if found.reasons:
        lines += ["", "All of these reasons are true. Which one decides?", ""]
        lines += _lettered([reason.text for reason in offered(found, found.reasons)])
    if found.asks == "number":
        lines += ["", f"A number{asked_in(found.unit)}."]
    return "\n".join(lines)


def _lettered(texts: list[str]) -> list[str]:
    return [f"- **{chr(ord('a') + place)}** {text}" for place, text in enumerate(texts)]
