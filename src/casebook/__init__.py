"""Casebook: a workbook and grader for AI system-design cases.

``casebook.load_case("stability-moderation")`` is where to start; see the README.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.lean import defer_grammars, door

if TYPE_CHECKING:
    from casebook.checks import grade
    from casebook.course.drilling import drill
    from casebook.course.interview import open_interview
    from casebook.course.workbook import open_workbook
    from casebook.design import cases, evaluate
    from casebook.public import load_case

__version__ = "0.1.0"

defer_grammars()  # before anything imports jsonschema: see casebook/lean.py

_HOME = {
    "load_case": "casebook.public",
    "cases": "casebook.design",
    "drill": "casebook.course.drilling",
    "evaluate": "casebook.design",
    "grade": "casebook.checks",
    "open_interview": "casebook.course.interview",
    "open_workbook": "casebook.course.workbook",
}

__all__ = ["cases", "drill", "evaluate", "grade", "load_case", "open_interview", "open_workbook"]

__getattr__ = door(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
