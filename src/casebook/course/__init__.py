"""The course room: release, grade, feedback and export on nbgrader, and what a test cell calls in Lab.

Importing it is cheap; nbgrader and its friends are loaded by the parts that need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.course.public import NotYet, PublicScore, check_cell, score_cell

__all__ = ["NotYet", "PublicScore", "check_cell", "score_cell"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from casebook.course import public

        return getattr(public, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
