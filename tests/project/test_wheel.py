"""A learner who installs the wheel and opens a released notebook needs nothing else of this project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def run(*command: str, cwd: Path, **env: str) -> str:
    full = {**os.environ, **env}
    done = subprocess.run(command, cwd=cwd, env=full, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT), cwd=out)
    [made] = out.glob("casebook-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed wheel and nothing else of ours; its dependencies are those around."""
    target = tmp_path_factory.mktemp("installed")
    run(*PIP, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=target)
    return target


def test_the_wheel_holds_facts_and_code_but_nothing_of_the_judge(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "casebook/_seeds/catalog.yaml",
        "casebook/_seeds/cases/stability-moderation.yaml",
        "casebook/_seeds/rubrics.yaml",
        "casebook/py.typed",
        "casebook/cli.py",
    ):
        assert wanted in names
    strangers = [name for name in names if not name.startswith(("casebook/", "casebook-"))]
    secrets = [name for name in names if "autograde/" in name or "/source/" in name or name.endswith(".ipynb")]
    assert strangers == []
    assert secrets == []


def test_the_wheels_facts_are_the_repositorys(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    packed = {n.removeprefix("casebook/_seeds/"): archive.read(n) for n in archive.namelist() if "/_seeds/" in n}
    seeds = ROOT / "seeds"
    there = {p.relative_to(seeds).as_posix(): p.read_bytes() for p in seeds.rglob("*") if p.is_file()}
    assert packed == there


def test_a_case_loads_and_is_evaluated_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json, casebook\n"
        "case = casebook.load_case('stability-moderation')\n"
        "ev = casebook.evaluate(case.reference, scenario='launch', requests=2000, seed=0)\n"
        "print(json.dumps([casebook.__file__, ev.cost_usd_month, sorted(casebook.cases())]))"
    )
    said = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(installed))
    file, cost, cases = json.loads(said.splitlines()[-1])
    assert Path(file).is_relative_to(installed)
    assert cost > 0
    assert "stability-moderation" in cases


def test_a_released_notebook_runs_beside_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "release" / "stability-moderation" / "stability-moderation.ipynb", tmp_path)
    code = (
        "import nbformat, nbclient\n"
        "notebook = nbformat.read('stability-moderation.ipynb', 4)\n"
        "setup = 'import casebook; print(casebook.__file__)'\n"
        "notebook.cells.insert(0, nbformat.v4.new_code_cell(setup))\n"
        "patient = {'timeout': 600, 'iopub_timeout': 60}\n"
        "nbclient.NotebookClient(notebook, **patient, allow_errors=True, kernel_name='python3').execute()\n"
        "print(notebook.cells[0].outputs[0]['text'].strip())\n"
        "for cell in notebook.cells:\n"
        "    for output in cell.get('outputs', []):\n"
        "        if output['output_type'] == 'error': print(output['ename'])\n"
    )
    lines = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(installed)).split()
    assert Path(lines[0]).is_relative_to(installed)
    assert set(lines[1:]) <= {"NotYet"}  # what a blank answer is told under Validate, and no other exception
