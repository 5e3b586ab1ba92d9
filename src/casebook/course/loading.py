"""What takes seconds to import is imported by one thread at a time.

Judging goes on in threads while nbgrader is still being imported. Two threads that begin a circle of imports at two
ends get half a module from each other: an ImportError once in some fifty runs.
"""

from __future__ import annotations

import importlib
from threading import RLock

_lock = RLock()

GRADING = ("casebook.course.autograde", "casebook.course.preprocessor")
RUNNING = ("casebook.course.running", "casebook.course.jailed_run", "jupyter_client", "jupyter_client.manager",
           "nbclient")


def loaded(modules: tuple[str, ...]) -> None:
    """``modules`` and all that they import, before anything else of them is touched; waits for the other threads."""
    with _lock:
        for name in modules:
            importlib.import_module(name)
