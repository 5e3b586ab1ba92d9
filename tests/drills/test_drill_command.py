"""``casebook drill`` as a person and as a program use it, and the exercises in the notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from casebook import drill
from casebook.cli import main
from casebook.drills import deck
from casebook.facts import audits, drills

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_exercise_is_put_and_never_marked_without_an_answer(here: Path, capsys) -> None:
    assert main(["drill"]) == 0
    assert deck()[0].id in capsys.readouterr().out
    assert not (here / "my-work").exists()


def test_a_reply_is_marked_saved_and_comes_back(here: Path, capsys) -> None:
    assert main(["drill", "SCL-3.utilisation", "40 %", "--today", "2026-03-01"]) == 2
    told = capsys.readouterr().out
    assert "What breaks" in told and "Back on 2026-03-02" in told and "Next:" in told
    assert main(["drill", "--today", "2026-03-01"]) == 0
    assert "SCL-3.utilisation" not in capsys.readouterr().out
    assert main(["drill", "--today", "2026-03-02"]) == 0
    assert "SCL-3.utilisation" in capsys.readouterr().out
    assert main(["drill", "SCL-3.utilisation", "35 %", "--today", "2026-03-02", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == "2026-03-05"


def test_mistakes_of_typing_are_bad_input_and_record_nothing(here: Path, capsys) -> None:
    for words in (["drill", "STB-2.swop"], ["drill", "STB-6.nobody", "q"], ["drill", "--row", "QQQ"],
                  ["drill", "SCL-8.blend", "5 ms"], ["drill", "STB-2.swap", "a"]):  # fmt: skip
        assert main(words) == 1
        assert capsys.readouterr().err.startswith("casebook drill:")
    assert not (here / "my-work").exists()


def test_a_program_reads_the_question_without_its_answer(here: Path, capsys) -> None:
    assert main(["drill", "STB-2.swap", "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert {"choices", "reasons", "ask"} <= set(asked)
    assert all(set(item) == {"id", "text"} for item in (*asked["choices"], *asked["reasons"]))


def test_lists_and_progress_can_be_read_exported_and_deleted(here: Path, capsys) -> None:
    main(["drill", "STB-6.nobody", "owners", "--today", "2026-03-01"])
    capsys.readouterr()
    assert main(["drill", "--list", "--json", "--row", "STB-6"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["state"], row["due"]) == ("100%, 1×", "2026-03-04")
    assert main(["drill", "--export", "out.csv"]) == 0
    assert main(["drill", "--export", "out.csv"]) == 1
    assert main(["drill", "--forget"]) == 0
    assert not (here / "my-work" / "drills.jsonl").exists()


def test_in_a_notebook_nothing_is_raised_and_the_verdict_says_why() -> None:
    assert "Not answered yet" in str(drill("STB-2.swap", ""))
    assert "has the reason" not in str(drill("STB-2.swap", "a")) and "reason that decides" in str(
        drill("STB-2.swap", "a")
    )
    assert "What breaks" in str(drill("SCL-3.utilisation", 70))
    assert "Right." in str(drill("SCL-3.utilisation", "35 %"))
    flaw = drill("STB-6.nobody", "")._repr_mimebundle_()
    assert "data:image/svg+xml" in flaw["text/html"] and "nobody" in flaw["text/plain"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("06-audit-the-sources", [item.id for item in audits()]), ("08-drills", [item.id for item in drills()])],
)
def test_the_notebook_puts_each_exercise_once(name: str, wanted: list[str]) -> None:
    book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    put = [cell.source.split('"')[1] for cell in book.cells if cell.source.startswith('drill("')]
    assert sorted(put) == sorted(wanted)
