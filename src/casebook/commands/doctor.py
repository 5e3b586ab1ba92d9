"""``casebook doctor``: looks at this installation and this course folder, and says what to mend."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from casebook.commands._words import wrapped

HELP = "look for what would keep Casebook from working here, and say how to mend it"
REQUIRED = ("jupyterlab", "nbgrader", "ipywidgets", "plotly", "diagrams", "papermill", "nbmake")
LEAST_FREE_MB = 200


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at. ``state``: ok, note (works, with less) or wrong (something will fail)."""

    what: str
    state: str
    said: str
    remedy: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: looked for from here)")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument(
        "--install-kernel",
        action="store_true",
        help="first put the jailed kernels where Jupyter finds them, for nbgrader, nbclient, papermill and nbmake",
    )


def run(args: argparse.Namespace) -> int:
    """0 everything will work, 1 the kernels could not be installed, 2 something will not."""
    if args.install_kernel:
        from casebook.jail.kernelspec import install

        try:
            written = install(Path(sys.prefix))
        except OSError as error:
            told = f"{error.filename}: {error.strerror}. Run it as the owner of this environment."
            print(told, file=sys.stderr)
            return 1
        print("\n".join(f"installed {path}" for path in written), file=sys.stderr)
        if trouble := compiled():
            print(f"not compiled beforehand ({trouble}); every kernel will do it for itself", file=sys.stderr)
    results = list(examine(args.course))
    if args.json:
        print(json.dumps([asdict(result) for result in results], indent=1, ensure_ascii=False))
    else:
        mark = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
        for result in results:
            print(f"{mark[result.state]}  {result.what}: {result.said}")
            if result.remedy:
                print(wrapped(result.remedy, "       "))
        wrong = sum(result.state == "wrong" for result in results)
        print(f"\n{wrong} to mend." if wrong else "\nEverything that Casebook needs is here.")
    return 2 if any(result.state == "wrong" for result in results) else 0


def examine(course: str | None = None) -> Iterator[Result]:
    """Every examination in turn; one that itself fails is a finding, not the end."""
    looks: list[Callable[[], Result]] = [python, packages, facts, engine, diagram, alembic, browser]
    for look in looks:
        yield _guarded(look)
    yield from jail()
    yield _guarded(shared_gradebook)
    yield from course_folder(course)


def compiled() -> str:
    """Draw one board, so that what it compiles lies in this environment: a jail reads it there and keeps nothing.

    Returns what kept it from being drawn, '' for nothing.
    """
    from casebook.course.warming import warm

    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger is imported too, and would warn
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warm()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def python() -> Result:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = (3, 11) <= sys.version_info[:2] <= (3, 13)
    remedy = "" if fine else "Install Python 3.11, 3.12 or 3.13, remove .venv and run: make lab"
    return Result("Python", "ok" if fine else "wrong", f"{version} at {sys.executable}", remedy)


def packages() -> Result:
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for name in REQUIRED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Result("Packages", "wrong", f"missing: {', '.join(missing)}", "Run: make lab (it installs them).")
    return Result("Packages", "ok", ", ".join(found))


def facts() -> Result:
    from casebook.facts import case_ids, load_case_data

    names = [load_case_data(case_id).id for case_id in case_ids()]
    if not names:
        return Result("Cases", "wrong", "none found", "Install Casebook again, or run from a whole clone.")
    return Result("Cases", "ok", ", ".join(names))


def engine() -> Result:
    from casebook.engine.backend import backend

    used = backend()
    if used == "numba":
        return Result("Simulator", "ok", "compiled kernels (numba)")
    why = "CASEBOOK_ENGINE=python is set" if os.environ.get("CASEBOOK_ENGINE") else "numba is not installed"
    return Result("Simulator", "note", f"pure Python kernels, since {why}: the same figures, slower")


def diagram() -> Result:
    from casebook.show.layout import lay_out

    lay_out("digraph { a -> b }")
    return Result("Diagrams", "ok", "a picture was laid out")


def alembic() -> Result:
    from casebook.course.settings import with_programs_on_path

    with_programs_on_path()
    if shutil.which("alembic"):
        return Result("Gradebook", "ok", "its database can be made")
    remedy = "Install this environment again: remove .venv and run make lab."
    return Result("Gradebook", "wrong", "the program alembic is missing, so no gradebook can be made", remedy)


def browser() -> Result:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
    found = os.environ.get("CASEBOOK_CHROMIUM") or next((p for n in names if (p := shutil.which(n))), "")
    if found:
        return Result("Browser tests", "ok", found)
    said = "no Chromium, so make test leaves them out (learners need none: any browser shows JupyterLab)"
    return Result("Browser tests", "note", said, "To run them, install chromium or set CASEBOOK_CHROMIUM.")


