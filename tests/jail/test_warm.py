"""Warm kernels through jupyter_client, by their name: strangers to each other, interruptible, gone when killed."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from casebook.jail.ability import jail_ability
from casebook.jail.warm_template import shared

pytestmark = pytest.mark.skipif(
    not jail_ability().ok, reason=f"no jail on this machine: {jail_ability().name}: {jail_ability().why}"
)

SITE = sysconfig.get_path("purelib")
PATIENCE_S = 120.0  # on the busiest machine
LIGHT = ("ipykernel.kernelapp", "ipykernel.ipkernel", "numpy")


class Kernel:
    """One warm kernel and its client."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager, self.client = manager, client

    async def run(self, code: str, heard: list[str] | None = None) -> str:
        """What ``code`` prints, or the name and text of its exception; ``heard`` has it piece by piece as it comes."""
        heard = [] if heard is None else heard

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                heard.append(content["text"])
            elif message["msg_type"] == "error":
                heard.append(f"{content['ename']}: {content['evalue']}")

        await self.client.execute_interactive(code, timeout=60, output_hook=hear, allow_stdin=False)
        return "".join(heard)

    @property
    def pid(self) -> int:
        """The kernel's number outside of its jail."""
        return int(self.manager.provisioner.process.pid)


@asynccontextmanager
async def warm(names: tuple[str, ...] = LIGHT) -> AsyncIterator[Kernel]:
    """A warm kernel with few imports, shut down at the end."""
    from jupyter_client.manager import AsyncKernelManager

    from casebook.jail.kernelspec import JailKernels

    manager = AsyncKernelManager(kernel_name="casebook-warm", kernel_spec_manager=JailKernels())
    manager.kernel_spec.metadata["kernel_provisioner"]["config"] = {"warm_up": list(names)}
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


