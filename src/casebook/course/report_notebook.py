"""The cohort report as a notebook: the same numbers, one question a cell, to go on asking from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

from casebook.course.build_notebook import notebook_bytes

_CUT = "%% "


def notebook_text(assignment: str, people: Sequence[str] = ()) -> str:
    """The .ipynb as text: no outputs, stable cell ids. ``people`` is the class list written into it."""
    text = files("casebook.course.scaffold").joinpath("cohort-report.txt").read_text(encoding="utf-8")
    text = text.replace("[[assignment]]", assignment).replace("[[people]]", json.dumps(list(people)))
    cells = [_cell(at, part) for at, part in enumerate(text.split(_CUT)[1:])]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return notebook_bytes(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    ).decode()


def _cell(at: int, part: str) -> dict[str, object]:
    kind, _, source = part.partition("\n")
    cell: dict[str, object] = {"cell_type": kind, "id": f"report-{at:02d}", "metadata": {}, "source": source.rstrip()}
    return cell | {"outputs": [], "execution_count": None} if kind == "code" else cell
