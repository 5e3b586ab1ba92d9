"""The files of a new case, written by ``casebook new-case``: a small case that works, to be replaced piece by piece."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

RUBRICS = {"STB": "stability", "SCL": "scale", "STU": "startups", "GEN": "general", "MJ": "midjourney"}
NAME = re.compile(r"^[a-z]+(-[a-z0-9]+)+$")
TO_WRITE = re.compile(r"‹([^›]*)›")


class ScaffoldError(ValueError):
    """What was asked for cannot be made; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the new case, relative to the course, and its text."""

    path: str
    text: str


def scaffold(case_id: str, article: str, title: str) -> tuple[Made, ...]:
    """The case file, its strong answer, and one line each for the walkthrough and the assignment.

    ``ScaffoldError`` for a name that is none, or an article that does not exist.
    """
    article = article.upper()
    if article not in RUBRICS:
        raise ScaffoldError(f"there is no article {article!r}. Choose one of {', '.join(RUBRICS)}.")
    if not NAME.match(case_id) or len(case_id) > 40:
        raise ScaffoldError(f"{case_id!r} is no name for a case. Use two or more small words: photo-tagging.")
    words = {
        "ID": case_id,
        "ARTICLE": article,
        "CASE": f"{article}-{case_id}",
        "RUBRIC": RUBRICS[article],
        "TITLE": title.replace('"', "'") or f"‹{case_id.replace('-', ' ').capitalize()}›",
    }
    head = "# The whole text: authored/sections/{0}.py. Write your own cells here, or leave it as it is.\n"
    walk = f"{head.format('walkthrough')}# case: {case_id}\n\n# %% include walkthrough\n"
    return (
        Made(f"seeds/cases/{case_id}.yaml", _template("case.yaml", words)),
        Made(f"authored/answers/{case_id}.yaml", _template("answer.yaml", words)),
        Made(f"authored/{case_id}.py", walk),
        Made(f"authored/assignments/{case_id}.py", f"{head.format('assignment')}\n# %% include assignment\n"),
        Made(f"autograde/judge/{case_id}.yaml", _template("judge.yaml", words)),
    )


def write(root: Path, made: tuple[Made, ...]) -> tuple[str, ...]:
    """Writes the files under ``root``; ``ScaffoldError`` where one is there already, and nothing is written then."""
    there = [item.path for item in made if (root / item.path).exists()]
    if there:
        raise ScaffoldError(f"{there[0]} is there already. Choose another name, or remove it first.")
    for item in made:
        path = root / item.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(item.text, encoding="utf-8")
    return tuple(item.path for item in made)


def _template(name: str, words: dict[str, str]) -> str:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: words[match.group(1)], text)
