"""The course room: release, grade, feedback and export on nbgrader, and what a test cell calls in Lab.

Importing it is cheap; nbgrader and its friends are loaded by the parts that need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.lean import door

if TYPE_CHECKING:
    from casebook.course.public import NotYet, PublicScore, check_cell, score_cell

__all__ = ["NotYet", "PublicScore", "check_cell", "score_cell"]

__getattr__ = door(__name__, dict.fromkeys(__all__, "casebook.course.public"))
