"""The learner's attempts at a case: kept in a small file beside their own copy, so that a second one can be compared.

Only a copy in ``my-work`` gets a file; everywhere else attempts live as long as the kernel.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HOME = "my-work"
KEPT = 20
_in_memory: dict[str, list[Attempt]] = {}


@dataclass(frozen=True, slots=True)
class Attempt:
    """Public points of one attempt: the total, what was possible, and each step's; ``answer`` tells attempts apart."""

    answer: str
    score: float
    possible: float
    cells: Mapping[str, float]


def remember(case_id: str, attempt: Attempt, folder: Path | None = None) -> list[Attempt]:
    """Every attempt so far, this one last. Running the same answer again adds none."""
    path = _file(case_id, folder)
    known = _read(path) if path else list(_in_memory.get(case_id, []))
    if not known or known[-1].answer != attempt.answer:
        known = [*known, attempt][-KEPT:]
        _in_memory[case_id] = known
        if path:
            with contextlib.suppress(
                OSError
            ):  # a disk that is full must not cost the learner their scorecard
                path.write_text(
                    json.dumps([asdict(item) for item in known], sort_keys=True, indent=1) + "\n",
                    encoding="utf-8",
                )
    return known


def _file(case_id: str, folder: Path | None) -> Path | None:
    try:
        folder = (folder or Path.cwd()).resolve()
    except OSError:  # the folder we were started in is gone
        return None
    if HOME not in folder.parts:
        return None
    return folder / f".casebook-attempts-{case_id}.json"


def _read(path: Path) -> list[Attempt]:
    """Attempts in a file; a damaged one counts as none."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return [
            Attempt(
                str(item["answer"]),
                float(item["score"]),
                float(item["possible"]),
                {str(k): float(v) for k, v in item["cells"].items()},
            )
            for item in data
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
