"""Runs one command to its end, or to a kill, and tells what it used and what it left running.

It makes itself the parent of every orphan below it (Linux), so that no process gets away unseen.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 5.0
LIMIT_MB = 8_000


@dataclass(frozen=True, slots=True)
class Watched:
    """``cpu_s`` is the processor time of all that ended.

    ``peak_mb`` is the largest sum of resident memory of the command and all its children, ``largest_mb`` that of any
    one process. ``left`` are the command lines of what was still there five seconds after the end.
    """

    code: int
    seconds: float
    cpu_s: float
    peak_mb: float
    largest_mb: float
    left: tuple[str, ...]
    out: str
    err: str


def watched(
    command: Sequence[str],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    kill_after_s: float | None = None,
    whole_group: bool = False,
    limit_s: float = 1800.0,
) -> Watched:
    """Run ``command`` in ``cwd`` below a supervisor; ``kill_after_s`` SIGKILLs it (or all it started) then."""
    task = {"command": list(command), "kill_after_s": kill_after_s, "whole_group": whole_group, "limit_s": limit_s}
    root = Path(__file__).resolve().parents[2]
    full = {**os.environ, **(env or {})}
    full["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.watch", json.dumps(task)],
        cwd=cwd,
        env=full,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the supervisor failed:\n{done.stderr[-3000:]}")
    found = json.loads(done.stdout)
    return Watched(**{**found, "left": tuple(found["left"])})


def _supervise(task: dict[str, object]) -> Watched:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    env = dict(os.environ)
    env.pop("PYTHONPATH", None)
    begun = time.monotonic()
    command = [str(word) for word in task["command"]]  # type: ignore[attr-defined]
    process = subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    peaks = {"sum": 0.0, "one": 0.0}
    over = threading.Event()
    sampler = threading.Thread(target=_sample, args=(peaks, over), daemon=True)
    sampler.start()
    limit = task["kill_after_s"] if task["kill_after_s"] is not None else task["limit_s"]
    try:
        out, err = process.communicate(timeout=float(str(limit)))
    except subprocess.TimeoutExpired:
        if task["whole_group"]:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        out, err = b"", b""
        process.wait()
    seconds = time.monotonic() - begun
    left = _left_after(GRACE_S)
    over.set()
    sampler.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Watched(
        process.returncode,
        round(seconds, 2),
        round(used.ru_utime + used.ru_stime, 2),
        round(peaks["sum"], 1),
        round(peaks["one"], 1),
        tuple(left),
        out.decode(errors="replace"),
        err.decode(errors="replace")[-20_000:],
    )


def _sample(peaks: dict[str, float], over: threading.Event) -> None:
    me = psutil.Process()
    while not over.wait(0.05):
        children = me.children(recursive=True)
        sizes = [_resident_mb(child, shared=True) for child in children]
        if sum(sizes) > LIMIT_MB / 4:  # forked processes share their pages: split them
            sizes = [_resident_mb(child, shared=False) for child in children]
        peaks["sum"] = max(peaks["sum"], sum(sizes))
        peaks["one"] = max([peaks["one"], *sizes])
        if sum(sizes) > LIMIT_MB:  # the corpus fails then; this machine need not
            for child in children:
                with contextlib.suppress(psutil.Error):
                    child.kill()


def _resident_mb(process: psutil.Process, shared: bool) -> float:
    with contextlib.suppress(psutil.Error):
        return float(process.memory_info().rss if shared else process.memory_full_info().pss) / 1e6
    return 0.0


def _left_after(grace_s: float) -> list[str]:
    """What still runs when the grace is over; it is ended here, and only what this supervisor began."""
    until = time.monotonic() + grace_s
    while (left := _running()) and time.monotonic() < until:
        time.sleep(0.05)
    told = []
    for child in left:
        with contextlib.suppress(psutil.Error):
            told.append(" ".join(child.cmdline())[:200] or child.name())
            child.kill()
    return told


def _running() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if child.status() == psutil.STATUS_ZOMBIE:
                if child.ppid() == os.getpid():
                    with contextlib.suppress(ChildProcessError):
                        os.waitpid(child.pid, os.WNOHANG)
                continue
            found.append(child)
    return found


if __name__ == "__main__":
    print(json.dumps(asdict(_supervise(json.loads(sys.argv[1])))))