def jail() -> Iterator[Result]:
    """What this machine can do for notebooks that must be run. Without it they wait for a person: a note, no fault."""
    from casebook.jail.ability import abilities

    for ability in abilities():
        what = "Jail" if ability.name == "jail" else f"Jail: {ability.name}"
        if ability.ok:
            yield Result(what, "ok", ability.why)
        else:
            said = f"{ability.why}; answers that compute wait for a person (answers that are read need no jail)"
            yield Result(what, "note", said, ability.remedy)
    yield _guarded(kernels)


def kernels() -> Result:
    """Whether other programs find the jailed kernels; `casebook grade` needs nothing installed."""
    from jupyter_client.kernelspec import KernelSpecManager

    from casebook.jail.kernelspec import KERNELS

    found = KernelSpecManager().find_kernel_specs()
    missing = [name for name in KERNELS if name not in found]
    if not missing:
        return Result("Jailed kernels", "ok", f"other programs find {' and '.join(KERNELS)}")
    said = "not installed for other programs (casebook grade finds them all the same)"
    return Result("Jailed kernels", "note", said, "To use them by name: casebook doctor --install-kernel")


def shared_gradebook() -> Result:
    from importlib.util import find_spec

    if find_spec("psycopg"):
        return Result("PostgreSQL", "ok", "its client is installed, for a gradebook that several people share")
    said = "its client is not installed; the gradebook is a file (SQLite), which is enough for one instructor"
    return Result("PostgreSQL", "note", said, "To share one through db_url: pip install 'casebook[postgres]'")


def course_folder(start: str | None) -> Iterator[Result]:
    """What the course folder holds, whether it can be written to and whether the disk has room."""
    from casebook.course.errors import CourseError
    from casebook.course.settings import Course, load_config

    try:
        course = Course.find(start)
        load_config(course)
    except CourseError as error:
        state = "wrong" if start else "note"
        yield Result("Course folder", state, f"{error.place}: {error.problem}", error.remedy)
        return
    released = sorted(p.name for p in (course.root / "release").glob("*") if p.is_dir())
    said = f"{course.root}: released: {', '.join(released) or 'nothing'}"
    remedy = "" if released else "Run: casebook release ASSIGNMENT"
    if (course.root / "authored").is_dir():  # a clone of the project; a private course has no workbook of its own
        notebooks = len(list((course.root / "notebooks").glob("*.ipynb")))
        said = f"{course.root}: {notebooks} notebooks, released: {', '.join(released) or 'nothing'}"
        remedy = "" if notebooks and released else "Run: make build"
    yield Result("Course folder", "note" if remedy else "ok", said, remedy)
    yield _guarded(lambda: room(course.root))
    root = Path(str(load_config(course).get("Exchange", {}).get("root", "")))
    if root != course.autograde / "exchange":
        yield _guarded(lambda: exchange(root))
        yield _guarded(lambda: privacy(course.root))


def exchange(root: Path) -> Result:
    """nbgrader's exchange, where the course names one outside of itself: everybody must be able to use it."""
    shown = f"nbgrader's exchange, {root}"
    if not root.is_dir():
        remedy = "Let the machine's administrator make it, writable for everybody: mkdir -p and chmod 777."
        return Result("Exchange", "wrong", f"{shown}, is no folder", remedy)
    if not os.access(root, os.W_OK | os.X_OK):
        return Result("Exchange", "wrong", f"{shown}, cannot be written to by you", f"Run: chmod 777 {root}")
    if root.stat().st_mode & 0o007 != 0o007:
        remedy = f"Run: chmod 777 {root}, unless the course is shared by a group (nbgrader's groupshared)."
        return Result("Exchange", "note", f"{shown}, cannot be written to by everybody", remedy)
    return Result("Exchange", "ok", f"{shown}, can be written to by everybody")


def privacy(root: Path) -> Result:
    """With an exchange there are other users on the machine; solutions and grades are none of theirs."""
    way = (root, *root.parents)
    if all(folder.stat().st_mode & 0o001 for folder in way):
        said = "the folder is open to all users of this machine, solutions and grades with it"
        return Result("Privacy", "wrong", said, f"Run: chmod 700 {root}")
    return Result("Privacy", "ok", "other users of this machine cannot enter the course folder")


def room(root: Path) -> Result:
    if not os.access(root, os.W_OK):
        remedy = "Give yourself write permission, or copy the course to a folder of your own."
        return Result("Disk", "wrong", f"{root} cannot be written to", remedy)
    free_mb = shutil.disk_usage(root).free // 2**20
    if free_mb < LEAST_FREE_MB:
        return Result("Disk", "wrong", f"{free_mb} MB free", f"Free some space: {LEAST_FREE_MB} MB is little enough.")
    return Result("Disk", "ok", f"{free_mb:,} MB free, and the course folder can be written to")


def _guarded(look: Callable[[], Result]) -> Result:
    try:
        return look()
    except Exception as error:
        what = getattr(look, "__name__", "examination").capitalize()
        told = f"{type(error).__name__}: {error}"
        return Result(
            what, "wrong", told, "Install Casebook again (remove .venv, then make lab); if it stays, report it."
        )