def in_own_loop(waiting: Awaitable[None]) -> None:
    """Run it in a thread of its own: a browser's tests, before in the same process, leave this one a loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, waiting).result()  # type: ignore[arg-type]


def kernel_test(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an asynchronous test; fixtures of its own it has none."""

    def run() -> None:
        in_own_loop(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@kernel_test
async def test_one_kernel_leaves_nothing_for_the_next() -> None:
    async with warm() as first:
        await first.run(
            "import builtins, json, os, sys\n"
            "builtins.left = json.left = 1; sys.path.append('/left'); os.environ['LEFT'] = '1'\n"
            "import statistics; statistics.mean = None\n"
            "for folder in ('/tmp', '.'):\n    open(folder + '/left.txt', 'w').write('x')"
        )
    async with warm() as second:
        told = await second.run(
            "import builtins, json, os, statistics, sys\n"
            "print(hasattr(builtins, 'left'), hasattr(json, 'left'), '/left' in sys.path, 'LEFT' in os.environ,\n"
            "      statistics.mean([1]), os.path.exists('/tmp/left.txt'), os.path.exists('left.txt'))"
        )
    assert told.split() == [*["False"] * 4, "1", "False", "False"]


@kernel_test
async def test_random_numbers_differ_between_siblings() -> None:
    draw = (
        "import random, tempfile, uuid, numpy, os, secrets\n"
        "print(random.random(), numpy.random.random(), numpy.random.default_rng().random(), uuid.uuid4(),\n"
        "      next(tempfile._get_candidate_names()), os.urandom(4).hex(), secrets.token_hex(4))"
    )
    drawn = []
    for _ in range(2):
        async with warm() as kernel:
            drawn.append((await kernel.run(draw)).split())
    assert len(drawn[0]) == len(drawn[1]) == 7
    assert not set(drawn[0]) & set(drawn[1])


@kernel_test
async def test_an_interrupt_arrives_and_the_kernel_goes_on() -> None:
    async with warm() as kernel:
        await kernel.run("kept = 1")
        heard: list[str] = []
        running = asyncio.ensure_future(kernel.run("import time\nprint('on', flush=True)\ntime.sleep(100)", heard))
        while "on" not in "".join(heard) and not running.done():  # an interrupt that comes too early is nobody's
            await asyncio.sleep(0.02)
        await kernel.manager.interrupt_kernel()
        assert "KeyboardInterrupt" in await running
        assert await kernel.run("print(kept)") == "1\n"


SCAN = """
import hashlib, os, re
def copies(head, tail_sha256):
    seen = found = 0
    with open('/proc/self/mem', 'rb', 0) as memory:
        for line in open('/proc/self/maps'):
            start, end, rights = re.match(r'(\\w+)-(\\w+) (\\S+)', line).groups()
            if rights[0] != 'r' or '[v' in line:
                continue
            memory.seek(int(start, 16))
            try:
                text = memory.read(int(end, 16) - int(start, 16))
            except OSError:
                continue
            seen += len(text)
            for match in re.finditer(head, text):
                found += hashlib.sha256(text[match.end():match.end() + 32]).hexdigest() == tail_sha256
    return found, seen > 10_000_000
"""


def secret() -> tuple[str, str, str]:
    """A secret, its head, and the digest of the rest: enough to look for it without holding it."""
    text = uuid.uuid4().hex + uuid.uuid4().hex
    return text, text[:32], hashlib.sha256(text[32:].encode()).hexdigest()


@kernel_test
async def test_no_secret_of_the_coordinator_is_in_a_kernels_memory_or_environment() -> None:
    hidden, head, tail = secret()
    os.environ["CASEBOOK_TEST_SECRET"] = hidden
    names = (*LIGHT, "string")  # a template of its own, started now, while the secret is there
    try:
        async with warm(names) as kernel:
            await kernel.run(SCAN)
            assert await kernel.run(f"print(copies(b{head!r}, {tail!r}))") == "(0, True)\n"
            told = await kernel.run("print(os.environ, open('/proc/self/environ').read(), os.listdir('/scratch'))")
            assert "CASEBOOK" not in told and head not in told
            # The same search does find what is there.
            known, head, tail = secret()
            await kernel.run(f"kept = 'x' + {known!r}")
            found = await kernel.run(f"print(copies(b{head!r}, {tail!r}))")
            assert found.endswith("True)\n") and not found.startswith("(0,")
    finally:
        del os.environ["CASEBOOK_TEST_SECRET"]
        shared(names).close()


@kernel_test
async def test_a_killed_kernel_leaves_no_process() -> None:
    async with warm() as kernel:
        await kernel.run(
            "import os, subprocess\n"
            "subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
            "if os.fork() == 0:\n"
            "    os.setsid()\n"
            "    if os.fork():\n        os._exit(0)\n"
            "    import signal, time\n"
            "    for number in (1, 2, 15):\n        signal.signal(number, signal.SIG_IGN)\n"
            "    time.sleep(1000)\n    os._exit(0)"
        )
        everyone = below(shared(LIGHT).pid or 0)
        assert len(everyone) >= 5  # the watcher, the first process, the kernel and the two it left behind
        await kernel.manager.provisioner.kill()
        await kernel.manager.provisioner.wait()
        assert await kernel.manager.provisioner.poll() is not None
        assert gone(everyone)


def test_nbclient_runs_a_notebook_in_a_warm_kernel() -> None:
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    from casebook.jail.kernelspec import JailKernels

    notebook = new_notebook(cells=[new_code_cell("import os\nprint(os.getppid(), os.path.exists('/var'))\n6 * 7")])
    manager = AsyncKernelManager(kernel_name="casebook-warm", kernel_spec_manager=JailKernels())
    manager.kernel_spec.metadata["kernel_provisioner"]["config"] = {"warm_up": list(LIGHT)}
    client = NotebookClient(notebook, km=manager, timeout=60, iopub_timeout=60, shutdown_kernel="immediate")
    client.owns_km = True
    client.execute()
    printed, value = notebook.cells[0].outputs
    assert printed["text"] == "1 False\n"
    assert value["data"]["text/plain"] == "42"


@pytest.mark.parametrize(("last", "status"), [("os._exit(7)", 7), ("os.kill(os.getpid(), 9)", 137)])
def test_the_exit_status_of_a_kernel_is_told(last: str, status: int) -> None:
    async def ends() -> None:
        async with warm() as kernel:
            kernel.client.execute(f"import os; {last}")
            assert await asyncio.wait_for(kernel.manager.provisioner.wait(), 30) == status
            assert not await kernel.manager.is_alive()

    in_own_loop(ends())


@kernel_test
async def test_a_kernel_outlives_its_template_and_the_next_has_a_new_one() -> None:
    async with warm() as first:
        before = shared(LIGHT).pid
        os.kill(before or 0, signal.SIGKILL)
        assert await first.run("print(6 * 7)") == "42\n"
        async with warm() as second:
            assert shared(LIGHT).pid not in (None, before)
            assert await second.run("print(6 * 7)") == "42\n"
        assert await first.manager.provisioner.poll() is None
        await first.manager.provisioner.kill()
        assert await asyncio.wait_for(first.manager.provisioner.wait(), 30) == 137


@kernel_test
async def test_a_restarted_kernel_is_a_new_one() -> None:
    async with warm() as kernel:
        await kernel.run("kept = 1")
        before = kernel.pid
        await kernel.manager.restart_kernel(now=True)
        await kernel.client.wait_for_ready(timeout=60)
        assert "NameError" in await kernel.run("kept")
        assert kernel.pid != before


@kernel_test
async def test_where_no_warm_kernel_can_be_had_a_cold_jailed_one_is_started_and_says_why() -> None:
    said: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("casebook.jail").addHandler(listener)
    names = ("no_such_module_here",)
    try:
        async with warm(names) as kernel:
            provisioner = kernel.manager.provisioner
            assert not provisioner.is_warm and "no_such_module_here" in provisioner.why_cold
            assert await kernel.run("import os; print(os.getpid(), os.getcwd())") == "2 /scratch\n"
        assert len(said) == 1 and "starts cold, in the same jail" in said[0] and "no_such_module_here" in said[0]
    finally:
        logging.getLogger("casebook.jail").removeHandler(listener)
        shared(names).close()


PROGRAM = """
import asyncio, os, sys
from casebook.jail.kernelspec import JailKernels
from jupyter_client.manager import AsyncKernelManager

async def main():
    manager = AsyncKernelManager(kernel_name="casebook-warm", kernel_spec_manager=JailKernels())
    manager.kernel_spec.metadata["kernel_provisioner"]["config"] = {
        "warm_up": sys.argv[1].split(","),
        "read_only": sys.argv[2].split(","),
    }
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    code = "import os, numpy; print('inside', os.getuid(), numpy.arange(4).sum(), os.listdir('/'), flush=True)"
    await client.execute_interactive(code, timeout=60, allow_stdin=False)
    print("warm", manager.provisioner.is_warm, flush=True)
    if "stay" in sys.argv:
        await asyncio.sleep(1000)
    client.stop_channels()
    await manager.shutdown_kernel(now=True)

asyncio.run(main())
"""


def test_a_killed_coordinator_leaves_no_process() -> None:
    command = [sys.executable, "-c", PROGRAM, ",".join(LIGHT), SITE, "stay"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as coordinator:
        assert coordinator.stdout is not None
        heard = [coordinator.stdout.readline() for _ in range(2)]
        assert heard[1] == "warm True\n", heard
        everyone = below(coordinator.pid)
        assert len(everyone) >= 4  # the template, a watcher, a first process, a kernel
        coordinator.kill()
    assert gone(everyone)


@pytest.fixture
def ordinary_python() -> Iterator[str]:
    """A Python with this environment's packages that any user may run: another one where ours lies in a closed home."""
    home = Path(sys.base_prefix)
    if all(folder.stat().st_mode & 1 for folder in (home, *home.parents)):
        yield sys.executable
        return
    other = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin:/usr/local/bin")
    if other is None:
        pytest.skip(f"{home} is closed to other users, and no other Python 3.{sys.version_info.minor} is installed")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        subprocess.run([other, "-m", "venv", "--without-pip", folder], check=True)
        (packages,) = Path(folder).glob("lib/python3*/site-packages")
        (packages / "ours.pth").write_text(f"import site; site.addsitedir({SITE!r})\n")
        yield f"{folder}/bin/python"


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests of this file run as an ordinary user already")
def test_an_ordinary_user_has_warm_kernels_too(ordinary_python: str) -> None:
    done = subprocess.run(
        [ordinary_python, "-c", PROGRAM, ",".join(LIGHT), SITE],
        user=4242,
        group=4242,
        extra_groups=[],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "warm True" in done.stdout, done.stderr[-2000:]
    assert done.stdout.startswith("inside 1000 6 "), done.stdout


def below(pid: int) -> set[tuple[int, str]]:
    """Every process that descends from ``pid``, each with its time of birth: numbers are used again."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                told = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name), told[19]] = int(told[1])
    found: set[tuple[int, str]] = set()
    while more := {who for who, parent in parents.items() if parent in {pid, *(one for one, _ in found)}} - found:
        found |= more
    return found


def gone(everyone: set[tuple[int, str]]) -> bool:
    """Whether all of them end; a generous while is waited for it."""
    last = time.monotonic() + PATIENCE_S
    while time.monotonic() < last:
        alive = set()
        for pid, born in everyone:
            try:
                told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if told[19] == born and told[0] != "Z":
                alive.add(pid)
        if not alive:
            return True
        time.sleep(0.02)
    return False
