"""Every property of the jail, attacked from within: as whoever runs the tests, and as an ordinary user."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casebook.jail.ability import jail_ability
from casebook.jail.janitor import make_run, read_plain, remove_run
from casebook.jail.watcher import MEMORY, TIME, TOLD
from tests.jail.attacks import ATTACKS, LIMITS
from tests.jail.inside import PATIENCE_S, inside, start

ROOT = Path(__file__).resolve().parents[2]
GONE_S = 10  # what a jail leaves behind is gone by then: a bound on the jail, not patience with the machine
STRANGER = 54_321  # a user number that nobody has; it is entered nowhere
AS_ORDINARY = (
    "sockets to anywhere",
    "files of the host",
    "the environment of the coordinator",
    "processes of the host",
    "killing everybody",
    "looking into its first process",
    "writing where the system is",
    "more rights",
    "namespaces and mounts of its own",
    "a tree of processes",
)

pytestmark = pytest.mark.skipif(
    not jail_ability().ok, reason=f"no jail on this machine: {jail_ability().name}: {jail_ability().why}"
)
on_x86 = os.uname().machine == "x86_64"  # the numbers of calls differ elsewhere


@pytest.fixture(scope="module")
def prey() -> Iterator[dict[str, str]]:
    """A server, a file and a variable of the host, which no jail may reach."""
    os.environ["CANARY_VARIABLE"] = "secret"
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.NamedTemporaryFile() as canary:
        port = str(server.getsockname()[1])
        with socket.socket(socket.AF_UNIX) as hidden:
            hidden.bind(f"\0casebook-test-{port}")
            hidden.listen()
            yield {"PORT": port, "CANARY": canary.name}
    del os.environ["CANARY_VARIABLE"]


def aimed(source: str, prey: dict[str, str]) -> str:
    return source.replace("PORT", prey["PORT"]).replace('"CANARY"', repr(prey["CANARY"]))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_from_within_fails(attack: str, prey: dict[str, str]) -> None:
    source, expected = ATTACKS[attack]
    if "call(" in source and not on_x86:
        pytest.skip("the numbers of its calls are those of x86-64")
    ended = inside(aimed(source, prey), **LIMITS)
    assert ended.told == expected, ended.log


def test_the_same_for_an_ordinary_user(prey: dict[str, str]) -> None:
    """In a process that is somebody else, with a copy of the jail's source that anybody can read."""
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    python = _python_for_anybody()
    folder = Path(tempfile.mkdtemp(prefix="casebook-anybody-"))
    try:
        folder.chmod(0o755)
        package = folder / "src" / "casebook"
        shutil.copytree(
            ROOT / "src" / "casebook" / "jail", package / "jail", ignore=shutil.ignore_patterns("__pycache__")
        )
        (package / "__init__.py").touch()
        attacks = {name: [aimed(ATTACKS[name][0], prey), ATTACKS[name][1]] for name in AS_ORDINARY if on_x86}
        (folder / "attacks.json").write_text(json.dumps([attacks, LIMITS]))
        shutil.copy(ROOT / "tests" / "jail" / "inside.py", folder / "src" / "inside.py")
        (folder / "run.py").write_text(
            "import json, sys\nsys.path.insert(0, sys.argv[1])\nfrom inside import inside\n"
            "attacks, limits = json.load(open(sys.argv[2]))\n"
            "print(json.dumps({name: inside(source, **limits).told for name, (source, _) in attacks.items()}))\n"
        )
        done = subprocess.run(
            [python, "-I", "-B", str(folder / "run.py"), str(folder / "src"), str(folder / "attacks.json")],
            user=STRANGER,
            group=STRANGER,
            extra_groups=[],
            env={"CANARY_VARIABLE": "secret"},
            capture_output=True,
            text=True,
            timeout=600,
            cwd="/",
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {name: expected for name, (_, expected) in attacks.items()}
    finally:
        shutil.rmtree(folder)


def _python_for_anybody() -> str:
    """An interpreter that an ordinary user can start; ours may lie in somebody's home."""
    for python in (sys.executable, "/usr/bin/python3"):
        code = "import sys; sys.exit(sys.version_info < (3, 11))"
        try:
            done = subprocess.run([python, "-I", "-c", code], user=STRANGER, group=STRANGER, extra_groups=[], cwd="/")
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip("no Python 3.11 here that an ordinary user may start")


def test_memory_is_counted_over_the_whole_jail() -> None:
    ended = inside(
        """
        for _ in range(6):
            if os.fork() == 0:
                held = bytearray(os.urandom(1)) * (60 * 2**20)
                time.sleep(1000)
        time.sleep(1000)
        """,
        memory_mb=200,
    )
    assert (ended.why, ended.code) == (MEMORY, 137)


def test_shared_pages_are_counted_once() -> None:
    ended = inside(
        """
        held = bytearray(os.urandom(1)) * (80 * 2**20)
        children = [os.fork() for _ in range(1)]
        for _ in range(6):
            if 0 not in children:
                children.append(os.fork())
        time.sleep(0.5)
        tell("alive") if 0 not in children else None
        """,
        memory_mb=300,
    )
    assert (ended.why, ended.told) == ("", [["alive"]])


def test_time_is_limited_by_the_clock_and_by_the_processor() -> None:
    assert inside("time.sleep(60)", wall_s=1).why == TIME
    assert inside("while True: pass", cpu_s=1).code in (128 + signal.SIGXCPU, 128 + signal.SIGKILL)


def test_a_flood_of_output_ends_the_jail() -> None:
    ended = inside("while True: os.write(1, b'x' * 65536)")
    assert (ended.why, ended.code) == (TOLD, 137)
    assert len(ended.log) <= 8192


def _running(token: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if token.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def _comes(true: Callable[[], object], within_s: float = PATIENCE_S) -> bool:
    """Whether it comes true within so many seconds."""
    last = time.monotonic() + within_s
    while not (found := true()) and time.monotonic() < last:
        time.sleep(0.02)
    return bool(found)


def _all_started(token: str) -> bool:
    return _comes(lambda: len(_running(token)) >= 5)


def _gone(token: str) -> bool:
    return _comes(lambda: not _running(token), GONE_S)


# They sleep longer than anybody waits for their end, so that it is not they who end themselves.
LEAVE = """
# {token}
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        time.sleep(1000)
tell("started")
"""


def test_no_process_is_left_when_the_program_ends() -> None:
    token = secrets.token_hex(8)
    assert inside(LEAVE.format(token=token)).told == [["started"]]
    assert _gone(token)


@pytest.mark.parametrize("how", ["kill", "close", "watcher killed"])
def test_no_process_is_left_when_the_jail_is_ended(how: str) -> None:
    token, scratch = secrets.token_hex(8), make_run()
    jail = start(scratch, LEAVE.format(token=token) + "time.sleep(1000)")
    assert _all_started(token), jail.log()
    if how == "watcher killed":
        os.kill(jail.pid, signal.SIGKILL)
    else:
        getattr(jail, how)()
    assert _gone(token)
    jail.close()
    remove_run(scratch)


def test_the_jail_ends_with_its_coordinator() -> None:
    """In a temporary folder of its own: whoever else starts a jail at this moment sweeps the common one."""
    token = secrets.token_hex(8)
    script = (
        f"import sys, time; sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.jail.inside import start\nfrom casebook.jail.janitor import make_run\n"
        f"scratch = make_run()\njail = start(scratch, {LEAVE.format(token=token) + 'time.sleep(1000)'!r})\n"
        "print(scratch, flush=True)\ntime.sleep(1000)\n"
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as own, tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script)
        file.flush()
        env = {**os.environ, "TMPDIR": own}
        coordinator = subprocess.Popen([sys.executable, file.name], stdout=subprocess.PIPE, text=True, env=env)
        assert coordinator.stdout is not None
        scratch = Path(coordinator.stdout.readline().strip())
        started = _all_started(token)
        coordinator.kill()
        coordinator.wait()
        coordinator.stdout.close()
        assert started
        assert _gone(token)
        from casebook.jail.janitor import sweep

        assert scratch.parent.is_dir() and str(scratch.parent.parent) == own
        assert sweep(own) == 1
        assert not scratch.parent.exists()


def test_an_interrupt_reaches_the_program_alone() -> None:
    scratch = make_run()
    source = """
    if os.fork() == 0:
        try:
            time.sleep(1000)
        except KeyboardInterrupt:
            tell("child")
        os._exit(0)
    try:
        tell("ready")
        time.sleep(1000)
    except KeyboardInterrupt:
        tell("interrupted")
    os._exit(5)
    """
    jail = start(scratch, source)
    assert _comes(lambda: "ready" in jail.log())
    jail.send_signal(signal.SIGINT)
    assert jail.wait(20) == 5
    jail.close()
    assert "interrupted" in jail.log()
    assert "child" not in jail.log()
    remove_run(scratch)


PLANT = """
os.symlink("/etc/shadow", "/scratch/absolute")
os.symlink("../../../../../etc/shadow", "/scratch/relative")
os.mkfifo("/scratch/pipe")
os.mkdir("/scratch/folder")
os.truncate(os.open("/scratch/long", os.O_CREAT | os.O_RDWR), 5_000_000)
open("/scratch/plain", "w").write("fine")
tell("planted")
time.sleep(1000)
"""


def test_what_is_planted_in_the_scratch_folder_is_not_followed() -> None:
    scratch = make_run()
    jail = start(scratch, PLANT)
    assert _comes(lambda: "planted" in jail.log())
    assert read_plain(scratch / "plain", 100) == b"fine"
    for name in ("absolute", "relative", "pipe", "folder", "long"):
        with pytest.raises(OSError):
            read_plain(scratch / name, 1_000_000)
    jail.close()
    outside = scratch.parent.with_name(scratch.parent.name + "-kept")
    outside.mkdir()
    (outside / "file").touch()
    (scratch.parent / "link").symlink_to(outside)
    remove_run(scratch)
    assert (outside / "file").exists()
    assert not scratch.parent.exists()
    shutil.rmtree(outside)


def test_where_no_jail_can_be_had_nothing_runs_and_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from casebook.jail import launch
    from casebook.jail.spec import JailError

    refusing = (
        "import sys; sys.path.insert(0, sys.argv[1]); from casebook.jail import system, launch\n"
        "def no(flags): raise PermissionError(1, 'Operation not permitted')\n"
        "system.unshare = no\nlaunch.main()"
    )
    monkeypatch.setattr(launch, "_BEGIN", refusing)
    with pytest.raises(JailError, match=r"sysctl user\.max_user_namespaces.*casebook doctor") as caught:
        inside("tell('ran')")
    assert caught.value.why == "Operation not permitted"


@pytest.mark.skipif(not (shutil.which("unshare") and shutil.which("setpriv")), reason="no util-linux here")
def test_who_may_make_no_namespaces_is_told_the_remedy_and_nothing_runs() -> None:
    """As on a machine that keeps namespaces from ordinary users: without rights, and with a limit of none."""
    shut = "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "
    asked = (
        "from tests.jail.inside import inside; from casebook.jail.ability import jail_ability\n"
        "from casebook.jail.spec import JailError\n"
        "found = jail_ability(); print(found.ok, found.name, found.remedy)\n"
        "try:\n    inside('tell(1)'); print('ran')\n"
        "except JailError as error:\n    print(error.why, error.remedy)\n"
    )
    command = ["unshare", "-Ur", "sh", "-c", f'{shut} --no-new-privs "$@"', "sh", sys.executable, "-c", asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told, refused = done.stdout.strip().splitlines()
    assert told.startswith("False namespaces Let ordinary users make namespaces (sysctl user.max_user_namespaces")
    assert refused.startswith("ordinary users may make no namespaces here")
    assert "sysctl user.max_user_namespaces" in refused


def test_what_the_machine_can_do_is_told_once_for_each_need() -> None:
    from casebook.jail.ability import abilities

    found: dict[str, Any] = {ability.name: ability for ability in abilities()}
    assert list(found) == ["Linux", "system call filter", "namespaces", "memory watchdog", "jail"]
    assert all(ability.why for ability in found.values())
