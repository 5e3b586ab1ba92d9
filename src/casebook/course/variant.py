"""The course's key and what it proves: which code is whose. Only the coordinator reads it, after the judging.

The key lies in autograde/judge/variant.key (mode 0600, ignored by git). Without the file a course has no variants.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casebook.answer.code import Code, CodeError, code_of, read_code
from casebook.course.errors import CourseError, disk_trouble
from casebook.course.outcome import Outcome
from casebook.course.settings import Course

KEY_NAME = "variant.key"
KEY_BYTES = 32
PURPOSE = b"casebook student code 1\0"
_HEX = re.compile(r"[0-9a-f]{64}")
MAX_DECISIONS_BYTES = 4_000_000


def key_path(course: Course) -> Path:
    """Where the course's key lies, if it uses variants."""
    return course.autograde / "judge" / KEY_NAME


def decisions_path(course: Course) -> Path:
    """Where the codes that an instructor accepted although they did not fit are remembered."""
    return course.autograde / "accepted-codes.json"


def make_key(course: Course) -> Path:
    """A new key, readable by its owner alone. `CourseError` where there is one: with another, every code is wrong."""
    path = key_path(course)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CourseError(
            str(path),
            "the course has a key already; with another one every code that you handed out would be wrong",
            "Keep it. For a new course of people who have no codes yet, delete the file first.",
        ) from None
    except OSError as error:
        raise disk_trouble(error, str(path)) or error from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
    return path


def read_key(course: Course) -> bytes | None:
    """The course's key; None where there is none. `CourseError` for a damaged one."""
    path = key_path(course)
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(str(path), "the course's key cannot be read", "Take the file from your backup.") from error
    if not _HEX.fullmatch(text):
        raise CourseError(
            str(path), "this is no course key: 64 signs 0-9 and a-f are expected", "Take the file from your backup."
        )
    return bytes.fromhex(text)


def student_code(key: bytes, student: str) -> Code:
    """A student's code in this course: HMAC-SHA256 of the key and the id, which is the submission folder's name."""
    name = unicodedata.normalize("NFC", student).encode("utf-8", "surrogateescape")
    return code_of(hmac.new(key, PURPOSE + name, hashlib.sha256).digest())


@dataclass(frozen=True, slots=True)
class Codes:
    """What one assignment's codes are compared with; ``key`` is None where the course or the case has no variants.

    ``accepted`` are an instructor's decisions: student → the code ('' for none) that is to count as it stands.
    """

    key: bytes | None = field(default=None, repr=False)
    accepted: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course, assignment: str, case_id: str) -> Codes:
        """The course's key and decisions; nothing of either is needed where the case has no variants."""
        from casebook.facts import SeedError, load_case_data

        key = read_key(course)
        try:
            varies = key is not None and load_case_data(case_id).variants is not None
        except SeedError:
            varies = False
        return cls(key, decisions(course).get(assignment, {})) if varies else cls()

    def mixed(self, content: str, student: str) -> str:
        """The content key of a submission, which a new course key or a decision about the student changes."""
        if self.key is None:
            return content
        told = json.dumps([content, student_code(self.key, student).text, self.accepted.get(student)])
        return hashlib.sha256(told.encode()).hexdigest()

    def checked(self, student: str, outcome: Outcome) -> Outcome:
        """The outcome where the code is the student's own, or was accepted; else needs-manual, with the reason."""
        if self.key is None or not outcome.answer:
            return outcome
        typed = code_in(outcome)
        reason = self.why_not(student, typed)
        if not reason or outcome.reason.startswith(reason):  # a worker elsewhere has compared it already
            return outcome
        if self.accepted.get(student) == typed:
            what = f"the code {typed}" if typed else "that there is no code, so the printed numbers count"
            note = f"Your instructor accepted {what}."
            return outcome if note in outcome.repairs else replace(outcome, repairs=(*outcome.repairs, note))
        told = f"{reason} {outcome.reason}".strip()
        return replace(outcome, status="needs-manual", reason=told, cells=(), caps=(), score_before_caps=None)

    def why_not(self, student: str, typed: str) -> str:
        """Why ``typed`` is not this student's code, in words for the student; '' where it is."""
        assert self.key is not None
        if not typed:
            return "There is no code in this notebook, and this course gives everybody numbers of their own. " + HELP
        try:
            code = read_code(typed)
        except CodeError as error:
            return f"The code “{typed}” cannot be read: {error}. {HELP}"
        if not hmac.compare_digest(code.text, student_code(self.key, student).text):
            return f"The code {code.text} is not the one of this student. {HELP}"
        return ""


HELP = "Nothing is lost: type your own code, look at your design under its numbers, and hand in again, or ask."


def code_in(outcome: Outcome) -> str:
    """The code in a judged answer, '' where there is none."""
    try:
        data: Any = json.loads(outcome.answer)
    except ValueError:
        return ""
    found = data.get("code", "") if isinstance(data, dict) else ""
    return found if isinstance(found, str) else ""


def decisions(course: Course) -> dict[str, dict[str, str]]:
    """Assignment → student → accepted code. `CourseError` for a damaged file: a decision may not get lost unseen."""
    path = decisions_path(course)
    try:
        if path.stat().st_size > MAX_DECISIONS_BYTES:
            raise ValueError("it is far too large")
        data = json.loads(path.read_text(encoding="utf-8"))
        return {str(a): {str(s): str(c) for s, c in people.items()} for a, people in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise CourseError(
            str(path), f"the accepted codes cannot be read ({error})", "Mend the file, or delete it and decide again."
        ) from error


def accept(course: Course, assignment: str, students: Iterable[str]) -> None:
    """Let the codes in these students' filed answers count as they stand, until they hand in another one.

    `CourseError` for somebody whose answer has not been judged yet: nothing can be accepted unseen.
    """
    from casebook.course.records import write_whole

    known = decisions(course)
    here = known.setdefault(course.known_assignment(assignment), {})
    for student in students:
        try:
            outcome = Outcome.from_json(course.record(student, assignment).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            outcome = None
        if outcome is None or not outcome.answer:
            raise CourseError(
                f"student {student!r}",
                "there is no answer on record whose code could be accepted",
                f"Run: casebook grade {assignment}, and look at its status.",
            )
        here[student] = code_in(outcome)
    write_whole(decisions_path(course), json.dumps(known, sort_keys=True, indent=1) + "\n")


def key_tokens(course: Course) -> tuple[str, ...]:
    """What must never be in a released file: the key itself, as it is written."""
    key = read_key(course)
    return () if key is None else (key.hex(),)


def roster(course: Course, case_id: str, students: Iterable[str]) -> list[tuple[str, Code]]:
    """(student, code) in the order given. `CourseError` without a key, or where two people would share a code."""
    key = read_key(course)
    if key is None:
        raise CourseError(
            str(key_path(course)), "the course has no key, so nobody has a code", "Make one: casebook roster --new-key"
        )
    made = [(student, student_code(key, student)) for student in students]
    owner: dict[str, str] = {}
    for student, code in made:
        if owner.setdefault(code.text, student) != student:
            raise CourseError(
                f"{owner[code.text]!r} and {student!r}",
                f"both would have the code {code.text} (one chance in thirty thousand million for a pair)",
                "Give one of them another id.",
            )
    return made
