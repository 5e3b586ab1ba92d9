"""The template alone: fresh, empty, single-threaded, gone with its coordinator; and one that is unfit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casebook.jail.spec import JailError, JailSpec
from casebook.jail.template import ENVIRONMENT
from casebook.jail.warm_child import Order
from casebook.jail.warm_template import Template, shared

PATIENCE_S = 120.0  # on the busiest machine
MARK = "-".join(("a", "judge's", "value", "4711"))


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Template]:
    """One whose imports are done: it has answered an order, by refusing it."""
    monkeypatch.setenv("CASEBOOK_TEST_SECRET", MARK)
    monkeypatch.setenv("PYTHONPATH", "/nowhere/poisoned")
    found = Template(("json", "numpy"))
    with pytest.raises(JailError, match="nowhere"):
        found.launch(order(tmp_path / "nowhere"))
    yield found
    found.close()


def order(folder: Path) -> Order:
    return Order(JailSpec(folder), "kernel.json")


def test_the_template_has_one_thread_and_an_empty_environment(template: Template) -> None:
    assert template.pid is not None
    proc = Path(f"/proc/{template.pid}")
    assert len(list((proc / "task").iterdir())) == 1
    try:
        found = (proc / "environ").read_text().split("\0")
    except PermissionError:  # an ordinary user may not look: it is not dumpable
        return
    told = dict(entry.split("=", 1) for entry in found if entry)
    assert set(told) - {"LC_CTYPE"} == set(ENVIRONMENT)
    assert MARK not in " ".join(told.values())


def test_nobody_of_the_same_user_may_look_into_the_template(template: Template) -> None:
    assert template.pid is not None
    # Files in the folder of a process that may not be looked into belong to root, whoever runs it.
    assert Path(f"/proc/{template.pid}/mem").stat().st_uid == 0
    if os.geteuid() != 0:
        with pytest.raises(PermissionError):
            Path(f"/proc/{template.pid}/maps").read_text()


def test_it_is_started_anew_after_it_was_killed(template: Template, tmp_path: Path) -> None:
    before = template.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    with pytest.raises(JailError):  # asked for a folder that is not there; but somebody was there to say so
        template.launch(order(tmp_path / "nowhere"))
    assert template.pid not in (None, before)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("no_such_module_at_all",), "no_such_module_at_all"),
        (("tqdm:tqdm",), "2 threads"),  # a bar leaves a thread that watches over bars
        (("json:no_such_function",), "no_such_function"),
    ],
)
def test_a_template_that_is_not_fit_to_be_forked_says_why(names: tuple[str, ...], told: str, tmp_path: Path) -> None:
    template = Template(names)
    try:
        for _ in range(2):
            with pytest.raises(JailError, match=told):
                template.launch(order(tmp_path))
    finally:
        template.close()


def test_a_template_that_dies_at_once_is_an_error_and_not_an_endless_wait(tmp_path: Path) -> None:
    template = Template(("os:abort",))
    try:
        with pytest.raises(JailError, match="ended twice"):
            template.launch(order(tmp_path))
    finally:
        template.close()


def test_threads_share_one_template() -> None:
    assert shared(("json",)) is shared(("json",)) is not shared(("json", "os"))


def test_it_ends_when_its_coordinator_is_killed() -> None:
    program = (
        "import time; from casebook.jail.warm_template import Template\n"
        "t = Template(('json',)); t.start(); print(t.pid, flush=True); time.sleep(1000)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as coordinator:
        assert coordinator.stdout is not None
        pid = int(coordinator.stdout.readline())
        watched = os.pidfd_open(pid)
        coordinator.kill()
    end = time.monotonic() + 20
    while time.monotonic() < end and not gone(watched):
        time.sleep(0.02)
    assert gone(watched)
    os.close(watched)


def gone(pidfd: int) -> bool:
    """Whether the process has ended; a pidfd is readable from then on."""
    import select

    return bool(select.select([pidfd], [], [], 0)[0])


def test_an_idle_template_ends_and_another_is_started_when_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    impatient = "import casebook.jail.template as t; t.IDLE_S = 0.3; t.main()"
    monkeypatch.setattr("casebook.jail.warm_template.PROGRAM", impatient)
    template = Template(("json",))
    template.start()
    assert template._process is not None
    first = template._process.pid  # its own answer may be None by now: it waits for nobody
    end = time.monotonic() + 30
    while template.pid is not None and time.monotonic() < end:
        time.sleep(0.02)
    assert template.pid is None
    with pytest.raises(JailError, match="nowhere"):
        template.launch(order(tmp_path / "nowhere"))
    assert template.pid != first
    template.close()
