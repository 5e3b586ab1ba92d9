"""How the design reaches everybody: stages with a share, a duration and a gate; and what is repeated
afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casebook.answer.errors import AnswerError, ShortFormError
from casebook.answer.lexer import NUMBER, clean_text, normalise, tokens
from casebook.answer.quantity import read_quantity, starts_quantity
from casebook.answer.record import Record
from casebook.answer.target import Target, parse_target
from casebook.answer.units import ADVERBS, TIME_WORDS, adverb_days, days

MAX_STAGES = 20
_MVP_WORDS = frozenset(["mvp", "in", "after", "within", "by", "live", "to", "until", "the", "an"])


@dataclass(frozen=True, slots=True, repr=False)
class Stage(Record):
    """``Stage("5 % of users for 2 weeks", gate="false positive rate < 5 %")``; the gate may follow ', if'
    in the text.

    ``share_percent`` of ``of`` (users, uploads, …), for ``duration_days`` (None where not said).
    """

    share_percent: float | None = None
    of: str = ""
    duration_days: float | None = None
    gate: str = ""

    EXAMPLE = 'Stage("5 % of users for 2 weeks", gate="false positive rate < 5 %")'

    def __post_init__(self) -> None:
        given: object = self.share_percent
        self._texts("of", "gate")
        if isinstance(given, str):
            self._set(share_percent=None)
            self._read(clean_text(given, "Stage"))
        self._amount("share_percent", "")
        self._amount("duration_days", "days")
        if self.share_percent is not None and self.share_percent > 100:
            raise self._wrong("share", self.share_percent, "a share is 100 % at most")

    def _read(self, typed: str) -> None:
        if not typed:
            return
        text = normalise(typed).removeprefix("then ")
        for word in (", if ", " if ", ", gate "):
            front, found_word, gate = text.partition(word)
            if found_word:
                if self.gate and self.gate != gate.strip():
                    raise self._wrong("gate", self.gate, "the text already names a gate")
                text = front
                self._set(gate=gate.strip())
                break
        try:
            found = tokens(text)
            start = 0
            while start < len(found) and not starts_quantity(found, start) and found[start].text not in "-+":
                start += 1  # "canary: 5 % of users": a title comes first
            if start == len(found):
                raise self._wrong("short form", typed, "it names the share of users, such as 5 %")
            quantity, at = read_quantity(found, start, "Stage", self.EXAMPLE)
        except ShortFormError as error:
            raise self._wrong("short form", typed, error.problem) from None
        if quantity.unit != "percent" or quantity.percent_kind not in (None, "share") or quantity.per:
            raise self._wrong("short form", typed, "it needs a share in percent first, such as '5 % of users'")
        if quantity.base and self.of and quantity.base != self.of:
            raise self._wrong("of", self.of, f"the text already says 'of {quantity.base}'")
        self._set(share_percent=quantity.value, of=quantity.base or self.of)
        while at < len(found) and found[at].low in (",", "for", "during", "over"):
            at += 1
        if at < len(found):
            unit = TIME_WORDS.get(found[at + 1].low) if at + 1 < len(found) else None
            if found[at].kind != NUMBER or unit is None or at + 2 != len(found):
                raise self._wrong(
                    "short form",
                    typed,
                    f"'{text[found[at].start :][:60]}' is no duration; write 'for 2 weeks'",
                )
            length = days(found[at].value, unit)
            if self.duration_days not in (None, length):
                raise self._wrong("duration", typed, "it gives two durations")
            self._set(duration_days=length)

    @property
    def gate_target(self) -> Target | None:
        """The gate as name, direction and number; None where it is empty or has no number."""
        return _target_or_none(self.gate)


@dataclass(frozen=True, slots=True, repr=False)
class Rollout(Record):
    """``Rollout(["5 % of users for 2 weeks, if false positive rate < 5 %", "100 % of users for 4 weeks, if
    …"], mvp_weeks=8)``; as one text: ``Rollout("MVP 8 weeks; 5 % of users for 2 weeks, if …; 100 % of users
    …")``.
    """

    stages: tuple[Stage, ...] = ()
    mvp_weeks: float | None = None

    EXAMPLE = 'Rollout("MVP 8 weeks; 5 % of users for 2 weeks, if recall >= 60 %; 100 % of users for 4 weeks")'

    def __post_init__(self) -> None:
        given: Any = self.stages
        if isinstance(given, str):
            parts = [part.strip() for part in clean_text(given, "Rollout").split(";")]
            if "mvp" in parts[0].casefold() and self.mvp_weeks is None:
                words = [word for word in parts.pop(0).split() if word.casefold().strip(":,") not in _MVP_WORDS]
                self._set(mvp_weeks=" ".join(words))
            given = [part for part in parts if part]
        if isinstance(given, Stage):
            given = [given]
        if not isinstance(given, Iterable):
            if given is not None:
                raise self._wrong("stages", given, "a list of stages belongs here")
            given = ()
        stages: list[Stage] = []
        for stage in given:
            made: Any = Stage(stage) if isinstance(stage, str) else stage  # type: ignore[arg-type]
            if not isinstance(made, Stage):
                raise self._wrong("stages", stage, "each is a Stage or its text")
            if not made.is_blank:
                stages.append(made)
            if len(stages) > MAX_STAGES:
                raise self._wrong("stages", f"more than {MAX_STAGES} stages", f"{MAX_STAGES} are enough")
        self._set(stages=tuple(stages))
        self._amount("mvp_weeks", "weeks")

    @classmethod
    def _from_json(cls, name: str, value: Any, where: str) -> Any:
        if name != "stages":
            return Record._from_json(name, value, where)
        if not isinstance(value, list):
            raise AnswerError(where, "a list of stages belongs here", "Write [ … ].")
        return [Stage.from_data(item, f"{where}[{at}]") for at, item in enumerate(value)]


@dataclass(frozen=True, slots=True, repr=False)
class Cadence(Record):
    """``Cadence("retrain every 1 week", owner="Model Ops")`` or ``Cadence("weekly retraining, Model
    Ops")``.
    """

    what: str = ""
    every_days: float | None = None
    owner: str = ""

    EXAMPLE = 'Cadence("retrain every 1 week", owner="Model Ops")'

    def __post_init__(self) -> None:
        self._texts("what", "owner")
        if self.what and self.every_days is None:
            self._read(self.what)
        self._amount("every_days", "days")
        if self.every_days == 0:
            raise self._wrong("every_days", self.every_days, "the time between two occasions is more than nothing")

    def _read(self, typed: str) -> None:
        rest, comma, owner = typed.rpartition(",")
        text = normalise(rest if comma else typed)
        if not comma and " by " in text:
            text, _, owner = text.rpartition(" by ")
            comma = " by "
        if comma:
            owner = owner.strip().removeprefix("owner ").removeprefix("by ").strip()
            if self.owner and self.owner != owner:
                raise self._wrong("owner", self.owner, f"the text already says '{owner}'")
            self._set(owner=owner)
        try:
            found = tokens(text)
        except ShortFormError as error:
            raise self._wrong("short form", typed, error.problem) from None
        for at, token in enumerate(found):
            start, end, length = at, at + 1, None
            if token.low in ADVERBS:
                length = adverb_days(token.low)
            elif token.low == "once" and at + 2 < len(found) and found[at + 1].low in ("a", "per", "every", "each"):
                if (unit := TIME_WORDS.get(found[at + 2].low)) is not None:
                    length, end = days(1.0, unit), at + 3
            elif token.low in ("every", "each") and at + 1 < len(found):
                if (unit := TIME_WORDS.get(found[at + 1].low)) is not None:
                    length, end = days(1.0, unit), at + 2
                elif (
                    at + 2 < len(found)
                    and found[at + 1].kind == NUMBER
                    and (unit := TIME_WORDS.get(found[at + 2].low)) is not None
                ):
                    length, end = days(found[at + 1].value, unit), at + 3
            if length is None:
                continue
            what = (text[: found[start].start].strip() + " " + text[found[end - 1].end :].strip()).strip(" :,")
            if not what:
                raise self._wrong("short form", typed, "it says how often, but not what is done")
            self._set(what=what, every_days=length)
            return
        raise self._wrong("short form", typed, "how often is missing: 'every 1 week', 'daily'")


def _target_or_none(text: str) -> Target | None:
    try:
        return parse_target(text) if text else None
    except ShortFormError:
        return None
