"""Running a notebook whose answers compute in a jail, and taking its answer from it as JSON that nobody trusts.

Nothing it shows is read: no output, no picture, only short replies, and one plain file of bounded size.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casebook.answer.cells import answer_cells
from casebook.course.intake import plain_text
from casebook.course.judge import JudgeProcess
from casebook.course.outcome import Outcome
from casebook.course.repair import Rebuilt, Release
from casebook.jail.kernelspec import JAILED
from casebook.jail.spec import JailError

CELL_S = 60.0
NOTEBOOK_S = 300
START_S = 60.0
MEMORY_MB = 2048
MAX_ANSWER_BYTES = 1_600_000
MAX_REPLY_BYTES = 1_000_000
MAX_REPLIES_BYTES = 8_000_000
ANSWER, TROUBLE = "casebook-answer.json", "casebook-trouble.txt"
INSIDE = "/scratch"
ASK_AGAIN = "needs-manual"
# Nobody looks: widgets are made but not sent, and nothing is drawn, which is most of what a board costs.
_UNSEEN = """
import comm as _comm
_comm.create_comm = _comm.DummyComm
del _comm
get_ipython().display_formatter.format = lambda *_, **__: ({}, {})
"""
_GATHER = """
from casebook.answer import Answer as _Answer
_answer, _wrong = _Answer.gather({case_id!r}, dict(globals()))
with open({trouble!r}, "w", encoding="utf-8") as _file:
    _file.write("\\n".join(" ".join(str(error).split()) for error in _wrong))
with open({answer!r}, "w", encoding="utf-8") as _file:
    _file.write(_answer.to_json())
