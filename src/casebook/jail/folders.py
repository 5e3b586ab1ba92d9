"""Builds the small world a jail sees: an empty root in memory, with the system and the environment shown read-only."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from casebook.jail import system
from casebook.jail.spec import JailSpec

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/alternatives",
)
DEVICES = ("null", "zero", "full", "random", "urandom")
SHARED_MEMORY_MB = 64
COPY_MB = 64
_FLAGS = system.MS_NOSUID | system.MS_NODEV
USER = "learner"


def build_root(root: str, spec: JailSpec, uid: int, gid: int) -> int:
    """Mount the jail's world at ``root`` (an empty folder) and return a descriptor of its scratch folder.

    Must run in a mount namespace of its own. Everything but /proc, which belongs to the jail's first process.
    """
    system.mount("none", "/", "", system.MS_REC | system.MS_PRIVATE)
    system.mount("jail", root, "tmpfs", _FLAGS, "mode=755,size=4m,nr_inodes=4096")
    # Own folders before shown ones: what is shown may lie below /tmp and must stay to be seen.
    owner = f"uid={uid},gid={gid}"
    for place, size_mb in (("/tmp", spec.tmp_mb), (spec.inside, spec.scratch_mb), ("/dev/shm", SHARED_MEMORY_MB)):
        os.makedirs(root + place, mode=0o755, exist_ok=True)
        data = f"mode=700,size={size_mb}m,nr_inodes={1024 + 64 * size_mb},{owner}"
        system.mount("jail", root + place, "tmpfs", _FLAGS, data)
    for name in DEVICES:
        _show_file(f"/dev/{name}", root, 0)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, f"{root}/dev/{name}")
    for path in (*SYSTEM, *SETTINGS, *(str(path) for path in _sorted(spec.read_only))):
        _show(path, root)
    for folder in spec.copies:
        shown = any(folder.is_relative_to(path) for path in spec.read_only)
        _copy(str(folder), root, owner, (uid, gid), shown)
    _write(f"{root}/etc/passwd", f"{USER}:x:{uid}:{gid}:{USER}:/tmp:/bin/sh\n")
    _write(f"{root}/etc/group", f"{USER}:x:{gid}:\n")
    _write(f"{root}/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
    _write(f"{root}/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
    os.mkdir(f"{root}/proc", 0o555)
    return os.open(root + spec.inside, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)


def close_root(root: str) -> None:
    """The last touches, once /proc is there: the root itself can no longer be written to."""
    system.mount("none", root, "", system.MS_BIND | 32 | system.MS_RDONLY | _FLAGS)  # 32: remount


def hand_in(files: dict[str, bytes], root: str, spec: JailSpec, uid: int, gid: int) -> None:
    """Put files into the jail's scratch folder, readable for its user alone."""
    for name, content in files.items():
        path = os.path.join(root + spec.inside, name)
        _write(path, content, 0o600)
        os.chown(path, uid, gid)


def _sorted(paths: tuple[Path, ...]) -> list[Path]:
    """Outer folders before those within them."""
    return sorted(set(paths), key=lambda path: (len(path.parts), str(path)))


def _show(path: str, root: str) -> None:
    """The same thing at the same path, unwritable; a link stays a link and its target is shown as well."""
    if os.path.islink(path):
        target = os.path.realpath(path)
        if not os.path.lexists(root + path):
            os.makedirs(os.path.dirname(root + path), mode=0o755, exist_ok=True)
            os.symlink(os.readlink(path) if path in SYSTEM else target, root + path)
        if target.startswith(tuple(f"{shown}/" for shown in SYSTEM)):
            return
        path = target
    if os.path.isdir(path):
        os.makedirs(root + path, mode=0o755, exist_ok=True)
        system.mount(path, root + path, "", system.MS_BIND | system.MS_REC)
        restrict = system.ATTR_RDONLY | system.ATTR_NOSUID | system.ATTR_NODEV
        system.restrict_mount(root + path, restrict)
    elif os.path.isfile(path):
        _show_file(path, root, system.ATTR_RDONLY | system.ATTR_NOSUID | system.ATTR_NODEV)


def _show_file(path: str, root: str, attributes: int) -> None:
    if os.path.lexists(root + path):  # within a folder that is shown already
        return
    os.makedirs(os.path.dirname(root + path), mode=0o755, exist_ok=True)
    _write(root + path, "")
    system.mount(path, root + path, "", system.MS_BIND)
    if attributes:
        system.restrict_mount(root + path, attributes)


def _copy(path: str, root: str, owner: str, ids: tuple[int, int], shown: bool) -> None:
    """The plain files of a folder, for the jail's user to write to: over the shown folder, or in the jail's home."""
    within = os.path.relpath(path, os.path.expanduser("~"))
    if not shown and within.startswith(".."):
        return
    if shown:
        target = root + path
        system.mount("jail", target, "tmpfs", _FLAGS, f"mode=700,size={COPY_MB}m,{owner}")
    else:
        target = os.path.join(f"{root}/tmp", within)
    room = COPY_MB * 2**20
    for folder, _, names in os.walk(path):
        into = os.path.normpath(os.path.join(target, os.path.relpath(folder, path)))
        os.makedirs(into, mode=0o700, exist_ok=True)
        for name in names:
            source = os.path.join(folder, name)
            seen = os.lstat(source)
            room -= seen.st_size
            if stat.S_ISREG(seen.st_mode) and room > 0:
                copied = os.path.join(into, name)
                shutil.copyfile(source, copied, follow_symlinks=False)
                os.utime(copied, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    top = target if shown else os.path.join(f"{root}/tmp", within.split("/")[0])
    for folder, _, names in os.walk(top):
        for place in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(place, *ids, follow_symlinks=False)


def _write(path: str, content: str | bytes, mode: int = 0o644) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    number = os.open(path, flags, mode)
    try:
        os.write(number, content.encode() if isinstance(content, str) else content)
    finally:
        os.close(number)
