"""The cell that keeps: the call is found where it stands and nothing else in the cell changes."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from casebook.show.rewrite import CellWriter, Place, keep_call, rewritten

ARGUMENTS = {"serving": "triton-l4", "replicas": 2, "threshold": 2.5}


def test_a_short_call_is_one_line_and_a_long_one_is_wrapped() -> None:
    assert keep_call("board.keep", ARGUMENTS) == 'board.keep(serving="triton-l4", replicas=2, threshold=2.5)'
    many = {f"knob_{n}": n for n in range(30)}
    text = keep_call("board.keep", many, "    ")
    assert max(len(line) for line in text.splitlines()) <= 92
    assert eval(text, {"board": SimpleNamespace(keep=dict)}) == many


def test_only_the_call_changes() -> None:
    cell = "# mein Entwurf: größer\ndesign = board.keep()  # so\nprint('ü')"
    found = rewritten(cell, Place(2, 9, 2, 21), ARGUMENTS)
    assert found is not None
    start, end, words = found
    assert cell[:start] + words + cell[end:] == cell.replace("board.keep()", words)
    assert rewritten(cell, Place(3, 0, 3, 5), ARGUMENTS) is None
    assert rewritten("design = (", Place(1, 0, 1, 1), ARGUMENTS) is None


class Shell:
    """As much of a notebook as the writer asks for."""

    def __init__(self, cell: str) -> None:
        self.history_manager = SimpleNamespace(input_hist_raw=["", cell])
        self.execution_count = 1
        self.written = ""

    def set_next_input(self, text: str, replace: bool) -> None:
        assert replace
        self.written = text


@pytest.mark.parametrize("cell", [
    "design = board.keep()",
    "x = 'ä€'; design = board.keep(serving='old')",
    "design = board.keep(\n    serving='old',\n)",
    "if True:\n    design = board.keep()",
])
def test_the_running_cell_is_rewritten_and_stays_python(cell: str) -> None:
    writer, shell = CellWriter(), Shell(cell)

    def keep(**_: Any) -> None:
        assert writer.write(shell, sys._getframe(1), ARGUMENTS)

    exec(compile(cell, "cell", "exec"), {"board": SimpleNamespace(keep=keep)})
    kept: list[dict[str, Any]] = []
    exec(shell.written, {"board": SimpleNamespace(keep=lambda **kwargs: kept.append(kwargs))})
    assert kept == [ARGUMENTS]
    assert shell.written.split("board.keep")[0] == cell.split("board.keep")[0]


def test_two_boards_in_one_cell_both_keep() -> None:
    cell = "design = board.keep()\nalternative = board2.keep()"
    writer, shell = CellWriter(), Shell(cell)

    def keeper(number: int) -> Any:
        return SimpleNamespace(keep=lambda **_: writer.write(shell, sys._getframe(1), {"replicas": number}))

    exec(compile(cell, "cell", "exec"), {"board": keeper(1), "board2": keeper(2)})
    assert shell.written == "design = board.keep(replicas=1)\nalternative = board2.keep(replicas=2)"


def test_without_a_notebook_nothing_is_written() -> None:
    assert not CellWriter().write(None, sys._getframe(), ARGUMENTS)
    assert not CellWriter().write(Shell("print('no call here')"), sys._getframe(), ARGUMENTS)
