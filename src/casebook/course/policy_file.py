"""Reads autograde/policy.yaml strictly: whatever does not fit is told with its place, the value and a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from casebook.course.errors import CourseError
from casebook.course.policy import Extension, Penalty, Policy, Rule, Share, Step
from casebook.course.settings import SAFE_NAME

MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s*"
    r"(Z|UTC|[+-]\d\d:?\d\d|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*)?\Z"
)
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(min|minutes?|h|hours?|days?|weeks?)\Z")
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(%|points?)\Z")
_SECONDS = {"min": 60, "minute": 60, "h": 3_600, "hour": 3_600, "day": 86_400, "week": 604_800}
_TOP = ("timezone", "assignments")
_RULE = ("due", "timezone", "grace", "penalty", "extensions")
_PENALTY = ("per_started_day", "steps", "of", "maximum", "not_below")
_MOMENT_HELP = "Write it like 2026-11-30 23:59 (the course's time zone) or 2026-11-30 23:59 +01:00."
_SPAN_HELP = "Write a number and min, h, days or weeks, like 15 min."
_AMOUNT_HELP = "Write a number and % or points, like 10 %."


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file we are, for the errors."""

    file: str
    keys: tuple[str, ...] = ()

    def at(self, *keys: object) -> _Place:
        return _Place(self.file, (*self.keys, *map(str, keys)))

    def error(self, problem: str, remedy: str) -> CourseError:
        where = " → ".join(self.keys)
        return CourseError(f"{self.file}, {where}" if where else self.file, problem, remedy)

    def mapping(self, value: Any, allowed: Iterable[str] | None, needed: Iterable[str] = ()) -> Mapping[str, Any]:
        """``value`` as a mapping with only ``allowed`` keys (None: any) and all the ``needed`` ones."""
        if not isinstance(value, dict):
            raise self.error(f"{_short(value)} stands where names with values are expected", "Indent them below it.")
        for name in value:
            if allowed is not None and name not in allowed:
                raise self.error(f"{_short(name)} is not known here", f"Known: {', '.join(allowed)}.")
        for name in needed:
            if name not in value:
                raise self.error(f"{name!r} is missing", f"Add the line '{name}: …'.")
        return value


