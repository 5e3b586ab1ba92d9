"""nbmake runs every notebook of the course as a pytest item of its own, in a pytest of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = [
    sys.executable,
    "-m",
    "pytest",
    "--nbmake",
    "--nbmake-timeout=180",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
]


def nbmake(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [*RUN, str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
    )
    return done.returncode, done.stdout + done.stderr


def test_every_notebook_of_the_course_passes(tmp_path: Path) -> None:
    notebooks = shutil.copytree(
        ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    code, said = nbmake(notebooks)
    assert code == 0, said
    assert f"{len(list(notebooks.glob('*.ipynb')))} passed" in said


def test_it_fails_where_a_cell_does(tmp_path: Path) -> None:
    text = (ROOT / "notebooks" / "00-start.ipynb").read_text(encoding="utf-8")
    first = '"cell_type": "code"'
    assert first in text
    import json

    notebook = json.loads(text)
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")["source"] = ["1 / 0"]
    (tmp_path / "broken.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    code, said = nbmake(tmp_path)
    assert code == 1
    assert "ZeroDivisionError" in said
