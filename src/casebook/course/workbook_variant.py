"""A student's own numbers in words: what differs from the printed case, and what a code that cannot be read means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.course.workbook_page import Page, page, para, table

if TYPE_CHECKING:
    from casebook.facts.case import CaseData
    from casebook.facts.variant import Differs

WAYS = {"max": "at most", "min": "at least", "": ""}


def numbers_page(data: CaseData, code: str) -> Page | None:
    """What a code changes in its case; what is wrong with a code that cannot be read; None for the printed case."""
    from casebook.answer.code import CodeError, read_code

    if not code and not data.variant:
        return None
    try:
        if code:
            read_code(code)
    except CodeError as error:
        return page(
            f"The code “{code}” cannot be read",
            para(f"{str(error)[:1].upper()}{str(error)[1:]}."),
            para("Until then the numbers are the printed ones. Mend the code in its cell and run from there again."),
            mood="mend",
        )
    if not data.variant:
        return page("A code, and no variants", para("This case is the same for everybody: the code changes nothing."))
    rows = [
        [item.title, f"{WAYS[item.way]} {printed(item, item.printed)}".strip(), printed(item, item.now)]
        for item in changes(data)
    ]
    return page(
        f"Your own numbers: variant {data.variant}",
        table(["", "printed", "yours"], rows, (1, 2)),
        para(
            "Wherever the text says the printed number, yours counts: on the board, in every check and in the grade. "
            "Everything else is as printed, and the questions about the source keep the source's numbers."
        ),
        mood="good",
    )


def changes(data: CaseData) -> tuple[Differs, ...]:
    """What a variant says instead of the printed case; nothing for the printed case."""
    from casebook.facts import load_case_data
    from casebook.facts.variant import differences
    from casebook.facts.variant_id import base_id

    return differences(load_case_data(base_id(data.id)), data) if data.variant else ()


def printed(item: Differs, value: float) -> str:
    """A number of a variant with its unit: 160,000 uploads a day, 4 %, 180 ms."""
    from casebook.show.headline import amount

    return f"{value:,.0f} {item.unit}" if item.what == "volume" else amount(value, item.unit).strip()


def told(item: Differs) -> str:
    """One difference on a line: 'Launch: 160,000 uploads a day instead of 100,000 uploads a day'."""
    way = f"{WAYS[item.way]} " if item.way else ""
    return f"{item.title}: {way}{printed(item, item.now)} instead of {printed(item, item.printed)}"


def short(data: CaseData) -> str:
    """What differs in one line, of the volumes only that of the day which is judged: 'Launch 60,000; Cost ≤ $0.02'."""
    from casebook.design.conditions import default_scenario

    signs = {"max": "≤ ", "min": "≥ ", "": ""}
    return "; ".join(
        f"{item.title} {signs[item.way]}{printed(item, item.now)}"
        for item in changes(data)
        if item.what != "volume" or item.name == default_scenario(data)
    )
