"""In the workbook a part's cost is told once the learner has estimated it: an estimate is not a copy of the bill."""

from __future__ import annotations

from casebook.answer import ComponentNote
from casebook.public import load_case
from casebook.show import Board

CASE = load_case("stability-moderation")


def _legend(board: Board) -> str:
    return str(board._view._bill_words.value)


def test_amounts_are_hidden_until_the_part_has_an_estimate() -> None:
    board = Board(CASE, "launch", preset="reference", estimates_first=True)
    serving = f"${board.evaluation.cost_lines['serving']:,.0f}"
    assert serving not in _legend(board)
    assert "estimated the part" in _legend(board)
    board.notes = (ComponentNote("serving: Model Ops, because latency, $1,000 a month"),)
    assert serving in _legend(board)
    assert "?" in _legend(board)


def test_a_board_of_its_own_tells_everything() -> None:
    board = Board(CASE, "launch", preset="reference")
    assert f"${board.evaluation.cost_lines['serving']:,.0f}" in _legend(board)
    assert "?" not in _legend(board)
