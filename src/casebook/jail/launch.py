"""Starts a program in a jail from a process that may have threads: a small fresh Python goes in and becomes it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from casebook.jail.log import drain
from casebook.jail.spec import JailError, JailSpec

START_S = 30.0
_SOURCE = Path(__file__).resolve().parents[2]
_BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from casebook.jail.launch import main; main()"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables a Python in a jail needs, and none of ours; every cache is in its own /tmp."""
    programs = os.path.dirname(sys.executable)
    return {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": "/tmp/ipython",
        "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",
        "JUPYTER_CONFIG_DIR": "/tmp/jupyter-config",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        **(extra or {}),
    }


def python_folders() -> tuple[Path, ...]:
    """What must be shown so that this Python and this package run: environment, its base, our source and seeds."""
    package = Path(__file__).resolve().parents[1]
    seeds = Path(os.environ.get("CASEBOOK_SEEDS") or package.parents[1] / "seeds").resolve()
    wanted = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix), package, *_links(Path(sys.executable))]
    if (seeds / "catalog.yaml").is_file():
        wanted.append(seeds)
    shown = tuple(dict.fromkeys(path for path in wanted if path.exists() and not _in_system(path)))
    for path in shown:
        if path in (Path("/"), _home()):
            why = f"the Python environment is {path} itself, and so everything in it would be shown"
            raise JailError("the jail's environment", why, "Install Casebook in a virtual environment of its own.")
    return shown


def caches() -> tuple[Path, ...]:
    """Folders of what was compiled before; without copies of them every jail would compile for seconds.

    Loops lie beside our modules, or in the user's own cache where those cannot be written to (a hub's environment).
    """
    package = Path(__file__).resolve().parents[1]
    kept = Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache")
    beside = {path.parent for path in package.glob("**/__pycache__/*.nbi")}
    own = {folder for folder in (kept / "wasmtime", *_own_loops(package, kept / "numba")) if folder.is_dir()}
    return (*sorted(beside), *sorted(folder for folder in own if folder.is_relative_to(_home())))


def _own_loops(package: Path, kept: Path) -> list[Path]:
    """Where numba keeps the loops of each of our folders for this user: its name and a digest of its path."""
    places = [package / "engine", *sorted(path for path in (package / "engine").glob("*/") if path.is_dir())]
    named = {place: hashlib.sha1(str(place).encode(), usedforsecurity=False).hexdigest() for place in places}
    return [kept / f"{place.name}_{digest}" for place, digest in named.items()]


class JailProcess:
    """A program in a jail, as its coordinator holds it. The jail ends with this process, however that ends."""

    def __init__(self, spec: JailSpec, command: Sequence[str]) -> None:
        """Starts it and returns once it is inside. Raises JailError where no jail can be had; nothing runs then."""
        order = {**asdict(spec), "scratch": str(spec.scratch), "env": dict(spec.env)}
        order |= {name: [str(path) for path in getattr(spec, name)] for name in ("read_only", "copies")}
        lifeline, self._lifeline = os.pipe()
        told, tell = os.pipe()
        log, end = os.pipe()
        self._tail = bytearray()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _BEGIN, str(_SOURCE), str(lifeline), str(tell)],
                stdin=subprocess.PIPE,
                stdout=end,
                stderr=end,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                cwd="/",
                pass_fds=(lifeline, tell),
                start_new_session=True,
            )
        finally:
            for number in (lifeline, tell, end):
                os.close(number)
        self.pid = self._process.pid
        self._reader = threading.Thread(
            target=drain, args=(log, self._tail, self.kill), daemon=True, name="casebook-jail-log"
        )
        self._reader.start()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps({"spec": order, "command": list(command)}).encode())
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._await(told)

    def _await(self, told: int) -> None:
        timer = threading.Timer(START_S, self._process.kill)
        timer.start()
        with open(told, "rb") as pipe:
            said = pipe.read(65_536)
        timer.cancel()
        if said == b"in":
            return
        self.close()
        if said:
            raise JailError(*json.loads(said))
        last = self.log().strip().splitlines()[-1:] or ["it said nothing"]
        raise JailError("starting the jail", f"the process that starts it ended: {last[0]}", "Run: casebook doctor.")

    def poll(self) -> int | None:
        """None while it runs, then its exit status: 128 + n for signal n, 137 when the watcher ended it."""
        return self._process.poll()

    def wait(self, timeout_s: float | None = None) -> int:
        """Its exit status; raises subprocess.TimeoutExpired after ``timeout_s``."""
        return self._process.wait(timeout_s)

    def send_signal(self, number: int) -> None:
        """SIGINT reaches the program alone; SIGTERM and SIGKILL end the whole jail."""
        told = signal.SIGINT if number == signal.SIGINT else signal.SIGTERM
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(told)

    def kill(self) -> None:
        """End everything in the jail."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """End the jail, wait for its end and let go of it; safe to call twice."""
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its first process dies with it, by a signal of the machine's
            self._process.wait()
        self._reader.join(2.0)  # so that the log is whole

    def log(self) -> str:
        """The last words on its stdout and stderr, at most 8 KiB, whatever they are."""
        return bytes(self._tail).decode("utf-8", "replace")


def main() -> NoReturn:
    """In the small fresh Python: read the order, go in, become the command."""
    lifeline, tell = int(sys.argv[2]), int(sys.argv[3])
    os.set_inheritable(tell, False)
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    spec = order["spec"]
    spec |= {name: tuple(Path(path) for path in spec[name]) for name in ("read_only", "copies")}
    from casebook.jail.namespace import enter

    try:
        enter(JailSpec(**{**spec, "scratch": Path(spec["scratch"])}), lifeline=lifeline, keep=(tell,))
    except JailError as error:
        os.write(tell, json.dumps([error.what, error.why, error.remedy]).encode())
        os._exit(1)
    os.write(tell, b"in")
    try:
        os.execve(order["command"][0], order["command"], order["spec"]["env"])
    except OSError as error:
        os.write(2, f"{order['command'][0]}: {error}\n".encode())
        os._exit(127)


def _links(program: Path) -> list[Path]:
    """Every link on the way to a program, so that the way exists inside as well."""
    found: list[Path] = []
    while program.is_symlink() and len(found) < 20:
        program = Path(os.path.normpath(program.parent / os.readlink(program)))
        found.append(program)
    return found


def _home() -> Path:
    return Path(os.path.expanduser("~"))  # which stays a tilde for a user who has no home


def _in_system(path: Path) -> bool:
    from casebook.jail.folders import SYSTEM

    return str(path).startswith(tuple(f"{folder}/" for folder in SYSTEM)) or str(path) in SYSTEM
