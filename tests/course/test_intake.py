"""The door: what is refused, with which reason, and what is left of a notebook that comes in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from casebook.course.errors import Refused
from casebook.course.intake import MAX_CELL_CHARS, MAX_DEPTH, open_submission, plain_text, take_in


def raw(**changes: object) -> bytes:
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    return json.dumps(data | changes).encode()


def code(source: object = "x = 1", **changes: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": []} | changes


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"{", "damaged"),
        (b'{"nbformat": 4, "cells": [', "damaged"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[]", "not a notebook"),
        (b'"text"', "not a notebook"),
        (raw(nbformat=3), "format 3"),
        (raw(nbformat=True), "format true"),
        (raw(nbformat="4"), "format"),
        (raw(cells="none"), "no list of cells"),
        (raw(cells=[1]), "Cell 1 is not a cell"),
        (raw(cells=[code(cell_type="sql")]), "Cell 1 has an unknown type"),
        (raw(cells=[code(7)]), "text of cell 1"),
        (raw(cells=[code(), code(["a", 1])]), "text of cell 2"),
        (raw(cells=[code("x" * (MAX_CELL_CHARS + 1))]), "limit for one cell"),
        (raw(cells=[code("x" * MAX_CELL_CHARS)] * 11), "limit"),
        (raw(cells=[code("")] * 2001), "2001 cells"),
        (b'{"nbformat": 4, "cells": [], "x": NaN}', "a number that no notebook holds"),
        (b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 6000 + b"}", "a number that no notebook holds"),
        (b"[" * 200_000, "nested"),
        (
            b'{"nbformat": 4, "cells": [], "x": ' + b"[" * (MAX_DEPTH + 5) + b"]" * (MAX_DEPTH + 5) + b"}",
            "nested",
        ),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(file: bytes, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        take_in(file)
    assert told in refusal.value.reason
    assert refusal.value.remedy


def test_only_cells_come_in() -> None:
    marks = {"nbgrader": {"grade_id": "answer-a", "points": 1e9}, "widgets": {"state": "…"}}
    poisoned = code(["a = 1\n", "b = 2"], metadata=marks, id="abc", outputs=[{"data": {"text/html": "<script>"}}])
    handed = take_in(raw(cells=[poisoned], metadata={"kernelspec": {"name": "evil"}}))
    assert [(c.kind, c.source, c.grade_id, c.cell_id) for c in handed.cells] == [
        ("code", "a = 1\nb = 2", "answer-a", "abc")
    ]


@pytest.mark.parametrize("grade_id", [7, ["x"], {}, "", "x" * 500, None])
def test_a_name_that_is_no_name_is_no_name(grade_id: object) -> None:
    handed = take_in(raw(cells=[code(metadata={"nbgrader": {"grade_id": grade_id}})]))
    assert handed.cells[0].grade_id is None


def test_text_without_half_characters_and_control_characters() -> None:
    assert plain_text("a\ud800b\x00c\r\nd\re\tf") == "a?b\N{REPLACEMENT CHARACTER}c\nd\ne\tf"


def test_a_byte_order_mark_is_forgiven() -> None:
    assert take_in(b"\xef\xbb\xbf" + raw(cells=[code()])).cells[0].source == "x = 1"


def test_links_pipes_folders_and_missing_files_are_refused_without_waiting(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(raw(cells=[code()]))
    link, pipe, folder = tmp_path / "link.ipynb", tmp_path / "pipe.ipynb", tmp_path / "folder.ipynb"
    link.symlink_to(secret)
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (link, pipe, folder, tmp_path / "nowhere.ipynb"):
        with pytest.raises(Refused):
            open_submission(path)
    assert open_submission(secret).cells


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(Refused, match="Clear Outputs"):
        open_submission(path)
