"""The slips that nbgrader's exchange lays beside a notebook: when it came, and the secret that finds its feedback.

They come from a learner's machine, so each is taken only if it is what it should be.
"""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from casebook.course.errors import Refused
from casebook.course.intake import read_bytes
from casebook.course.policy_file import moment
from casebook.course.settings import Course

STAMP, SECRET = "timestamp.txt", "submission_secret.txt"
MAX_SLIP_BYTES = 300
_SECRET = re.compile(rb"[A-Za-z0-9_-]{16,256}\s*\Z")


def slip(name: str, raw: bytes) -> bytes | None:
    """``raw`` when it is a time (`STAMP`, with or without a zone) or a secret (`SECRET`); else None."""
    if len(raw) > MAX_SLIP_BYTES:
        return None
    if name == SECRET:
        return raw if _SECRET.match(raw) else None
    try:
        moment(raw.decode("ascii").strip(), ZoneInfo("UTC"))
    except ValueError:
        return None
    return raw


def slips_in(folder: Path) -> dict[str, bytes]:
    """The slips that lie in a folder and can be used, by name; links and pipes are none."""
    found: dict[str, bytes] = {}
    for name in (STAMP, SECRET):
        try:
            raw = slip(name, read_bytes(folder / name))
        except Refused:
            continue
        if raw is not None:
            found[name] = raw
    return found


def lay_slips(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """After a feedback page was written (nbgrader's hook): the slips of its submission beside it, for the exchange.

    None are laid, and those of an earlier one go, where the submission was replaced and not graded since: with
    its secret a page is found by whoever handed in what the page is about.
    """
    from casebook.course.records import desk_for

    for notebook in notebooks:
        graded = Path(notebook).parent  # assignment and student may be nbgrader's "*"
        whose, what = graded.parent.name, graded.name
        course = Course.find(graded)
        desk, handed = desk_for(course, what), course.submission(whose, what)
        filed = desk.filed(whose)
        as_graded = filed is not None and filed.key == desk.key(handed / Path(notebook).name)
        slips = slips_in(handed) if as_graded else {}
        for name in (STAMP, SECRET):
            path = course.feedback / whose / what / name
            path.unlink(missing_ok=True)
            if name in slips:
                path.write_bytes(slips[name])
