"""The judge: a process of its own, with limits on time and memory, that never runs a learner's code.

`JudgeProcess` is the coordinator's handle on it; `serve` is what runs inside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Any

from casebook.course.errors import CourseError
from casebook.course.outcome import Outcome
from casebook.engine.graded import THREADS

START_S = 180.0
MAX_REPLY_BYTES = 16_000_000
STREAMS_BYTES = 128 * 2**20  # of random numbers kept: a quarter of what a learner's kernel may keep, and no slower here
LAST_WORDS = "from casebook.course.judge import serve; serve()"


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of wall clock and ``resident_mb`` of memory for one submission."""

    seconds: float = 60.0
    resident_mb: int = 2_000


class JudgeProcess:
    """Judges submissions one at a time; started when first asked, replaced after a timeout or a crash.

    Threads that ask at the same time wait for each other, so that nobody gets the reply to another's question.
    ``threads`` for the simulation (None: the engine's own choice); no figure depends on them.
    """

    def __init__(
        self, root: Path, assignment: str, limits: Limits | None = None, *, threads: int | None = None
    ) -> None:
        self.root = root
        self.assignment = assignment
        self.limits = limits or Limits()
        self.threads = threads
        self._one_asks = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._ready = False

    def __enter__(self) -> JudgeProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; safe to call twice."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def assess(self, path: Path) -> Outcome:
        """The Outcome of the notebook at ``path``; never raises because of what is in it."""
        return self._ask({"path": str(path)})

    def judge_answer(self, text: str) -> Outcome:
        """The Outcome of an answer given as JSON text."""
        return self._ask({"answer": text})

    def _ask(self, request: dict[str, str]) -> Outcome:
        with self._one_asks:
            return self._asked(request)

    def _asked(self, request: dict[str, str]) -> Outcome:
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            reply = self._reply(self.limits.seconds, self.limits.resident_mb)
        except _TooSlow:
            self.close()
            return Outcome("timeout", f"Judging it took longer than {self.limits.seconds:g} seconds and was stopped.")
        except _TooBig:
            self.close()
            return Outcome("crashed", f"Judging it needed more than {self.limits.resident_mb} MB of memory.")
        except (OSError, EOFError):
            self.close()
            return Outcome("crashed", "The judge ended while it was reading this submission.")
        return _outcome(reply)

    def start(self) -> None:
        """Start the process where there is none, and wait for nothing: it loads while its owner does."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", LAST_WORDS, str(self.root), self.assignment, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self.threads),
            cwd=str(self.root),
        )
        self._lines, self._ready = SimpleQueue(), False
        threading.Thread(target=_listen, args=(self._process.stdout, self._lines), daemon=True).start()

    def _started(self) -> subprocess.Popen[bytes]:
        self.start()
        if not self._ready:
            try:
                _raise_course_error(self._reply(START_S, self.limits.resident_mb))
            except (_TooSlow, _TooBig, OSError, EOFError) as error:
                self.close()
                raise CourseError(
                    f"the judge for {self.assignment}",
                    "its process did not start",
                    "Run: casebook doctor; it says what is missing on this machine.",
                ) from error
            self._ready = True
        assert self._process is not None
        return self._process

    def _reply(self, seconds: float, resident_mb: int) -> dict[str, Any]:
        """The next line from the process, while its clock and its memory are watched."""
        assert self._process is not None
        end = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=0.02)
                break
            except Empty:
                if time.monotonic() > end:
                    raise _TooSlow from None
                if _resident_mb(self._process.pid) > resident_mb:
                    raise _TooBig from None
        if not line.endswith(b"\n"):
            raise EOFError
        reply = json.loads(line)
        assert isinstance(reply, dict)
        return reply


def _listen(pipe: IO[bytes] | None, lines: SimpleQueue[bytes]) -> None:
    """Pass on the process's replies; an empty or unfinished line says that there will be no more."""
    assert pipe is not None
    try:
        while (line := pipe.readline(MAX_REPLY_BYTES)).endswith(b"\n"):
            lines.put(line)
    except (OSError, ValueError):  # closed from the other side
        line = b""
    lines.put(line)


class _TooSlow(Exception):
    pass


class _TooBig(Exception):
    pass


def _outcome(reply: dict[str, Any]) -> Outcome:
    _raise_course_error(reply)
    return Outcome.from_json(json.dumps(reply["outcome"]))


def _raise_course_error(reply: dict[str, Any]) -> None:
    if "course_error" in reply:
        raise CourseError(*reply["course_error"])


def _resident_mb(pid: int) -> float:
    """Resident memory of a process in MB; 0 where the system does not tell (then only time is limited)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _environment(threads: int | None) -> dict[str, str]:
    """No secret of the coordinator reaches the judge; only what Python and its compiled kernels need."""
    keep = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "NUMBA_CACHE_DIR", "CASEBOOK_ENGINE")
    kept = {name: os.environ[name] for name in keep if name in os.environ} | {"OPENBLAS_NUM_THREADS": "1"}
    return kept if threads is None else kept | {THREADS: str(threads)}


def serve() -> None:
    """Inside the process: a JSON request a line on stdin, a JSON reply a line on stdout, until stdin ends."""
    root, assignment, coordinator = sys.argv[1:4]
    # Told, because a coordinator that ended by now is no longer the parent. On Windows a launcher may stand between.
    parent = os.getppid() if os.name == "nt" else int(coordinator)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_files()
    from casebook.course.assess import Standard, assess, judge_answer_text
    from casebook.course.settings import Course
    from casebook.engine import limit_stream_cache
    from casebook.facts import SeedError

    limit_stream_cache(STREAMS_BYTES)

    def reply(message: dict[str, Any]) -> None:
        replies.write(json.dumps(message).encode() + b"\n")
        replies.flush()

    try:
        standard = Standard.load(Course(Path(root)), assignment)
    except (CourseError, SeedError) as error:
        reply({"course_error": _of_course(error)})
        return
    reply({"ready": True})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if "answer" in request:
                outcome = judge_answer_text(standard, request["answer"])
            else:
                outcome = assess(standard, Path(request["path"]))
        except (CourseError, SeedError) as error:
            reply({"course_error": _of_course(error)})
            continue
        except (Exception, RecursionError, MemoryError) as error:
            outcome = Outcome("crashed", f"The judge could not finish this submission ({type(error).__name__}).")
        reply({"outcome": asdict(outcome)})


def _end_with(parent: int) -> None:
    """End when the coordinator has ended, in the middle of starting or of judging too: nobody waits for the reply."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _of_course(error: Any) -> list[str]:
    """Place, problem and remedy of a fault that is the instructor's to mend, and no learner's."""
    if isinstance(error, CourseError):
        return [error.place, error.problem, error.remedy]
    return [f"seeds/{error.file} at {error.key}", error.problem, error.remedy]


def _limit_files() -> None:
    """No core dumps and no large files from the judge; where limits do not exist (Windows) nothing is set."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ceiling = 256_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (ceiling if hard < 0 else min(ceiling, hard), hard))
