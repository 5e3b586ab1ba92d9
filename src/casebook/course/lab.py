"""Starts JupyterLab in the course folder as a learner or an instructor needs it.

Settings go into a folder of their own under ``my-work/``; the user's own Jupyter settings stay as they are.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from casebook.course.errors import CourseError, disk_trouble
from casebook.course.settings import Course, with_programs_on_path
from casebook.course.workcopy import FOLDER, STATE

WORKSPACE = "casebook"
_ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"
_INSTRUCTORS_TOOLS = (
    "@jupyter/nbgrader:formgrader",
    "@jupyter/nbgrader:create-assignment",
    "@jupyter/nbgrader:assignment-list",
    "@jupyter/nbgrader:course-list",
)
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


@dataclass(frozen=True, slots=True)
class LabPlan:
    """How JupyterLab will be started: everything that can be said before it runs."""

    root: Path
    notebook: str  # path inside the course folder; "" when there is none yet
    instructor: bool
    ip: str
    port: int
    token: str
    open_browser: bool
    as_root: bool
    any_port: bool = False  # nobody asked for this one

    @property
    def state(self) -> Path:
        return self.root / FOLDER / STATE

    @property
    def log(self) -> Path:
        return self.state / "lab.log"

    @property
    def host(self) -> str:
        return "127.0.0.1" if self.ip in ("0.0.0.0", "::", "*", "") else self.ip

    @property
    def base(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """The page to open, with the key that lets you in."""
        page = f"/tree/{quote(self.notebook)}" if self.notebook else ""
        return f"{self.base}/lab/workspaces/{WORKSPACE}{page}?token={self.token}"

    @property
    def formgrader(self) -> str:
        return f"{self.base}/formgrader?token={self.token}"

    def command(self) -> list[str]:
        """The server's command line; the key travels in the environment, where other users cannot read it."""
        words = [
            sys.executable,
            "-m",
            "jupyterlab",
            "-y",
            "--no-browser",
            f"--ServerApp.ip={self.ip}",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            f"--LabApp.user_settings_dir={self.state / 'settings'}",
            f"--LabApp.workspaces_dir={self.state / 'workspaces'}",
            "--ServerApp.log_level=ERROR",
            "--LabApp.log_level=ERROR",
        ]
        return [*words, "--allow-root"] if self.as_root else words

    def environment(self) -> dict[str, str]:
        """The server's environment: our settings first, then whatever the user has."""
        env = dict(os.environ)
        paths = [str(self.state / "config"), env.get("JUPYTER_CONFIG_PATH", "")]
        env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in paths if path)
        env["JUPYTER_TOKEN"] = self.token
        return env


def plan(
    course: Course, *, instructor: bool = False, ip: str = "127.0.0.1", port: int = 0, browser: bool = True
) -> LabPlan:
    """Decide notebook, port and flags. ``port`` 0 takes the first free one from 8888 upwards."""
    return LabPlan(
        root=course.root,
        notebook=first_notebook(course.root),
        instructor=instructor,
        ip=ip,
        port=_port(ip, port),
        token=secrets.token_hex(16),
        open_browser=browser and has_browser(),
        as_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        any_port=not port,
    )


def first_notebook(root: Path) -> str:
    """The notebook to open first: the first of ``my-work/`` by name, as a path inside the course folder."""
    names = sorted(path.name for path in (root / FOLDER).glob("*.ipynb"))
    return f"{FOLDER}/{names[0]}" if names else ""


def write_settings(plan: LabPlan) -> None:
    """Announcements off, instructors' tools out of a learner's way, the side bar folded the first time."""
    disabled = [_ANNOUNCEMENTS, *(() if plan.instructor else _INSTRUCTORS_TOOLS)]
    page = {"disabledExtensions": dict.fromkeys(disabled, True)}
    workspaces = plan.state / "workspaces"
    try:
        _write(plan.state / "config" / "labconfig" / "page_config.json", page)
        _write(plan.state / "config" / "labconfig" / "default_setting_overrides.json", _SETTINGS)
        workspaces.mkdir(parents=True, exist_ok=True)
        if not any(workspaces.iterdir()):  # the layout is the learner's from then on
            from jupyterlab_server.workspaces_handler import WorkspacesManager  # it knows the file's name

            WorkspacesManager(str(workspaces)).save(WORKSPACE, json.dumps(_folded()))
    except OSError as error:
        raise disk_trouble(error, str(plan.state)) or error from error