def load_policy(path: Path, assignments: Iterable[str] | None = None) -> Policy:
    """The policy in the file at ``path``; an empty one where there is no file.

    ``assignments`` are the course's own: a rule for another is an error. Raises CourseError.
    """
    from casebook.facts.errors import SeedError
    from casebook.facts.files import parse_seed

    place = _Place(f"{path.parent.name}/{path.name}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Policy()
    except (OSError, UnicodeDecodeError) as error:
        raise place.error(f"the file cannot be read ({error})", "Save it as UTF-8 text.") from None
    if not text.strip():
        return Policy()
    try:
        data = parse_seed(text, place.file)
    except SeedError as error:
        at = place.at(error.key) if error.key else place
        raise at.error(error.problem, error.remedy) from None
    place.mapping(data, _TOP, ("assignments",))
    zone = _zone(data.get("timezone"), place.at("timezone")) if "timezone" in data else None
    listed = place.at("assignments").mapping(data["assignments"], None)
    known = None if assignments is None else tuple(assignments)
    rules = {}
    for name, body in listed.items():
        here = place.at("assignments", name)
        if known is not None and name not in known:
            raise here.error("there is no such assignment", f"Known assignments: {', '.join(known) or 'none yet'}.")
        rules[str(name)] = _rule(str(name), body, zone, here)
    return Policy(zone or ZoneInfo("UTC"), rules)


def _rule(name: str, body: Any, course_zone: ZoneInfo | None, place: _Place) -> Rule:
    place.mapping(body, _RULE, ("due",))
    zone = _zone(body["timezone"], place.at("timezone")) if "timezone" in body else course_zone
    if zone is None:
        raise place.error(
            "no time zone is given, and a due date without one means something else to everybody",
            "Put 'timezone: Europe/Berlin' (or yours) at the top of the file.",
        )
    due = _moment(body["due"], zone, place.at("due"))
    grace = _span(body["grace"], place.at("grace")) if "grace" in body else 0.0
    penalty = _penalty(body["penalty"], place.at("penalty")) if "penalty" in body else Penalty()
    extensions: dict[str, Extension] = {}
    given = body.get("extensions", [])
    if not isinstance(given, list):
        raise place.at("extensions").error("a list is expected", "Begin each extension with '- student: …'.")
    for number, one in enumerate(given, 1):
        here = place.at("extensions", f"number {number}")
        extension = _extension(one, due, zone, here)
        if extension.student in extensions:
            raise here.error(f"{extension.student!r} has an extension already", "Keep one of the two.")
        extensions[extension.student] = extension
    return Rule(name, due, zone, grace, penalty, extensions)


def _extension(body: Any, due: datetime, zone: ZoneInfo, place: _Place) -> Extension:
    place.mapping(body, ("student", "until", "reason"), ("student", "until", "reason"))
    student, reason = body["student"], str(body["reason"] or "").strip()
    if not isinstance(student, str):
        raise place.error(f"the student {_short(student)} is read as a number", "Put quotes around the id.")
    if not SAFE_NAME.match(student):
        raise place.error(f"{_short(student)} cannot be a student's id", "Use the name of the submission's folder.")
    if not reason:
        raise place.error("the reason is empty", "Say why in a few words; they stay in this file.")
    until = _moment(body["until"], zone, place.at("until"))
    if until <= due:
        raise place.at("until").error(f"{body['until']} is not after the due date", "Give a later time.")
    return Extension(student, until, reason)


def _penalty(body: Any, place: _Place) -> Penalty:
    place.mapping(body, _PENALTY)
    if ("per_started_day" in body) == ("steps" in body):
        raise place.error("give one of 'per_started_day' and 'steps'", "Delete the other one, or add one.")
    base = body.get("of", "possible")
    if base not in ("possible", "earned"):
        raise place.at("of").error(f"{_short(base)} is not known", "Write possible or earned (points).")
    per_day = _amount(body["per_started_day"], place.at("per_started_day")) if "per_started_day" in body else None
    steps = _steps(body["steps"], place.at("steps")) if "steps" in body else ()
    maximum = _amount(body["maximum"], place.at("maximum")) if "maximum" in body else None
    keep = _amount(body["not_below"], place.at("not_below")) if "not_below" in body else Share(0.0)
    if keep.percent:
        raise place.at("not_below").error("a share of the score would move with it", "Write it in points.")
    return Penalty(per_day, steps, maximum, keep.amount, base == "earned")


def _steps(body: Any, place: _Place) -> tuple[Step, ...]:
    if not isinstance(body, list) or not body:
        raise place.error("a list of steps is expected", "Begin each with '- after: 1 h' and 'take: 10 %' below it.")
    steps: list[Step] = []
    for number, one in enumerate(body, 1):
        here = place.at(f"number {number}")
        here.mapping(one, ("after", "take"), ("after", "take"))
        step = Step(_span(one["after"], here.at("after")), _amount(one["take"], here.at("take")))
        before = steps[-1] if steps else None
        if before and step.after_s <= before.after_s:
            raise here.error("it begins no later than the step before it", "Sort the steps by 'after'.")
        if before and step.take.percent != before.take.percent:
            raise here.error("it mixes points and per cents", "Use one of them for all steps.")
        if before and step.take.amount < before.take.amount:
            raise here.error("it takes less than the step before it", "Later may not be cheaper; mend 'take'.")
        steps.append(step)
    return tuple(steps)


def _amount(value: Any, place: _Place) -> Share:
    found = AMOUNT.match(str(value).strip())
    if not found:
        raise place.error(f"{_short(value)} is no number of points or per cent", _AMOUNT_HELP)
    amount, percent = float(found[1]), found[2] == "%"
    if percent and amount > 100:
        raise place.error(f"{amount:g} % is more than everything", "Give 0 to 100 %.")
    return Share(amount, percent)


def _span(value: Any, place: _Place) -> float:
    found = SPAN.match(str(value).strip())
    if not found or float(found[1]) > 1e6:
        raise place.error(f"{_short(value)} is no span of time", _SPAN_HELP)
    return float(found[1]) * _SECONDS[found[2].rstrip("s")]


def _zone(name: Any, place: _Place) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        told = "Use a name like Europe/Berlin, America/New_York or UTC."
        raise place.error(f"{_short(name)} is no time zone", told) from None


def _moment(value: Any, zone: ZoneInfo, place: _Place) -> datetime:
    try:
        return moment(str(value), zone)
    except ValueError as error:
        raise place.error(f"{_short(value)} is no date with a time ({error})", _MOMENT_HELP) from None


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A point in time (aware, UTC) from ``text``; without a zone of its own it is on the clock of ``zone``.

    Where the clock is put back, the later of the two; ValueError for what is no date or a time that was skipped.
    """
    found = MOMENT.match(text.strip())
    if not found:
        raise ValueError("not year-month-day hour:minute")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if not 2000 <= year <= 2200:
        raise ValueError(f"the year {year}")
    naive = datetime(year, month, day, hour, minute, second)
    own = found[7]
    if own in ("Z", "UTC"):
        return naive.replace(tzinfo=UTC)
    if own and own[0] in "+-":
        offset = timedelta(hours=int(own[1:3]), minutes=int(own[-2:]))
        return naive.replace(tzinfo=timezone(-offset if own[0] == "-" else offset)).astimezone(UTC)
    if own:
        try:
            zone = ZoneInfo(own)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{own!r} is no time zone") from None
    there = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != naive:
        raise ValueError("the clock skips that time")
    return there


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
