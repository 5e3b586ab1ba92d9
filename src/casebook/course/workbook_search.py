"""The searches that a notebook may ask for: what can be had around a design, and what moves it most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casebook.course.workbook_keep import is_blank
from casebook.course.workbook_page import Page, page, para

if TYPE_CHECKING:
    from collections.abc import Callable

    from casebook.design import Case, Design

NOTHING_YET = "Keep a design first: run the cell with board.keep() after you have chosen on the board."


def front_of(case: Case, scenario: str, design: Design | None, designs: int = 200) -> Any:
    """The front of bill, tail and quality with ``design`` on it (seconds); where it is blank, a page that says so."""
    if design is None or is_blank(design):
        return _blank("The front")
    from casebook.search import around
    from casebook.show.searched import front_shown

    conditions = case.conditions(scenario)
    with _Progress() as progress:
        front = around(case, conditions, design, designs=designs, tell=progress.tell)
    return front_shown(front, case.data, conditions)


def tornado_of(case: Case, scenario: str, design: Design | None) -> Any:
    """What moves the design's tail and bill most: its knobs, and the figures whose sources are unsure."""
    if design is None or is_blank(design):
        return _blank("What moves it most")
    from casebook.search import knob_tornado, source_tornado
    from casebook.show.searched import tornado_shown

    conditions = case.conditions(scenario)
    with _Progress() as progress:
        progress.tell("knobs", 0, 2)
        knobs = knob_tornado(design, conditions)
        progress.tell("sources", 1, 2)
        sources = source_tornado(design, conditions)
    return tornado_shown([knobs, sources], case.data)


def _blank(title: str) -> Page:
    return page(f"{title}: no design is kept yet", para(NOTHING_YET), mood="quiet")


class _Progress:
    """A line in the cell's output that says how far it is and is empty at the end; nothing outside a notebook."""

    def __init__(self) -> None:
        self._update: Callable[[str], None] | None = None

    def __enter__(self) -> _Progress:
        try:
            from IPython import get_ipython
            from IPython.display import display
        except ImportError:
            return self
        if get_ipython() is not None:
            handle = display({"text/plain": ""}, raw=True, display_id=True)
            self._update = lambda words: handle.update({"text/plain": words}, raw=True)
        return self

    def tell(self, what: str, done: int, of: int) -> None:
        """Called by the search; ``of`` is 0 where the end is not known."""
        if self._update is not None:
            self._update(f"{what}: {done} of {of}" if of else what)

    def __exit__(self, *_: object) -> None:
        if self._update is not None:
            self._update("")
