"""Runs a few lines of Python in a jail and says what came of it. Needs nothing but Python and the jail itself."""

from __future__ import annotations

import json
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.jail.janitor import make_run, remove_run, why_ended
from casebook.jail.launch import JailProcess, environment, python_folders
from casebook.jail.spec import JailSpec

HEAD = """
import ctypes, errno, json, os, signal, socket, sys, time
def tell(*things):
    os.write(1, ("\\nTOLD " + json.dumps(things) + "\\n").encode())
def tried(do):
    try:
        return ["done", str(do())]
    except BaseException as error:
        return ["refused", type(error).__name__]
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *args):
    ctypes.set_errno(0)
    done = libc.syscall(number, *args)
    return errno.errorcode[ctypes.get_errno()] if done < 0 else "done"
"""


PATIENCE_S = 240.0  # on the busiest machine; whoever waits goes on as soon as there is nothing to wait for


@dataclass(frozen=True, slots=True)
class Ended:
    """``told`` is what the lines called `tell` with; ``why`` the watcher's reason when it ended the jail."""

    code: int
    told: list[Any]
    why: str
    log: str


def inside(source: str, **limits: Any) -> Ended:
    """Run ``source`` in a jail with these limits. It may use what HEAD gives it."""
    scratch = make_run()
    try:
        jail = start(scratch, source, **limits)
        try:
            code = jail.wait(PATIENCE_S)
            why = why_ended(scratch)
        finally:
            jail.close()
        log = jail.log()
        told = [json.loads(line[5:]) for line in log.splitlines() if line.startswith("TOLD ")]
        return Ended(code, told, why, log)
    finally:
        remove_run(scratch)


def start(scratch: Path, source: str, **limits: Any) -> JailProcess:
    """The same, still running, with a scratch folder of the caller's. Nothing but a test itself ends it before that
    test's own patience is over.
    """
    spec = JailSpec(scratch, read_only=python_folders(), env=environment(), **{"wall_s": 600, **limits})
    return JailProcess(spec, [sys.executable, "-S", "-c", HEAD + textwrap.dedent(source)])
