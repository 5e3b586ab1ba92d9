"""A kind of bad submission: what it tries, how it is made, and what must become of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cohort.people import ASSIGNMENT, people
from tests.cohort.people import hand_in as as_handed_in

Notebook = dict[str, Any]
READ, RUN = "read", "run"
BEST = "amara"
SECRET = "canary-7f3a-nobody-may-read-this"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where one submission is made: its ``folder``, the whole ``course``, and ``outside``, where nothing may change.

    ``port`` is a listening socket on loopback that nobody may reach.
    """

    course: Path
    folder: Path
    outside: Path
    released: Notebook
    port: int

    @property
    def path(self) -> Path:
        return self.folder / f"{ASSIGNMENT}.ipynb"

    @property
    def flag(self) -> str:
        """A path outside that an attack tries to write to."""
        return str(self.outside / f"owned-{self.folder.parent.name}")

    @property
    def secret(self) -> str:
        """A file outside that an attack tries to read."""
        return str(self.outside / "secret.txt")

    def strong(self) -> Notebook:
        """The strong answer, as its writer handed it in."""
        writer = next(person for person in people() if person.name == BEST)
        made: Notebook = json.loads(as_handed_in(writer, self.released))
        return made

    def write(self, content: Notebook | str | bytes) -> None:
        """Put the notebook file in its place."""
        text = json.dumps(content, indent=1) if isinstance(content, dict) else content
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))


Maker = Callable[[Scene], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the corpus.

    ``statuses`` are what may become of it and ``reason`` is a part of what the learner is told then. ``same``: the
    strong answer is in it, so that where it is graded it has the strong answer's score. ``how`` says whether reading
    suffices or the notebook has to be run. ``student`` is the folder's name where that is the attack.
    """

    name: str
    tries: str
    make: Maker
    statuses: tuple[str, ...]
    reason: str = ""
    how: str = READ
    same: bool = True
    student: str = ""


KINDS: list[Kind] = []


def kind(
    name: str,
    tries: str,
    *statuses: str,
    reason: str = "",
    how: str = READ,
    same: bool = True,
    student: str = "",
) -> Callable[[Maker], Maker]:
    """Registers the maker below it as a kind; without ``statuses`` it must be graded like the strong answer."""

    def registered(make: Maker) -> Maker:
        KINDS.append(Kind(name, tries, make, statuses or ("graded",), reason, how, same, student))
        return make

    return registered


def of(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """The first cell with this grade id."""
    found: dict[str, Any] = next(
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return found


def marked(notebook: Notebook) -> list[dict[str, Any]]:
    """Every cell that nbgrader knows."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]


def answers(notebook: Notebook) -> list[dict[str, Any]]:
    """The cells a learner answers in."""
    return [cell for cell in marked(notebook) if cell["metadata"]["nbgrader"]["solution"]]


def own_cell(notebook: Notebook, source: str, at: int = 3, **more: Any) -> Notebook:
    """``notebook`` with a code cell of the learner's own."""
    cell = {"cell_type": "code", "id": f"own-{at}", "metadata": {}, "source": source, "outputs": []}
    notebook["cells"].insert(at, {**cell, "execution_count": 1, **more})
    return notebook


def added(notebook: Notebook, grade_id: str, line: str) -> Notebook:
    """``notebook`` with a line at the end of an answer cell."""
    cell = of(notebook, grade_id)
    cell["source"] = f"{cell['source']}\n{line}"
    return notebook


def renamed(value: Any, old: str, new: str) -> Any:
    """A copy of ``value`` in which every text has ``new`` where it had ``old``."""
    return json.loads(json.dumps(copy.deepcopy(value)).replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]))
