"""No sentence of an article is in the project: 8-word runs of all prose, compared by their hashes.

Words are [a-z0-9]+ of the lower-cased text joined by one space; a hash is 12 hex digits of its sha256.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests" / "data" / "article-shingles.txt"
RUN = 8
PLACES = {
    "authored": (".py", ".md"),
    "notebooks": (".ipynb",),
    "source": (".ipynb",),
    "release": (".ipynb",),
    "seeds": (".yaml",),
    "autograde/judge": (".yaml",),
    "docs": (".md",),
    "src": (".py", ".css", ".js"),
    "tests": (".py", ".json", ".yaml", ".csv"),
    "benchmarks": (".py", ".md"),
    "diagrams": (".svg", ".md"),
}


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Every 8-word run of a text with its hash."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    for start in range(len(words) - RUN + 1):
        run = " ".join(words[start : start + RUN])
        yield run, hashlib.sha256(run.encode()).hexdigest()[:12]


def borrowed(text: str, articles: frozenset[str]) -> list[str]:
    """The runs of ``text`` that stand in an article word for word."""
    return [run for run, mark in runs(text) if mark in articles]


def prose(path: Path) -> str:
    """A file's words as a reader meets them: notebooks by cell, escapes of line ends as the spaces they mean."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
    return text.replace("\\n", " ")


def articles() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").split("\n")
    return frozenset(line for line in lines if re.fullmatch(r"[0-9a-f]{12}", line))


def files() -> list[Path]:
    found = [ROOT / "README.md", ROOT / "autograde" / "README.md"]
    for place, endings in PLACES.items():
        found += (path for path in (ROOT / place).rglob("*") if path.suffix in endings and path.is_file())
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def test_the_list_is_whole() -> None:
    assert len(articles()) == 7535


@pytest.mark.parametrize("place", ["README.md", *PLACES])
def test_no_eight_words_in_a_row_come_from_an_article(place: str) -> None:
    known = articles()
    found = {
        path.relative_to(ROOT).as_posix(): hits
        for path in files()
        if path.is_relative_to(ROOT / place) and (hits := borrowed(prose(path), known))
    }
    assert found == {}


def test_a_borrowed_sentence_is_found_wherever_it_is_broken(tmp_path: Path) -> None:
    sentence = "Nobody ever measured how long the seventh queue really was."
    marks = frozenset(mark for _, mark in runs(sentence))
    assert len(marks) == 3
    assert borrowed(f"Before. {sentence} After.", marks) == [run for run, _ in runs(sentence)]
    python = tmp_path / "a.py"
    python.write_text('text = (\n    "Nobody ever measured how\\n"\n    "long the seventh queue really was"\n)\n')
    assert len(borrowed(prose(python), marks)) == 3
    cells = [{"cell_type": "markdown", "source": ["Nobody ever **measured** how long\n", "the seventh queue"]}]
    notebook = tmp_path / "a.ipynb"
    notebook.write_text(json.dumps({"cells": cells}))
    assert borrowed(prose(notebook), marks) == ["nobody ever measured how long the seventh queue"]
    assert borrowed("Nobody ever measured how short the seventh queue really was.", marks) == []
