"""The progress file: weak exercises come back, a crash costs nothing that was saved, nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.drills import DrillError, Journal, Marked

DAY = dt.date(2026, 3, 1)


def reply(drill_id: str, points: int, possible: int = 1) -> Marked:
    return Marked(drill_id, points, possible, "", "", "", "", "")


def days(*numbers: int) -> list[dt.date]:
    return [DAY + dt.timedelta(days=number) for number in numbers]


def test_an_exercise_comes_back_after_one_three_seven_and_fourteen_days(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "drills.jsonl")
    due, day = [], DAY
    for points in (0, 1, 1, 1, 1):
        journal.record(reply("a", points), day)
        standing = journal.standing("a")
        assert standing is not None
        due.append(None if standing.due is None else (standing.due - day).days)
        day = standing.due or day
    assert due == [1, 3, 7, 14, None]


def test_a_wrong_reply_sends_it_back_to_tomorrow(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "drills.jsonl")
    for day, points in zip(days(0, 3, 10), (1, 1, 0), strict=True):
        journal.record(reply("a", points), day)
    standing = journal.standing("a")
    assert standing is not None and (standing.streak, standing.due) == (0, days(11)[0])


def test_practising_twice_a_day_counts_what_one_knew_at_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "drills.jsonl")
    for points in (0, 1, 1, 1, 1):
        journal.record(reply("a", points), DAY)
    standing = journal.standing("a")
    assert standing is not None and (standing.streak, standing.due) == (0, days(1)[0])


def test_the_weakest_is_put_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "drills.jsonl")
    for name, points, possible in (("right", 1, 1), ("half", 1, 2), ("wrong", 0, 1)):
        journal.record(reply(name, points, possible), DAY)
    assert [item.drill_id for item in journal.due(days(30)[0], ["right", "half", "wrong"])] == [
        "wrong",
        "half",
        "right",
    ]
    assert [item.drill_id for item in journal.due(days(1)[0], ["right", "half", "wrong"])] == ["wrong", "half"]
    assert journal.due(DAY, ["right", "half", "wrong"]) == ()
    assert journal.next_new(["right", "new"]) == "new"


@given(st.integers(0, 400))
def test_a_file_cut_off_anywhere_keeps_its_whole_lines_and_goes_on(cut: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drills.jsonl"
        journal = Journal(path)
        for day in days(0, 1, 2, 3):
            journal.record(reply("a", 1), day)
        whole = path.read_bytes()
        path.write_bytes(whole[:cut])
        kept = Journal(path)
        # Every line that was written whole is there; at most the one that was cut is not.
        assert len(kept.replies) >= whole[:cut].count(b"\n")
        kept.record(reply("b", 1), DAY)
        assert [item.drill_id for item in Journal(path).replies][-1] == "b"
        assert Journal(path).replies == kept.replies


@pytest.mark.parametrize(
    "line",
    ["nonsense", "[]", '{"day": "2026-13-01", "id": "a", "points": 1, "possible": 1}',
     '{"day": "2026-03-01", "id": "a", "points": 5, "possible": 1}', '{"id": "a"}', "[" * 5000],
)  # fmt: skip
def test_a_foreign_line_is_counted_and_left_alone(tmp_path: Path, line: str) -> None:
    path = tmp_path / "drills.jsonl"
    good = json.dumps({"day": "2026-03-01", "id": "a", "points": 1, "possible": 1})
    path.write_text(f"{line}\n{good}\n")
    journal = Journal(path)
    assert (len(journal.replies), journal.skipped) == (1, 1)
    journal.record(reply("b", 1), DAY)
    assert line in path.read_text()


def test_export_never_overwrites_and_forget_deletes_only_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "drills.jsonl")
    journal.record(reply("a", 1), DAY)
    out = tmp_path / "out.csv"
    assert journal.export(out) == 1
    assert out.read_text().splitlines() == ["day,exercise,points,possible", "2026-03-01,a,1,1"]
    with pytest.raises(DrillError, match="left alone"):
        journal.export(out)
    assert journal.forget() == 1
    assert not journal.path.exists() and out.exists()


def test_a_reply_that_cannot_be_saved_is_said_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DrillError, match="could not be saved"):
        Journal(tmp_path / "file" / "drills.jsonl").record(reply("a", 1), DAY)