def serve(plan: LabPlan, patience_s: float = 120) -> int:
    """Run JupyterLab until it is stopped, and say the address once it answers; returns its exit code.

    A port that was free and is somebody else's by the time the server wants it is changed for the next, unless it was
    asked for. Raises ``CourseError`` when it does not answer within ``patience_s`` seconds.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError("JupyterLab", "it is not installed in this environment", "Run: make lab")
    with_programs_on_path()
    server = _started(plan)
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        stopped.append(number)
        server.send_signal(signal.SIGTERM)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not _ready(plan, server, patience_s):
            if stopped:
                return 0
            if not plan.any_port or server.poll() is None or _is_free(plan.ip, plan.port):
                raise CourseError(
                    "JupyterLab",
                    f"it did not answer on {plan.base}; its last words:\n{_last_words(plan.log)}\n",
                    "Run 'casebook doctor', or choose another port with --port.",
                )
            plan = replace(plan, port=_port(plan.ip, 0))
            server = _started(plan)
            if stopped:  # meanwhile: only the one before was told
                server.terminate()
        print(welcome(plan), flush=True)
        if plan.open_browser:
            import webbrowser

            webbrowser.open(plan.address)
        code = server.wait()
        return 0 if stopped else code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if server.poll() is None:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(10)
        if server.poll() is None:
            server.kill()


def welcome(plan: LabPlan) -> str:
    """What is printed when the server is up."""
    lines = ["", f"  JupyterLab is running:  {plan.address}"]
    if plan.notebook:
        lines.append(f"  Open first:             {plan.notebook}")
    if plan.instructor:
        lines.append(f"  Formgrader:             {plan.formgrader}")
    if plan.as_root:
        lines.append("  Running as root, as containers do: notebooks have root's rights on this machine.")
    if in_container() and plan.ip == "127.0.0.1":
        lines.append("  In a container: publish the port and start with make lab ARGS='--ip 0.0.0.0'")
    return "\n".join([*lines, "  Stop with Ctrl-C.", ""])


def has_browser() -> bool:
    """Whether there is a browser to open, and a screen to show it on."""
    import webbrowser

    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not screen:
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def in_container() -> bool:
    """Docker and Podman leave a file that says so."""
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))


def _started(plan: LabPlan) -> subprocess.Popen[bytes]:
    with plan.log.open("wb") as log:  # the terminal shows one address, not a server's diary
        return subprocess.Popen(
            plan.command(),
            cwd=plan.root,
            env=plan.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _ready(plan: LabPlan, server: subprocess.Popen[bytes], patience_s: float) -> bool:
    key = {"Authorization": f"token {plan.token}"}
    request = urllib.request.Request(f"{plan.base}/api/status", headers=key)
    until = time.monotonic() + patience_s
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=5):
            return True
        time.sleep(0.2)
    return False


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n".join(f"    {line[:200]}" for line in lines[-5:]) or "    (none)"


def _port(ip: str, wanted: int) -> int:
    """``wanted`` if it is free, or the first free one from 8888; an error that says what to do otherwise."""
    for port in [wanted] if wanted else range(8888, 8988):
        if _is_free(ip, port):
            return port
    raise CourseError(
        f"port {wanted}" if wanted else "ports 8888 to 8987",
        "another program is using it",
        "Stop that program (perhaps another 'casebook lab'), or choose another port with --port.",
    )


def _is_free(ip: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OverflowError:
            raise CourseError(f"port {port}", "there is no such port", "Choose one from 1024 to 65535.") from None
        except socket.gaierror:
            raise CourseError(f"--ip {ip}", "this is no address", "Try 127.0.0.1.") from None
        except OSError:
            return False
    return True


def _folded() -> dict[str, object]:
    """A JupyterLab layout with both side bars closed, so that the board has the width of the screen."""
    side: dict[str, object] = {"collapsed": True, "visible": True, "current": None, "widgets": []}
    layout = {
        "main": {"dock": None},
        "down": {"size": 0, "widgets": []},
        "left": side,
        "right": side,
        "relativeSizes": [0, 1, 0],
        "top": {"simpleVisibility": True},
    }
    return {"data": {"layout-restorer:data": layout}, "metadata": {"id": WORKSPACE}}


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
