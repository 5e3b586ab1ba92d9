"""The clients people use get a jailed kernel by its name alone: nbclient, papermill, nbgrader and nbmake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from casebook.cli import main
from casebook.jail.ability import jail_ability
from casebook.jail.kernelspec import JAILED, KERNELS, JailKernels, install

pytestmark = pytest.mark.skipif(
    not jail_ability().ok, reason=f"no jail on this machine: {jail_ability().name}: {jail_ability().why}"
)
SHUT_IN = (
    "import os, socket\n"
    "def reach():\n"
    "    try:\n"
    "        return socket.create_connection(('192.0.2.1', 80), 2)\n"
    "    except OSError as error:\n"
    "        return error.strerror\n"
    "print(os.getcwd(), os.path.exists('/var'), os.getppid(), reach())"
)
SAID = "/scratch False 1 Network is unreachable\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Jupyter finds the two kernels, installed as `casebook doctor --install-kernel` does."""
    prefix = tmp_path_factory.mktemp("prefix")
    assert [path.parent.name for path in install(prefix)] == list(KERNELS)
    return {**os.environ, "JUPYTER_PATH": str(prefix / "share" / "jupyter"), "PYTHONDONTWRITEBYTECODE": "1"}


def notebook(*sources: str) -> Any:
    made = new_notebook(cells=[new_code_cell(source) for source in sources])
    made.metadata.kernelspec = {"name": JAILED, "display_name": "Python (jailed)", "language": "python"}
    return made


def test_nbclient_with_nothing_installed_and_what_ran_is_kept_when_the_jail_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    # Validate asks with the first; of all variables of the coordinator it is the only one that goes in.
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    names = "import os; print([name for name in os.environ if 'NBGRADER' in name])"
    handed = notebook(SHUT_IN, names, "os._exit(1)")
    manager = AsyncKernelManager(kernel_name=JAILED, kernel_spec_manager=JailKernels())
    client = NotebookClient(handed, km=manager, timeout=60, iopub_timeout=60)
    client.owns_km = True
    with pytest.raises(DeadKernelError):
        client.execute()
    assert handed.cells[0].outputs[0]["text"] == SAID
    assert handed.cells[1].outputs[0]["text"] == "['NBGRADER_VALIDATING']\n"


def test_loops_that_were_compiled_for_a_user_alone_are_copied_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a hub the environment is somebody else's, and numba keeps what it compiled in the user's own folder."""
    caching = pytest.importorskip("numba.core.caching")
    from casebook.engine.kernels import flow
    from casebook.jail.launch import caches

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    name = caching.UserWideCacheLocator.get_suitable_cache_subpath(flow.__file__)
    own = tmp_path / ".cache" / "numba" / name
    other = own.with_name("kernels_of-somebody-else")
    assert own not in caches()
    own.mkdir(parents=True)
    other.mkdir()
    assert own in caches()
    assert other not in caches()


def test_doctor_installs_both_kernels_and_compiles_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setattr("casebook.commands.doctor.examine", lambda course: iter(()))
    monkeypatch.setattr("casebook.course.warming.warm", lambda: drawn.append("board"))
    assert main(["doctor", "--install-kernel"]) == 0
    assert {path.parent.name for path in tmp_path.glob("share/jupyter/kernels/*/kernel.json")} == set(KERNELS)
    assert drawn == ["board"]
    monkeypatch.setattr("casebook.course.warming.warm", lambda: 1 / 0)
    assert main(["doctor", "--install-kernel"]) == 0
    assert "not compiled beforehand (ZeroDivisionError" in capsys.readouterr().err


def test_papermill_by_the_name_of_the_kernel(
    installed: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import papermill

    monkeypatch.setenv("JUPYTER_PATH", installed["JUPYTER_PATH"])
    handed, done = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook("x = 0", SHUT_IN + "\nprint(x)"), handed)
    papermill.execute_notebook(handed, done, parameters={"x": 7}, kernel_name=JAILED, progress_bar=False)
    texts = [output["text"] for cell in nbformat.read(done, 4).cells for output in cell.get("outputs", ())]
    assert SAID in texts[-1]


def test_nbmake_by_the_kernel_that_the_notebook_names(installed: dict[str, str], tmp_path: Path) -> None:
    nbformat.write(notebook(SHUT_IN, "assert os.getppid() == 1 and not os.path.exists('/var')"), tmp_path / "t.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbmake", "-p", "no:cacheprovider", "t.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, env=installed, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 passed" in done.stdout


def test_stock_nbgrader_by_the_name_of_the_kernel(installed: dict[str, str], tmp_path: Path) -> None:
    """nbgrader's own Execute, with nothing of ours but the kernel."""
    marks = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    source = notebook("value = None\n### BEGIN SOLUTION\nvalue = 1\n### END SOLUTION", SHUT_IN + "\nassert value == 1")
    for cell, own in zip(
        source.cells, ({"solution": True, "grade": False, "locked": False}, {"points": 2}), strict=True
    ):
        cell.metadata.nbgrader = {**marks, **own, "grade_id": "answer" if own.get("solution") else "check"}
    folder = tmp_path / "course"
    (folder / "source" / "ps1").mkdir(parents=True)
    nbformat.write(source, folder / "source" / "ps1" / "p.ipynb")
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\nc.CourseDirectory.course_id = 'c'\n"
        f"c.ExecutePreprocessor.kernel_name = {JAILED!r}\nc.Execute.kernel_name = {JAILED!r}\n"
    )
    env = {**installed, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    env["JUPYTER_CONFIG_DIR"] = str(tmp_path / "config")

    def nbgrader(*words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words], cwd=folder, env=env, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr[-3000:]

    nbgrader("generate_assignment", "ps1")
    handed = folder / "submitted" / "ada" / "ps1" / "p.ipynb"
    handed.parent.mkdir(parents=True)
    filled = nbformat.read(folder / "release" / "ps1" / "p.ipynb", 4)
    filled.cells[0].source = "value = 1"
    nbformat.write(filled, handed)
    nbgrader("autograde", "ps1")
    graded = nbformat.read(folder / "autograded" / "ada" / "ps1" / "p.ipynb", 4)
    assert graded.cells[1].outputs[0]["text"] == SAID
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "c") as book:
        assert book.find_submission("ps1", "ada").score == 2
