"""The few names a notebook needs, gathered from the rooms: what ``import casebook`` offers.

Every name is fetched when first used, so that the import itself stays light.
"""

from __future__ import annotations

from typing import Any

from casebook.design import Case as PlainCase
from casebook.facts import load_case_data


class Case(PlainCase):
    """A case that also opens its board. Made by ``casebook.load_case``."""

    def board(self, *args: Any, **kwargs: Any) -> Any:
        """The board with this case's controls, plots and diagram (needs a notebook)."""
        from casebook.show import Board

        return Board(self, *args, **kwargs)


def load_case(case_id: str) -> Case:
    """The case with this id; an error that lists the ids for an unknown one."""
    load_case_data(case_id)
    return Case(case_id)
