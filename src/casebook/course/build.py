"""authored/*.py → notebooks/ and source/: which files are built, from what, and whether they are in step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casebook.course.build_fill import MODES, Filler
from casebook.course.build_notebook import Solver, notebook_bytes, notebook_from
from casebook.course.build_text import AuthoredError, AuthoredText, read_authored

AUTHORED = "authored"
TARGETS = ("notebooks", "source")


@dataclass(frozen=True, slots=True)
class Built:
    """One notebook: ``target`` and ``origin`` relative to the course, its content now and before."""

    target: str
    origin: str
    content: bytes
    before: bytes | None

    @property
    def changed(self) -> bool:
        return self.content != self.before


def build(root: Path, check: bool = False) -> list[Built]:
    """Builds every notebook of the course in ``root``; with ``check`` nothing is written.

    Raises ``AuthoredError`` (file, line, remedy) for a mistake in the text.
    """
    built = [build_one(root, path) for path in authored_files(root)]
    _no_target_twice(built)
    if not check:
        for item in built:
            if item.changed:
                path = root / item.target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(item.content)
    return built


def authored_files(root: Path) -> list[Path]:
    """Files that make a notebook of their own: authored/*.py and authored/assignments/*.py."""
    folder = root / AUTHORED
    found = [*sorted(folder.glob("*.py")), *sorted((folder / "assignments").glob("*.py"))]
    if not found:
        told = "Build in a clone of the project; a private course has its masters in source/: run casebook release."
        raise AuthoredError(AUTHORED, 1, f"there is no authored text in {folder}", told)
    return found


def strays(root: Path, built: Sequence[Built]) -> list[str]:
    """Notebooks in the generated folders that no authored text makes."""
    made = {item.target for item in built}
    found = (path.relative_to(root).as_posix() for path in _generated(root))
    return sorted(name for name in found if name not in made)


def build_one(root: Path, path: Path) -> Built:
    """The notebook of one authored file, not written."""
    text = _completed(read_authored(path, path.relative_to(root).as_posix()), path)
    target, mode = _place(text)
    filler = Filler(root / AUTHORED, mode, text.head.get("rubric", ""))
    cells = filler.cells(text)
    points: Mapping[str, float] = {}
    solve: Solver | None = None
    if mode == "assignment":
        from casebook.course.build_solution import cell_points, solver

        points = cell_points(text.head["rubric"], text.head["case"])
        solve = solver(root / AUTHORED, text.head["case"])
    content = notebook_bytes(notebook_from(text, cells, mode, points, solve, filler.cases))
    existing = root / target
    return Built(target, text.file, content, existing.read_bytes() if existing.is_file() else None)


def _completed(text: AuthoredText, path: Path) -> AuthoredText:
    """The head with what follows from the file's place and the case: where it goes, in which mode, whose rubric."""
    if path.parent.name == "assignments":
        usual = {"notebook": f"source/{path.stem}/{path.stem}.ipynb", "mode": "assignment", "case": path.stem}
    else:
        usual = {"notebook": f"notebooks/{path.stem}.ipynb", "mode": "walkthrough"}
    head = {**usual, **text.head}
    if head.get("case") and not head.get("rubric"):
        from casebook.checks import load_rubric
        from casebook.facts import SeedError

        try:
            head["rubric"] = load_rubric("", head["case"]).id
        except SeedError as error:
            problem, remedy = str(error).rstrip("."), "Name a case that 'casebook cases' lists."
            raise AuthoredError(text.file, 1, problem, remedy) from None
    return replace(text, head=head)


def _place(text: AuthoredText) -> tuple[str, str]:
    target, mode = text.head.get("notebook", ""), text.head.get("mode", "")
    if mode not in MODES:
        raise AuthoredError(
            text.file, 1, f"the mode is {mode!r}", f"Write '# mode: {MODES[0]}' or '# mode: {MODES[1]}'."
        )
    if not target.endswith(".ipynb") or target.split("/")[0] not in TARGETS or ".." in target:
        raise AuthoredError(
            text.file,
            1,
            f"the notebook is to be {target!r}",
            "Write '# notebook: notebooks/NAME.ipynb' or '# notebook: source/NAME/NAME.ipynb'.",
        )
    if mode == "assignment" and not text.head.get("case"):
        raise AuthoredError(text.file, 1, "an assignment needs a case", "Write '# case: ID'.")
    return target, mode


def _generated(root: Path) -> Iterator[Path]:
    for folder in TARGETS:
        yield from (
            path for path in (root / folder).rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
        )


def _no_target_twice(built: Sequence[Built]) -> None:
    seen: dict[str, str] = {}
    for item in built:
        if item.target in seen:
            raise AuthoredError(
                item.origin, 1, f"{item.target} is made by {seen[item.target]} too", "Rename one."
            )
        seen[item.target] = item.origin
