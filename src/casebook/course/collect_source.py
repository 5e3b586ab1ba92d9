"""Files of unknown origin, in a folder or a zip: names checked, links and devices left out, sizes bounded.

Nothing is unpacked to a disk: a notebook is read into memory, up to a limit, when somebody asks for it.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casebook.course.errors import CourseError, Refused
from casebook.course.intake import MAX_FILE_BYTES, read_bytes

MAX_ENTRIES = 50_000
MAX_DIRECTORY_BYTES = 20_000_000
MAX_TOTAL_BYTES = 4_000_000_000
MAX_DEPTH = 8
_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_ODD = re.compile(r"[\x00-\x1f\x7f\\]|^/|^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: the parts of its path below the source's top, and how its bytes are asked for."""

    parts: tuple[str, ...]
    ask: str

    @property
    def shown(self) -> str:
        """Its path, fit for a screen."""
        return "".join(char if char.isprintable() else "?" for char in "/".join(self.parts))[:160]


class Source:
    """A folder or an open zip: ``entries``, what was left out and why, and ``read``."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.entries: list[Entry] = []
        self.left_out: list[tuple[str, str]] = []
        self._total = 0

    def read(self, entry: Entry, most: int = MAX_FILE_BYTES) -> bytes:
        """The bytes of a file; Refused when it is damaged or larger than ``most`` bytes."""
        raw = self._read(entry, most)
        self._total += len(raw)
        if self._total > MAX_TOTAL_BYTES:
            total = MAX_TOTAL_BYTES / 1e9
            raise CourseError(str(self.place), f"its notebooks hold more than {total:g} GB", "Collect it in parts.")
        return raw

    def owners(self, entry: Entry) -> set[str]:
        """Other users than the one who reads that a file or a folder on its way belongs to; a zip knows none."""
        return set()

    def _read(self, entry: Entry, most: int) -> bytes:
        raise AssertionError("one of the two kinds is opened")

    def _take(self, name: str, is_link: bool) -> None:
        """Note one file, or why it is left out."""
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if _ODD.search(name) or ".." in parts or not parts:
            self._leave(name, "its name points outside, or holds odd characters")
        elif len(parts) > MAX_DEPTH or len(name) > 1_000:
            self._leave(name, "it lies too deep")
        elif is_link:
            self._leave(name, "it is a link, no file")
        elif any(part.startswith(".") or part == "__MACOSX" for part in parts):
            return  # checkpoints and what systems leave behind
        else:
            self.entries.append(Entry(parts, name))
        if len(self.entries) + len(self.left_out) > MAX_ENTRIES:
            raise CourseError(str(self.place), f"it holds more than {MAX_ENTRIES:,} files", "Collect it in parts.")

    def _leave(self, name: str, why: str) -> None:
        self.left_out.append((Entry((name,), "").shown, why))


class _Folder(Source):
    def __init__(self, place: Path) -> None:
        super().__init__(place)
        for folder, below, files in os.walk(place, followlinks=False):
            below.sort()
            here = Path(folder).relative_to(place)
            for name in [name for name in below if (Path(folder) / name).is_symlink()]:
                below.remove(name)
                self._take((here / name).as_posix(), True)
            if len(here.parts) >= MAX_DEPTH:
                below.clear()
            for name in sorted(files):
                self._take((here / name).as_posix(), (Path(folder) / name).is_symlink())

    def owners(self, entry: Entry) -> set[str]:
        if not hasattr(os, "geteuid"):
            return set()
        on_the_way = [self.place.joinpath(*entry.parts[: n + 1]) for n in range(len(entry.parts))]
        try:
            return {_user(number) for path in on_the_way if (number := path.lstat().st_uid) != os.geteuid()}
        except OSError:
            return {"who has removed it meanwhile"}

    def _read(self, entry: Entry, most: int) -> bytes:
        raw = read_bytes(self.place.joinpath(*entry.parts))
        if len(raw) > most:
            raise Refused(f"It is larger than {most:,} bytes", "Ask for it again")
        return raw


class _Zip(Source):
    def __init__(self, place: Path, archive: zipfile.ZipFile) -> None:
        super().__init__(place)
        self._archive = archive
        seen: set[str] = set()
        for info in archive.infolist():
            if info.is_dir():
                continue
            if info.filename in seen:
                self._leave(info.filename, "the zip holds it twice")
                continue
            seen.add(info.filename)
            self._take(info.filename, stat.S_ISLNK(info.external_attr >> 16))
        twice = {name for name, _ in self.left_out}
        self.entries = [entry for entry in self.entries if entry.shown not in twice]

    def _read(self, entry: Entry, most: int) -> bytes:
        info = self._archive.getinfo(entry.ask)
        if info.flag_bits & 1:
            raise Refused("It is encrypted", "Ask for it without a password")
        try:
            with self._archive.open(info) as file:
                raw = file.read(most + 1)
        except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
            raise Refused(f"It cannot be unpacked ({type(error).__name__})", "Ask for it again") from error
        except Exception as error:  # zlib, lzma and bz2 have errors of their own
            raise Refused(f"It is damaged ({type(error).__name__})", "Ask for it again") from error
        if len(raw) > most:
            raise Refused(f"It unpacks to more than {most / 1e6:.0f} MB", "Ask for it without outputs")
        return raw


def _user(number: int) -> str:
    """The name of a user; the number of one that this machine does not know."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"number {number}"


@contextmanager
def opened_source(place: Path) -> Iterator[Source]:
    """The folder or zip at ``place``; CourseError for what is neither."""
    if place.is_dir():
        yield _Folder(place)
        return
    if not place.is_file():
        raise CourseError(str(place), "there is no such folder or zip", "Check the path after --from.")
    _refuse_monsters(place)
    try:
        archive = zipfile.ZipFile(place)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        told = "Download it again from your platform, or give a folder."
        raise CourseError(str(place), f"it is no zip that can be opened ({error})", told) from error
    with archive:
        yield _Zip(place, archive)


def _refuse_monsters(place: Path) -> None:
    """Look at the size of a zip's table of contents before the library reads all of it into memory."""
    with place.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 70_000))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        return  # the library says better what is wrong with it
    entries, directory_bytes = struct.unpack("<H", tail[at + 10 : at + 12])[0], 0
    directory_bytes = struct.unpack("<I", tail[at + 12 : at + 16])[0]
    if _LOCATOR in tail[max(0, at - 20) : at] or directory_bytes > MAX_DIRECTORY_BYTES or entries > MAX_ENTRIES:
        problem = f"its table of contents is larger than {MAX_ENTRIES:,} files need"
        raise CourseError(str(place), problem, "Unpack it yourself where nothing else lies, and give the folder.")
