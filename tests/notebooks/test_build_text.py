"""Authored text: the format, and what is said about mistakes in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.course.build import build, strays
from casebook.course.build_notebook import with_solution
from casebook.course.build_text import AuthoredError, parse_authored

HEAD = "# notebook: notebooks/x.ipynb\n# mode: walkthrough\n"


def course(folder: Path, text: str, name: str = "x.py") -> Path:
    path = folder / "authored" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_text_and_code_cells_are_told_apart() -> None:
    text = parse_authored(
        HEAD + "# %% [markdown] id=a\n# # Title\n#\n# words\n# %% id=b hidden\nx = 1\n\n", "x.py"
    )
    title, code = text.cells
    assert (title.kind, title.id, title.text) == ("markdown", "a", "# Title\n\nwords")
    assert (code.kind, code.id, code.text, code.flags) == ("code", "b", "x = 1", frozenset({"hidden"}))
    assert text.head == {"notebook": "notebooks/x.ipynb", "mode": "walkthrough"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# %% id=a colour=red\n", 1, "colour=red"),
        ("# %%\nx = 1\n", 1, "no id"),
        ("# %% [markdown] id=a\nnot a comment\n", 2, "not a comment"),
        ("x = 1\n", 1, "before the first cell"),
        ("# %% include\n", 1, "names nothing"),
    ],
)
def test_a_mistake_names_file_line_and_remedy(text: str, line: int, words: str) -> None:
    with pytest.raises(AuthoredError) as caught:
        parse_authored(text, "x.py")
    assert caught.value.line == line
    assert words in caught.value.problem
    assert str(caught.value).startswith(f"x.py, line {line}: ") and caught.value.remedy


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("# %% [markdown] id=a\n# one\n# %% [markdown] id=a\n# two\n", "was used before"),
        ("# %% [markdown] id=a\n# {{STB.nothing}}\n", "STB.nothing"),
        ("# %% include nowhere\n", "sections/nowhere.py"),
        ("# %% [markdown] id=Not_An_Id\n# one\n", "no cell id"),
        ("# %% [markdown] id=a\n# [[case.title]]\n", "needs a case"),
    ],
)
def test_a_notebook_that_cannot_be_built_says_where(tmp_path: Path, body: str, words: str) -> None:
    with pytest.raises(AuthoredError, match=words):
        build(course(tmp_path, HEAD + body))
    assert not (tmp_path / "notebooks").exists()


def test_figures_are_filled_in_and_their_sources_listed(tmp_path: Path) -> None:
    body = "# %% [markdown] id=a\n# Below {{STB.fpr}}.\n# %% [markdown] id=b\n# [[sources]]\n"
    [made] = build(course(tmp_path, HEAD + body))
    cells = json.loads(made.content)["cells"]
    assert "".join(cells[0]["source"]) == "Below 5 %<sup>[1](#Where-the-figures-come-from)</sup>."
    listed = "".join(cells[1]["source"])
    assert "## Where the figures come from" in listed
    assert "the article's claim" in listed


def test_building_twice_changes_nothing_and_check_writes_nothing(tmp_path: Path) -> None:
    root = course(tmp_path, HEAD + "# %% [markdown] id=a\n# one\n")
    assert [item.changed for item in build(root, check=True)] == [True]
    assert not (root / "notebooks").exists()
    assert [item.changed for item in build(root)] == [True]
    assert [item.changed for item in build(root)] == [False]
    (root / "notebooks" / "left.ipynb").write_text("{}")
    assert strays(root, build(root)) == ["notebooks/left.ipynb"]


def test_the_solution_stands_between_form_and_display() -> None:
    source = 'scope = Scope("")\nwork.check(scope=scope)'
    assert with_solution(source, ['scope = Scope("video (no labels)")']).splitlines() == [
        'scope = Scope("")',
        "### BEGIN SOLUTION",
        'scope = Scope("video (no labels)")',
        "### END SOLUTION",
        "work.check(scope=scope)",
    ]
