"""One JupyterLab on loopback and one headless Chromium, driven as a person would; free of pytest.

Tests take it through the fixtures of ``conftest.py``; ``make bench`` uses it directly.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DESK = {"width": 1280, "height": 800}
NARROW = {"width": 640, "height": 800}
QUIET_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
QUIET_PAGE = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


def find_chromium() -> str | None:
    """The browser's program: ``CASEBOOK_CHROMIUM``, else the first known name on the PATH."""
    named = os.environ.get("CASEBOOK_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


class Server:
    """A running JupyterLab: ``root`` is the course folder it serves, ``url`` its address on loopback."""

    def __init__(self, root: Path, state: Path) -> None:
        self.root, self.state = root, state
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = state / "lab.log"
        _write(state / "config" / "labconfig" / "page_config.json", QUIET_PAGE)
        _write(state / "config" / "labconfig" / "default_setting_overrides.json", QUIET_SETTINGS)
        for name in ("settings", "workspaces", "runtime", "ipython"):
            (state / name).mkdir(parents=True, exist_ok=True)
        self._process = self._start()
        self._await_ready()

    def _start(self) -> subprocess.Popen[bytes]:
        env = dict(os.environ)
        env.update(
            JUPYTER_CONFIG_DIR=str(self.state / "config"),
            JUPYTER_CONFIG_PATH=str(self.state / "config"),
            JUPYTER_RUNTIME_DIR=str(self.state / "runtime"),
            IPYTHONDIR=str(self.state / "ipython"),
            JUPYTER_TOKEN=self.token,
            PATH=str(Path(sys.executable).parent) + os.pathsep + env.get("PATH", ""),
        )
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--expose-app-in-browser",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            f"--LabApp.user_settings_dir={self.state / 'settings'}",
            f"--LabApp.workspaces_dir={self.state / 'workspaces'}",
            "--ServerApp.terminals_enabled=False",
        ]
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=self.root,
                env=env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _await_ready(self, patience_s: float = 180) -> None:
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                self.api("api/status")
                return
            time.sleep(0.2)
        tail = self.log.read_text(errors="replace")[-3000:]
        self.stop()
        raise RuntimeError(f"JupyterLab did not come up:\n{tail}")

    def api(self, path: str, method: str = "GET") -> Any:
        """One call of the server's REST interface; returns its JSON, or None when it has no body."""
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def forget(self) -> None:
        """End every kernel and drop settings and layouts: one test's theme must not reach the next."""
        for session in self.api("api/sessions"):
            with contextlib.suppress(OSError):
                self.api(f"api/sessions/{session['id']}", "DELETE")
        for name in ("settings", "workspaces"):
            shutil.rmtree(self.state / name, ignore_errors=True)
            (self.state / name).mkdir(exist_ok=True)  # the last page's layout may be written meanwhile

    def stop(self) -> None:
        """End the server and the kernels it started (they share its process group)."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextlib.contextmanager
def serving(root: Path, state: Path) -> Iterator[Server]:
    """JupyterLab in ``root`` for as long as the block lasts; its own files lie in ``state``."""
    server = Server(root, state)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def browsing() -> Iterator[Any]:
    """A headless Chromium (a playwright ``Browser``) for as long as the block lasts."""
    from playwright.sync_api import sync_playwright

    program = find_chromium()
    if program is None:
        raise RuntimeError("No Chromium: install it, or name it in CASEBOOK_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS, timeout=120_000)
        try:
            yield browser
        finally:
            browser.close()


class Lab:
    """One browser page on one server. ``trouble`` collects page errors, failed and foreign requests."""

    def __init__(self, server: Server, browser: Any, size: dict[str, int] | None = None) -> None:
        self.server = server
        self.trouble: list[str] = []
        self.context = browser.new_context(viewport=size or DESK, device_scale_factor=1)
        self.context.route("**/*", self._only_loopback)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("pageerror", lambda error: self.trouble.append(f"page error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _only_loopback(self, route: Any) -> None:
        host = urlsplit(route.request.url).hostname
        if host in ("127.0.0.1", "localhost", None):
            route.continue_()
        else:
            self.trouble.append(f"request to another machine: {route.request.url[:200]}")
            route.abort()

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # the page went elsewhere meanwhile
            self.trouble.append(f"request failed: {request.method} {request.url[:200]} {request.failure}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            asked = f"{response.request.method} {response.url[:200]}"
            self.trouble.append(f"request failed: {asked} {response.status}")

    def open(self, path: str) -> Notebook:
        """Open a notebook (path inside the course folder) with the side bar folded; waits for its kernel."""
        self.page.goto(f"{self.server.url}/lab/tree/{quote(path)}?token={self.server.token}&reset")
        self.page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell")
        self.page.evaluate("async () => { await window.jupyterapp.restored; }")
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        self.page.wait_for_function(
            """(path) => {
                const panel = window.jupyterapp.shell.currentWidget;
                return panel && panel.context && panel.context.isReady && panel.context.path === path;
            }""",
            arg=path,
        )
        notebook = Notebook(self, path)
        notebook.wait_idle()
        self.page.evaluate(_LISTEN)
        return notebook

    def command(self, name: str, **args: Any) -> None:
        """Run one of JupyterLab's own commands (what its menus and palette call) and wait for its end."""
        call = "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }"
        self.page.evaluate(call, [name, args])

    def theme(self, kind: str) -> None:
        """Switch to the ``light`` or ``dark`` theme and wait until the page shows it."""
        names = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
        self.command("apputils:change-theme", theme=names[kind])
        # JupyterLab hides everything for a frame after a change.
        self.page.wait_for_function(
            "(light) => document.body.dataset.jpThemeLight === light && window.jupyterapp.shell.isVisible",
            arg=str(kind == "light").lower(),
        )

    def narrow(self, width: int = NARROW["width"]) -> None:
        """Make the window narrow (half a laptop screen) and wait until the notebook is no wider."""
        self.page.set_viewport_size({"width": width, "height": DESK["height"]})
        self.page.wait_for_function(
            f"""(width) => window.innerWidth === width
                && document.querySelector('{_CURRENT}').getBoundingClientRect().right <= width""",
            arg=width,
        )

    def steady(self, measure: str, quiet_ms: int = 500) -> Any:
        """What ``measure`` (JavaScript) gives once it stays the same and the kernel owes the page no answer.

        Frames are counted beside the time: a page that is too busy to draw has not come to rest.
        """
        found = self.page.wait_for_function(
            f"""(quiet) => {{
                const value = ({measure})(), seen = JSON.stringify(value);
                const now = performance.now(), last = window.__steady;
                if (!last || last.seen !== seen || window.__unanswered.size) {{
                    window.__steady = {{ seen, since: now, frames: 0 }};
                    return null;
                }}
                last.frames += 1;
                if (last.frames < 20 || now - last.since < quiet) return null;
                window.__steady = undefined;
                return {{ value }};
            }}""",
            arg=quiet_ms,
        )
        return found.json_value()["value"]

    def screenshot(self, path: Path, selector: str | None = None) -> Path:
        """A PNG of the page, or of the first element that ``selector`` finds."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if selector:
            self.page.locator(selector).first.screenshot(path=str(path))
        else:
            self.page.screenshot(path=str(path))
        return path

    def assert_clean(self) -> None:
        """Zero page errors and zero failed requests so far."""
        assert not self.trouble, "the page had trouble:\n  " + "\n  ".join(self.trouble)

    def close(self) -> None:
        self.context.close()


@contextlib.contextmanager
def formgrader_page(server: Server, browser: Any) -> Iterator[Any]:
    """A page logged in to formgrader; afterwards no script error, no dialog, no request to another machine."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.set_default_timeout(60_000)
    trouble: list[str] = []

    def guard(route: Any) -> None:
        if route.request.url.startswith((server.url, "file://", "data:", "blob:")):
            route.continue_()
            return
        trouble.append(f"request to {route.request.url[:120]}")
        route.abort()

    context.route("**/*", guard)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(f"dialog: {dialog.message}") or dialog.dismiss())
    page.goto(f"{server.url}/formgrader/manage_assignments?token={server.token}")
    page.locator("#main_table tbody tr a, table tbody tr a").first.wait_for()
    try:
        yield page
    finally:
        context.close()
    assert trouble == []


