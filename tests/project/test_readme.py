"""What the README promises exists: its links, its files, its make targets and its commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casebook.cli import command_names, load
from casebook.cli import main as casebook
from casebook.design import cases

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "casebook"
LOCAL = {".venv/bin/", "my-work/", "my-work/assignments/"}  # made by the first make lab, not in git
PAGES = sorted([ROOT / "README.md", ROOT / "autograde" / "README.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:\.venv/bin/)?casebook ([a-z-]+)", text, re.M))
    assert named - set(command_names()) == set()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)\b(?= |$|`|,)", text, re.M)) - targets - {"sense"} == set()


def test_the_modules_and_folders_that_the_pages_name_exist() -> None:
    for page in (ROOT / "README.md", ROOT / "docs" / "design.md"):
        named = set(re.findall(r"`([a-z_./-]+/(?:[a-z_-]+\.(?:py|md|yaml))?)`", page.read_text(encoding="utf-8")))
        assert len(named) > 10
        missing = {name for name in named if not any((base / name).exists() for base in (ROOT, PACKAGE))}
        assert missing <= LOCAL, page.name


def test_the_cases_are_counted_as_they_are() -> None:
    number = ("fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")[len(cases()) - 15]
    assert f"There are {number} cases" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_examples_of_the_readme_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    lines = re.findall(r"^\.venv/bin/casebook (evaluate [^#\n]+)", (ROOT / "README.md").read_text(), re.M)
    assert len(lines) == 2
    for line in lines:
        assert casebook([*line.split(), "--quick", "--requests", "2000", "--json"]) in (0, 2), line
        assert '"verdicts"' in capsys.readouterr().out
    assert load("evaluate").HELP
