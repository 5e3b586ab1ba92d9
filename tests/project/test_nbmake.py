"""nbmake runs the course's notebooks as pytest items, in a pytest of its own: the first of each article here.

`casebook smoke` runs every one of them, twice; the whole folder by nbmake is `pytest --nbmake notebooks`.
"""

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
        timeout=1200,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_first_notebook_of_each_article_passes(tmp_path: Path) -> None:
    first: dict[str, Path] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        first.setdefault(path.stem[:2], path)
    chosen = [first[number] for number in ("00", "01", "02", "03", "04", "05")]
    for path in chosen:
        shutil.copy(path, tmp_path / path.name)
    code, said = nbmake(tmp_path)
    assert code == 0, said
    assert f"{len(chosen)} passed" in said


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