_PANEL = "window.jupyterapp.shell.currentWidget"
_CURRENT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
# Which messages of cells and controls the kernel has not dealt with yet. Its status does not tell: it is idle until
# a message arrives there, and a slider holds its next message back until the last one was answered.
_LISTEN = f"""() => {{
    const open = window.__unanswered = new Set();
    const kernel = {_PANEL}.sessionContext.session.kernel;
    kernel.anyMessage.connect((_, {{ msg, direction }}) => {{
        const counted = ['comm_msg', 'execute_request'].includes(msg.header.msg_type);
        if (direction === 'send' && counted) open.add(msg.header.msg_id);
    }});
    kernel.iopubMessage.connect((_, msg) => {{
        const idle = msg.header.msg_type === 'status' && msg.content.execution_state === 'idle';
        if (idle) open.delete(msg.parent_header.msg_id);
    }});
}}"""


class Notebook:
    """The notebook in front. Cells are numbered from 0, as in the file."""

    def __init__(self, lab: Lab, path: str) -> None:
        self.lab, self.page, self.path = lab, lab.page, path

    def _js(self, body: str, *args: Any) -> Any:
        """Run ``body`` with ``panel``, ``cells`` (the models) and ``args`` in scope; may await."""
        names = f"const panel = {_PANEL}; const cells = panel.content.model.cells;"
        script = f"async (args) => {{ {names} {body} }}"
        return self.page.evaluate(script, list(args))

    def wait_idle(self, quiet_ms: int = 200, patience_s: float = 120) -> None:
        """Wait until the kernel has been idle for ``quiet_ms`` on end and no cell is waiting to run."""
        self.page.wait_for_function(
            f"""(quiet) => {{
                const panel = {_PANEL};
                const kernel = panel && panel.sessionContext.session && panel.sessionContext.session.kernel;
                const waiting = panel && panel.content.widgets.some(c => c.promptNode &&
                    c.promptNode.textContent.includes('*'));
                const now = performance.now();
                const busy = !kernel || kernel.status !== 'idle' || waiting;
                window.__idleSince = busy ? now : (window.__idleSince || now);
                return !busy && now - window.__idleSince >= quiet;
            }}""",
            arg=quiet_ms,
            timeout=patience_s * 1000,
        )
        self.page.evaluate("() => { window.__idleSince = undefined; }")

    def wait_answered(self) -> None:
        """Wait until the kernel has dealt with all that was run and all that the controls sent."""
        self.page.wait_for_function("() => window.__unanswered.size === 0")

    def count(self) -> int:
        return int(self._js("return cells.length;"))

    def source(self, cell: int) -> str:
        """The text of a cell as the learner sees it now (not as it lies on disk)."""
        return str(self._js("return cells.get(args[0]).sharedModel.getSource();", cell))

    def set_source(self, cell: int, text: str) -> None:
        self._js("cells.get(args[0]).sharedModel.setSource(args[1]);", cell, text)

    def metadata(self, cell: int) -> dict[str, Any]:
        return dict(self._js("return cells.get(args[0]).metadata;", cell))

    def outputs(self, cell: int) -> list[dict[str, Any]]:
        """A code cell's outputs as nbformat JSON."""
        return list(self._js("return cells.get(args[0]).outputs.toJSON();", cell))

    def find(self, text: str, kind: str = "code") -> int:
        """The number of the first cell of that kind whose source holds ``text``."""
        found = self._js(
            """for (let i = 0; i < cells.length; i++) {
            const c = cells.get(i);
            if (c.type === args[1] && c.sharedModel.getSource().includes(args[0])) return i;
        } return -1;""",
            text,
            kind,
        )
        assert found >= 0, f"no {kind} cell of {self.path} holds {text!r}"
        return int(found)

    def run(self, cell: int) -> None:
        """Select one cell, scroll to it, run it and wait for the kernel."""
        self._js("panel.content.activeCellIndex = args[0]; await panel.content.scrollToItem(args[0]);", cell)
        self.lab.command("notebook:run-cell")
        self.wait_idle()

    def run_all(self, patience_s: float = 180) -> None:
        self.lab.command("notebook:run-all-cells")
        self.wait_idle(patience_s=patience_s)

    def restart(self) -> None:
        """A fresh kernel; outputs stay as they are."""
        self._js("await panel.sessionContext.restartKernel(); window.__unanswered.clear();")
        self.wait_idle()

    def save(self) -> dict[str, Any]:
        """Save, and return what lies on disk."""
        self._js("await panel.context.save();")
        data: dict[str, Any] = json.loads((self.lab.server.root / self.path).read_text(encoding="utf-8"))
        return data

    def cell(self, cell: int) -> Any:
        """A playwright locator for a cell, scrolled into view."""
        self._js("await panel.content.scrollToItem(args[0]);", cell)
        return self.page.locator(f"{_CURRENT} .jp-Cell").nth(cell)

    def errors(self) -> list[str]:
        """Every error output in the notebook as one line: cell, exception, message."""
        return [
            f"cell {i}: {o['ename']}: {o['evalue']}"
            for i in range(self.count())
            if self._js("return cells.get(args[0]).type;", i) == "code"
            for o in self.outputs(i)
            if o["output_type"] == "error"
        ]


def free_port() -> int:
    """A free port below those that the system hands out itself: a kernel could be given one before the server is up."""
    for port in random.sample(range(20_000, 30_000), 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No free port from 20000 to 29999.")


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
