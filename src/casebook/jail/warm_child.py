"""What a forked child does: keep only its own descriptors, enter the jail, reseed, become an IPython kernel."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import stat
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from casebook.jail import warm_wire as wire
from casebook.jail.namespace import enter
from casebook.jail.spec import JailError, JailSpec

_PR_SET_DUMPABLE = 4
_FIRST_KEPT = 3
_HIGH = 200
_FOLDERS = ("read_only", "copies")


@dataclass(frozen=True, slots=True)
class Order:
    """One kernel to start: its jail, and the name of the connection file that lies in its scratch folder."""

    spec: JailSpec
    connection: str

    def write(self) -> dict[str, Any]:
        """The order as the fields of a packet: paths, numbers and the environment inside."""
        spec = {entry.name: getattr(self.spec, entry.name) for entry in fields(JailSpec)}
        spec |= {
            "scratch": str(self.spec.scratch),
            **{name: [str(path) for path in getattr(self.spec, name)] for name in _FOLDERS},
            "env": dict(self.spec.env),
        }
        return {"spec": spec, "connection": self.connection}

    @classmethod
    def read(cls, found: dict[str, Any]) -> Order:
        """The order in a packet. Raises ValueError for one that is not whole, or whose folder is not ours alone."""
        try:
            spec = dict(found["spec"])
            spec |= {
                "scratch": Path(spec["scratch"]),
                **{name: tuple(Path(path) for path in spec[name]) for name in _FOLDERS},
                "env": {str(name): str(value) for name, value in spec["env"].items()},
            }
            order = cls(JailSpec(**spec), str(found["connection"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"it is not whole ({type(error).__name__}: {error})") from error
        if "/" in order.connection or not order.spec.scratch.is_absolute():
            raise ValueError("its paths lead out of the scratch folder")
        if not stat.S_ISDIR(order.spec.scratch.lstat().st_mode):
            raise ValueError(f"{order.spec.scratch} is not a folder")
        return order


def be_kernel(order: Order, line_fd: int, lifeline: int, log: int) -> NoReturn:
    """Never returns: ends as the jail's watcher (its exit status is the kernel's) or as the kernel itself."""
    line_fd, lifeline = _keep_only(line_fd, lifeline, log)
    line = socket.socket(fileno=line_fd)
    _visible()
    os.environ.clear()
    os.environ.update(order.spec.env)
    try:
        enter(order.spec, lifeline=lifeline, keep=(line_fd,))
    except JailError as error:
        _say(line, {"refused": [error.what, error.why, error.remedy]})
        os._exit(1)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        _say(line, {"refused": ["the jail of a warm kernel", why, "Run: casebook doctor."]})
        os._exit(1)
    _visible()  # a change of user has made it invisible again
    _say(line, {"ready": True})
    wire.receive(line, 30.0)  # the coordinator has got hold of this process by now, and says go
    line.close()
    reseed()
    _run(os.path.join(order.spec.inside, order.connection))


def reseed() -> None:
    """Fresh random numbers, of which siblings of one template would otherwise all draw the same.

    `random` and `os.urandom` mend themselves after a fork; numpy's global state and tempfile's names do not. The
    seed of str's hash cannot be changed in a running process: siblings order their sets of strings alike.
    """
    import random
    import tempfile

    random.seed()
    vars(tempfile)["_name_sequence"] = None
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _keep_only(line: int, lifeline: int, log: int) -> tuple[int, int]:
    """Nothing on stdin, the log on stdout and stderr, line and lifeline as 3 and 4; everything else is closed."""
    # Copies high up first: the numbers wanted below may be in use by the very descriptors that are to be kept.
    nothing = os.open("/dev/null", os.O_RDONLY)
    high = [fcntl.fcntl(number, fcntl.F_DUPFD, _HIGH) for number in (nothing, log, log, line, lifeline)]
    for place, number in enumerate(high):
        os.dup2(number, place, inheritable=place < _FIRST_KEPT)
    os.closerange(len(high), max(os.sysconf("SC_OPEN_MAX"), _HIGH + len(high)))
    return 3, 4


def _visible() -> None:
    """The template's refusal to be looked into is inherited, and would hide a child's own files in /proc from it."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def _say(line: socket.socket, fields: dict[str, Any]) -> None:
    with contextlib.suppress(wire.WireError):
        wire.send(line, fields)


def _run(connection_file: str) -> NoReturn:
    """An ordinary IPython kernel, from here on with nothing of the template's in the learner's way."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    code = 0
    try:
        sys.argv[:] = ["ipykernel_launcher", "-f", connection_file]
        config = Config()
        config.HistoryManager.hist_file = ":memory:"
        app = IPKernelApp.instance(config=config)
        app.initialize(sys.argv[1:])
        app.start()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc(file=sys.__stderr__)
        code = 1
    finally:
        os._exit(code)
