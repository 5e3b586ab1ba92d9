"""What a jail is given and what it may use up; the one error that says a jail cannot be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class JailSpec:
    """``scratch``: a folder of ours alone (0700). While the jail lives it is a link to the jail's own sized folder,
    which is seen within as ``inside``; files that lay in it beforehand (connection file) are handed in.

    ``read_only``: what else is shown, unwritable, at its own path. ``copies``: folders (caches) of which the jail
    gets a writable copy of its own: in the same place where they are shown, else as in our home, which is /tmp there.
    ``env``: the whole environment within.
    Limits: ``memory_mb`` resident, of everything in the jail; ``cpu_s`` of one process; ``wall_s`` of the jail (0: no
    end); ``processes`` counts threads too; ``file_mb`` one file; ``tmp_mb``, ``scratch_mb`` the two writable folders.
    """

    scratch: Path
    inside: str = "/scratch"
    read_only: tuple[Path, ...] = ()
    memory_mb: int = 2048
    cpu_s: int = 300
    processes: int = 64
    file_mb: int = 64
    tmp_mb: int = 256
    scratch_mb: int = 64
    env: Mapping[str, str] = field(default_factory=dict)
    wall_s: int = 900
    copies: tuple[Path, ...] = ()


class JailError(Exception):
    """No jail can be had: ``what`` was tried, ``why`` it failed, ``remedy`` in words for who runs the grader."""

    def __init__(self, what: str, why: str, remedy: str) -> None:
        self.what = what
        self.why = why
        self.remedy = remedy
        super().__init__(f"{what}: {why}. {remedy}")


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing a jail needs: whether this machine has it, ``why`` in a few words, ``remedy`` when it has not."""

    name: str
    ok: bool
    why: str
    remedy: str = ""