"""


@dataclass(frozen=True, slots=True)
class _Limits:
    """Seconds for one cell and for the notebook, MB for everything in the jail."""

    cell_s: float = CELL_S
    notebook_s: int = NOTEBOOK_S
    memory_mb: int = MEMORY_MB


class _Stopped(Exception):
    """The run ended before the notebook did: a status and a reason for this learner."""

    def __init__(self, status: str, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(reason)


def run_in_jail(
    rebuilt: Rebuilt,
    release: Release,
    judge: JudgeProcess,
    *,
    kernel_name: str = JAILED,
    cell_s: float = CELL_S,
    notebook_s: int = NOTEBOOK_S,
    memory_mb: int = MEMORY_MB,
) -> Outcome:
    """Run the learner's cells, locked ones as released, in a jailed kernel; have what is left judged.

    Whatever the notebook does is the status of this outcome. Raises JailError where this machine has no jail.
    """
    limits = _Limits(cell_s, notebook_s, memory_mb)
    names = {cell.source.strip(): cell.name for cell in answer_cells(rebuilt.notebook)}
    skipped = _test_cells(release)
    failed: list[str] = []
    try:
        with _kernel(kernel_name, limits) as kernel:
            kernel.run(_UNSEEN)
            for source in rebuilt.sequence:
                if source.strip() in skipped or not source.strip():
                    continue
                error = kernel.run(source)
                if error and source.strip() in names:
                    failed.append(f"{names[source.strip()]}: the cell ended with {error}.")
            kernel.run(
                _GATHER.format(case_id=release.case_id, answer=f"{INSIDE}/{ANSWER}", trouble=f"{INSIDE}/{TROUBLE}")
            )
            answer, trouble = kernel.left(ANSWER, MAX_ANSWER_BYTES), kernel.left(TROUBLE, 20_000)
    except _Stopped as stopped:
        return Outcome(stopped.status, stopped.reason, rebuilt.repairs, how="jailed")
    if answer is None:
        told = "The notebook was run, but no answer could be taken from it: it took away what the answer is made with."
        return Outcome("crashed", told, rebuilt.repairs, how="jailed")
    outcome = replace(judge.judge_answer(answer), repairs=rebuilt.repairs, how="jailed")
    problems = [*failed, *(plain_text(line)[:300] for line in (trouble or "").splitlines() if line)][:12]
    if outcome.status == "graded" and problems:
        told = f"Scored without what could not be taken. {' '.join(problems)}"
        outcome = replace(outcome, status="partial", reason=told)
    return outcome


class _Kernel:
    """One jailed kernel, spoken to on its shell channel alone; its messages are bounded and never trusted."""

    def __init__(self, manager: Any, socket: Any, limits: _Limits) -> None:
        self._manager = manager
        self._socket = socket
        self._limits = limits
        self._last = time.monotonic() + limits.notebook_s
        self._heard = 0

    def begin(self) -> None:
        """Wait until it answers at all. Nothing of the learner's runs yet: a failure is this machine's (JailError)."""
        try:
            self._ask("kernel_info_request", {}, START_S)
        except _Stopped as stopped:
            why = f"the kernel did not answer within {START_S:g} seconds"
            why = why if stopped.status == "timeout" else f"the kernel ended ({self._last_words()})"
            told = "Grade again when the machine is less busy; casebook doctor tries a jail."
            raise JailError("starting a jailed kernel", why, told) from None

    def run(self, source: str) -> str:
        """Run one cell; empty, or the name of the exception it ended with. Raises _Stopped."""
        asked = {
            "code": source,
            "silent": False,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        content = self._ask("execute_request", asked, self._limits.cell_s)
        if content.get("status") == "ok":
            return ""
        return plain_text(str(content.get("ename", "an error")))[:60] or "an error"

    def left(self, name: str, limit: int) -> str | None:
        """The text of a plain file in its working folder; None for a link, a pipe, one too long or none."""
        from casebook.jail.janitor import read_plain

        try:
            text = read_plain(Path(self._manager.provisioner.scratch) / name, limit).decode("utf-8")
        except (OSError, ValueError):
            text = None
        if self._ended():  # its folder went with it, and the number that led there may be another process's by now
            raise _Stopped(*self._why())
        return text

    def _ask(self, kind: str, content: dict[str, Any], within_s: float) -> dict[str, Any]:
        session = self._manager.session
        asked = session.msg(kind, content)
        session.send(self._socket, asked)
        last = min(time.monotonic() + within_s, self._last)
        while True:
            left_ms = int(1000 * (last - time.monotonic()))
            if left_ms <= 0:
                raise _Stopped("timeout", self._too_long(within_s))
            if not self._socket.poll(min(left_ms, 100)):
                if self._ended():
                    raise _Stopped(*self._why())
                continue
            reply = self._heard_reply(session)
            if reply and reply.get("parent_header", {}).get("msg_id") == asked["header"]["msg_id"]:
                found = reply.get("content")
                return found if isinstance(found, dict) else {}

    def _heard_reply(self, session: Any) -> dict[str, Any]:
        """One message, or nothing of one that is none; whoever sends too much is stopped."""
        parts = self._socket.recv_multipart()
        self._heard += sum(len(part) for part in parts)
        if self._heard > MAX_REPLIES_BYTES:
            raise _Stopped("crashed", "The notebook flooded the grader with messages and was stopped.")
        try:
            _, message = session.feed_identities(parts)
            found = session.deserialize(message)
        except Exception:  # whatever a kernel makes of its own messages is that submission's failure
            return {}
        return found if isinstance(found, dict) and isinstance(found.get("parent_header"), dict) else {}

    def _last_words(self) -> str:
        log = getattr(self._manager.provisioner.process, "log", lambda: "")()
        return plain_text(log.strip()[-200:]) or "it said nothing"

    def _ended(self) -> bool:
        process = self._manager.provisioner.process
        return process is None or process.poll() is not None

    def _too_long(self, within_s: float) -> str:
        if time.monotonic() >= self._last:
            return f"The notebook ran longer than {self._limits.notebook_s} seconds and was stopped."
        return f"A cell ran longer than {within_s:g} seconds and the notebook was stopped."

    def _why(self) -> tuple[str, str]:
        from casebook.jail.janitor import why_ended
        from casebook.jail.watcher import MEMORY, TIME

        why = why_ended(Path(self._manager.provisioner.scratch))
        if why == MEMORY:
            return "crashed", f"The notebook used more than {self._limits.memory_mb} MB of memory and was stopped."
        if why == TIME:
            return "timeout", f"The notebook ran longer than {self._limits.notebook_s} seconds and was stopped."
        return "crashed", "The kernel ended while the notebook ran."


@contextmanager
def _kernel(name: str, limits: _Limits) -> Iterator[_Kernel]:
    """A jailed kernel of that name, ended with everything it started when the block ends."""
    import zmq
    from jupyter_client.manager import KernelManager
    from traitlets.config import Config

    from casebook.jail.kernelspec import JailKernels

    settings = {"memory_mb": limits.memory_mb, "wall_s": limits.notebook_s + int(START_S)}
    config = Config({"JailProvisioner": settings, "WarmProvisioner": settings})
    context = zmq.Context()
    context.setsockopt(zmq.MAXMSGSIZE, MAX_REPLY_BYTES)
    context.setsockopt(zmq.RCVHWM, 8)
    context.setsockopt(zmq.LINGER, 0)
    manager = KernelManager(kernel_name=name, kernel_spec_manager=JailKernels(), context=context, config=config)
    socket = None
    try:
        manager.start_kernel()
        socket = manager.connect_shell()
        kernel = _Kernel(manager, socket, limits)
        kernel.begin()
        yield kernel
    except (JailError, _Stopped):
        raise
    except Exception as error:
        told = f"The notebook could not be run ({type(error).__name__})."
        raise _Stopped("crashed", told) from error
    finally:
        with suppress(Exception):
            manager.shutdown_kernel(now=True)
        with suppress(Exception):
            manager.cleanup_resources()
        if socket is not None:
            socket.close(linger=0)
        context.destroy(linger=0)


def _test_cells(release: Release) -> frozenset[str]:
    """Sources of the release's test cells and of those that only show: they change nothing of an answer."""
    found = set()
    for cell in release.notebook["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader", {})
        if cell.get("cell_type") == "code" and not marks.get("solution"):
            source = str(cell["source"]).strip()
            if marks.get("grade") or all(line.startswith("work.inject(") for line in source.splitlines()):
                found.add(source)
    return frozenset(found)
