"""Gets the answer out of a notebook without running it; says what it could not read, where, and what to
do.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from typing import Any

from casebook.answer.answer import Answer
from casebook.answer.cells import MAX_SOURCE_CHARS, AnswerCell, NotANotebook, answer_cells
from casebook.answer.code import home, typed_code
from casebook.answer.errors import AnswerError
from casebook.answer.parts import PART_NAMES, PARTS, coerced, empty
from casebook.answer.statements import Statements

MAX_NODES = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """``text`` says what is wrong in ``line`` of the cell named ``cell``; ``remedy`` what to write
    instead.
    """

    cell: str
    line: int
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.cell}, line {self.line}: " if self.cell else ""
        return f"{where}{self.text}. {self.remedy}".strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """``answer`` as far as it could be read; ``not_answered`` the parts that are blank; ``problems`` what
    is wrong however it is read; ``must_run`` the cells that compute, with ``reasons``; ``remarks`` what was
    decided without losing anything (a part answered twice).
    """

    answer: Answer
    not_answered: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    must_run: tuple[str, ...] = ()
    reasons: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


def read_notebook(notebook: str | PathLike[str] | Mapping[str, Any], case_id: str) -> Reading:
    """The answer in the notebook at a path, or in its dict. Never raises on what a learner wrote: a file
    that holds no notebook is an empty answer with one problem.
    """
    try:
        cells = answer_cells(notebook)
    except NotANotebook as error:
        answer = Answer(case_id)
        return Reading(answer, answer.blank_fields(), (Problem("", 0, f"This is no notebook: {error}"),))
    return read_cells(cells, case_id)


def read_cells(cells: tuple[AnswerCell, ...], case_id: str) -> Reading:
    """The answer in these cells, in order; a name keeps its value from one cell to the next."""
    problems: list[Problem] = []
    reasons: list[Problem] = []
    remarks: list[Problem] = []
    statements = Statements(case_id)
    for cell in cells:
        body = _parsed(cell, problems, reasons)
        if body is None:
            continue
        outcome = statements.read(cell.name, body)
        problems += [Problem(cell.name, *told) for told in outcome.problems]
        reasons += [Problem(cell.name, *told) for told in outcome.reasons]
        remarks += [Problem(cell.name, *told) for told in outcome.remarks]
    found: dict[str, Any] = {}
    case_id, code = home(case_id, typed_code(statements.known("code")))
    for part in PARTS:
        found[part.name] = empty(part)
        if part.name in statements.places:
            try:
                found[part.name] = coerced(part, statements.known(part.name), case_id)
            except AnswerError as error:
                cell_name, line = statements.places[part.name]
                problems.append(Problem(cell_name, line, f"{part.name}: {error.problem}", error.remedy))
    answer = Answer(case_id, **found, code=code)
    blank = answer.blank_fields()
    problems += [Problem(*told) for told in statements.stray(set(blank), PART_NAMES)]
    must_run = tuple(dict.fromkeys(reason.cell for reason in reasons))
    return Reading(answer, blank, tuple(problems), must_run, tuple(reasons), tuple(remarks))


def _parsed(cell: AnswerCell, problems: list[Problem], reasons: list[Problem]) -> list[ast.stmt] | None:
    if len(cell.source) > MAX_SOURCE_CHARS:
        problems.append(
            Problem(cell.name, 1, f"the cell is longer than {MAX_SOURCE_CHARS:,} characters", "Shorten it.")
        )
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(cell.source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        magic = _magic_line(cell.source)
        if magic:
            reasons.append(
                Problem(cell.name, magic, "it has a line for the notebook's shell (% or !)", "Remove the line.")
            )
        else:
            reason = getattr(error, "msg", None) or "it holds a character that no program may have"
            problems.append(
                Problem(
                    cell.name,
                    line,
                    f"this is not complete Python ({str(reason)[:120]})",
                    "Look for a missing quote, comma or bracket in this line or the one before.",
                )
            )
        return None
    except (RecursionError, MemoryError):
        problems.append(Problem(cell.name, 1, "its parts are nested too deeply", "Give each part a line of its own."))
        return None
    nodes = list(islice(ast.walk(tree), MAX_NODES + 1))
    if len(nodes) > MAX_NODES:
        problems.append(Problem(cell.name, 1, "the cell has too many parts", "Keep what matters."))
        return None
    for node in nodes:
        if told := _refused_by_python(node):
            line = int(getattr(node, "lineno", 1))
            problems.append(Problem(cell.name, line, f"Python refuses this cell: {told}", "Mend this line."))
            return None
    return tree.body


def _refused_by_python(node: ast.AST) -> str:
    """What the parser lets pass and the compiler does not, among the things that a reader would otherwise take."""
    if isinstance(node, ast.Call | ast.ClassDef):
        names = [keyword.arg for keyword in node.keywords if keyword.arg is not None]
        if len(set(names)) < len(names):
            return "a name is given twice in one call"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Starred):
        return "a star stands before nothing it could unpack"
    if (isinstance(node, ast.Name) and node.id == "__debug__") or (
        isinstance(node, ast.keyword) and node.arg == "__debug__"
    ):
        return "__debug__ is its own word"
    return ""


def _magic_line(source: str) -> int:
    for number, line in enumerate(source.split("\n"), start=1):
        stripped = line.strip()
        if stripped[:1] in ("%", "!", "?") or (stripped.endswith("?") and stripped[:-1].isidentifier()):
            return number
    return 0
