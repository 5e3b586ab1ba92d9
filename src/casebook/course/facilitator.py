"""The page for whoever leads a room through a case: docs/facilitator/<case>.md, made from the case's own block."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

FOLDER = "docs/facilitator"


def facilitator_page(data: CaseData) -> str:
    """The page as markdown; '' for a case without the block."""
    from casebook.facts import render

    told = data.facilitator
    if told is None:
        return ""
    lines = [f"# {data.title}: for whoever leads the room", ""]
    lines += [f"**{float(told.minutes):g} minutes.** The room is told one sentence: *“{render(data.brief)}”*", ""]
    lines += ["## Ask the room", "", *(f"{number}. {render(words)}" for number, words in enumerate(told.ask, 1)), ""]
    lines += ["## Three wrong turns, and what to do then", ""]
    for wrong in told.wrong_turns:
        lines += [f"- **{render(wrong.turn)}** {render(wrong.then)}"]
    lines += ["", "## The one argument worth having", "", render(told.argument), ""]
    lines += ["## At hand", "", "| interruption | what it teaches |", "|---|---|"]
    lines += [f"| {item.title} (`{item.id}`) | {render(item.teaches)} |" for item in data.pushbacks]
    lines += ["", "| tempting start | why it loses |", "|---|---|"]
    lines += [f"| {item.title} | {render(item.loses)} |" for item in data.presets if item.role == "tempting"]
    return "\n".join(lines) + "\n"


def facilitator_pages() -> Iterator[tuple[str, str]]:
    """Place in the course and text of each page there is."""
    from casebook.facts import case_ids, load_case_data

    for case_id in case_ids():
        text = facilitator_page(load_case_data(case_id))
        if text:
            yield f"{FOLDER}/{case_id}.md", text


def differing(root: Path, check: bool) -> list[str]:
    """Pages that are not what the cases say now (and are written, unless ``check``); none where there are no docs/."""
    if not (root / "docs").is_dir():
        return []
    found = []
    for place, text in facilitator_pages():
        path = root / place
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        found.append(place)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return found
