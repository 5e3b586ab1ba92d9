"""Pictures: the architecture, the figures, the board, the scorecard. Loaded only where something is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.lean import door

if TYPE_CHECKING:
    from casebook.show.board import Board
    from casebook.show.reference import reference_picture
    from casebook.show.report import report_html
    from casebook.show.rubrics import rubrics_panel
    from casebook.show.sketching import architecture_svg
    from casebook.show.stills import board_html

_HOME = {
    "Board": "casebook.show.board",
    "architecture_svg": "casebook.show.sketching",
    "board_html": "casebook.show.stills",
    "report_html": "casebook.show.report",
    "reference_picture": "casebook.show.reference",
    "rubrics_panel": "casebook.show.rubrics",
}

__all__ = ["Board", "architecture_svg", "board_html", "reference_picture", "report_html", "rubrics_panel"]

__getattr__ = door(__name__, _HOME)
