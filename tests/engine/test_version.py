"""The engine's version follows its source, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from casebook import engine
from casebook.engine import version as module


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "engine"
    shutil.copytree(Path(engine.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "_HERE", folder)
    return folder


def fresh() -> str:
    module.source_digest.cache_clear()
    try:
        return module.source_digest()
    finally:
        module.source_digest.cache_clear()


def change(path: Path) -> str:
    before = path.read_bytes()
    path.write_bytes(before + b"\n# changed\n")
    try:
        return fresh()
    finally:
        path.write_bytes(before)


def test_it_is_that_of_the_source_which_runs(copied: Path) -> None:
    assert fresh() == engine.VERSION
    assert len(engine.VERSION) == 12


def test_every_kernel_and_every_module_of_a_run_changes_it(copied: Path) -> None:
    parts = [path for path in (copied / "kernels").glob("*.py") if path.name != "__init__.py"]
    parts += [copied / name for name in ("network.py", "station.py", "streams.py", "workload.py", "graded.py")]
    found = {change(path) for path in parts}
    assert engine.VERSION not in found
    assert len(found) == len(parts)


def test_a_new_or_renamed_kernel_changes_it(copied: Path) -> None:
    (copied / "kernels" / "fifo.py").rename(copied / "kernels" / "fifo_again.py")
    assert fresh() != engine.VERSION


def test_formulas_and_line_endings_do_not(copied: Path) -> None:
    assert change(copied / "formulas" / "erlang.py") == engine.VERSION
    for path in copied.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert fresh() == engine.VERSION
