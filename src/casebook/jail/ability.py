"""What this machine can do for a jail, found out by trying it, with the remedy for what it cannot."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from casebook.jail.spec import Ability, JailError, JailSpec

CONTAINER = (
    "Grading other people's computing notebooks is for Linux: run Casebook in a Linux container or machine "
    "(docs/jail.md has the recipe). Reading answers, which runs nothing, works here."
)
OLDEST = (5, 12)
PROBE_S = 180.0
TRY_S = 60  # a busy machine has a jail too, and what is found here holds until the program ends
_WITHIN = (
    "import importlib.util, os, casebook\n"
    "open(importlib.util.find_spec('ipykernel').origin).close()\n"  # readable for whoever one is within
    "os._exit(42)"
)
_PROBE = "import sys; sys.path.insert(0, sys.argv[1]); from casebook.jail.ability import probe; probe()"


@cache
def abilities() -> tuple[Ability, ...]:
    """Everything a jail needs, each tried once in a process of its own (0.2 s); the last one is the jail itself."""
    if not sys.platform.startswith("linux"):
        return (Ability("Linux", False, f"this is {platform.system()}", CONTAINER),)
    source = str(Path(__file__).resolve().parents[2])
    try:
        command = [sys.executable, "-I", "-c", _PROBE, source]
        done = subprocess.run(command, capture_output=True, timeout=PROBE_S, check=True, stdin=subprocess.DEVNULL)
        return tuple(Ability(**found) for found in json.loads(done.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError) as error:
        return (Ability("jail", False, f"it could not be tried ({type(error).__name__})", "Run: casebook doctor."),)


def jail_ability() -> Ability:
    """Whether a jail can be had here; where not, why and the remedy, of the first thing that is missing."""
    found = abilities()
    return next((ability for ability in found if not ability.ok), found[-1])


def probe() -> None:
    """In a fresh process with one thread: try each and print the findings as JSON."""
    from casebook.jail.namespace import NO_NAMESPACES

    who = "root" if os.geteuid() == 0 else "an ordinary user"
    version = tuple(int("".join(filter(str.isdigit, word)) or 0) for word in platform.release().split(".")[:2])
    found = [
        Ability("Linux", version >= OLDEST, platform.release(), "" if version >= OLDEST else "Linux 5.12 is needed."),
        _tried("system call filter", _filter, "refused calls", "Install the package libseccomp2."),
        _tried("namespaces", _namespaces, f"users, mounts, processes, network, as {who}", NO_NAMESPACES),
        _tried("memory watchdog", _memory, "what processes hold can be seen in /proc", "Mount /proc without hidepid."),
    ]
    if all(ability.ok for ability in found):
        found.append(_whole())
    print(json.dumps([asdict(ability) for ability in found]))


def _tried(name: str, work: Callable[[], None], fine: str, remedy: str) -> Ability:
    """Run ``work`` in a forked process, so that what it changes about itself stays there."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 0
        try:
            work()
        except JailError as error:
            os.write(writing, error.why.encode())
            code = 1
        except Exception as error:
            os.write(writing, str(error).encode())
            code = 1
        os._exit(code)
    os.close(writing)
    said = os.read(reading, 4096).decode("utf-8", "replace")
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return Ability(name, True, fine) if status == 0 else Ability(name, False, said or "it ended at once", remedy)


def _filter() -> None:
    from casebook.jail import seccomp, system

    system.control(system.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.deny_calls()
    try:
        system.unshare(system.CLONE_NEWUSER)
    except PermissionError:
        return
    raise JailError("filtering system calls", "a call that is refused went through", "")


def _namespaces() -> None:
    from casebook.jail import namespace

    namespace.leave_home()
    child = os.fork()
    if child == 0:
        os._exit(0 if os.getpid() == 1 else 1)
    if os.waitpid(child, 0)[1] != 0:
        raise JailError("making namespaces", "processes are not numbered anew", "")


def _memory() -> None:
    from casebook.jail.limits import used_mb

    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    if used_mb(proc, (), 1e9) < 1:
        raise JailError("counting memory", "/proc tells nothing", "")


def _whole() -> Ability:
    from casebook.jail.launch import JailProcess, environment, python_folders

    with tempfile.TemporaryDirectory(prefix="casebook-try-") as folder:
        scratch = Path(folder) / "s"
        scratch.mkdir(mode=0o700)
        try:
            spec = JailSpec(scratch, read_only=python_folders(), env=environment(), wall_s=TRY_S)
            jail = JailProcess(spec, [sys.executable, "-c", _WITHIN])
            code = jail.wait(TRY_S)
            jail.close()
        except (JailError, subprocess.TimeoutExpired) as error:
            remedy = error.remedy if isinstance(error, JailError) else "Try again on a less busy machine."
            return Ability("jail", False, getattr(error, "why", "it did not end in time"), remedy)
        if code != 42:
            readable = "Give everybody the right to read the Python environment (chmod -R a+rX), or make a new one."
            return Ability("jail", False, f"Python does not start in it ({jail.log().strip()[-200:]})", readable)
    return Ability("jail", True, "a program was started in one and ended")
