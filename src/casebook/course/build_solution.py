"""What an assignment's master holds beside the text: the strong answer as Python, and points per cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.build_answer import answer_path, read_answer
from casebook.course.build_notebook import Solver

if TYPE_CHECKING:
    from casebook.answer import Answer

BOARDS = {"design": "board", "alternative": "board2"}


def cell_points(rubric: str, case_id: str) -> Mapping[str, float]:
    """Test cell → points, and the grade ids of hand-graded cells → points, from seeds/rubrics.yaml."""
    from casebook.checks import load_rubric

    rules = load_rubric(rubric, case_id)
    return {cell.id: cell.points for cell in rules.cells} | dict(rules.hand_graded)


def solver(authored: Path, case_id: str) -> Solver:
    """Gives the lines of Python that make the named parts of the case's strong answer (authored/answers/)."""
    answer = read_answer(answer_path(authored, case_id))

    def solve(names: Sequence[str]) -> list[str]:
        return [line for name in names for line in python_of(answer, name)]

    return solve


def python_of(answer: Answer, name: str) -> list[str]:
    """One part of an answer as lines of Python that a learner could have written; none where it is blank."""
    value: Any = getattr(answer, name)
    if value is None or value == () or value == "":
        return []
    if name in BOARDS:
        from casebook.show.rewrite import keep_call

        return f"{name} = {keep_call(BOARDS[name] + '.keep', value.as_kwargs())}".splitlines()
    if name == "questions":
        return [f"{name} = {[item.id for item in value]!r}"]
    if isinstance(value, tuple):
        return [f"{name} = [", *(f"    {item!r}," for item in value), "]"]
    return [f"{name} = {value!r}"]
