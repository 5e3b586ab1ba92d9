"""Where the labels come from, how good they are, and how they stay fresh."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import normalise
from casebook.answer.notes import _comma_parts
from casebook.answer.quantity import find_quantities
from casebook.answer.record import Record
from casebook.answer.rollout import Cadence


@dataclass(frozen=True, slots=True, repr=False)
class DataPlan(Record):
    """``DataPlan("closed tickets: 2,000 labelled by two agents, label error 8 %, agreement 85 %, refresh every
    1 week, Data Science")``, or the keywords.

    ``labelled`` examples by ``annotator``; shares of wrong labels and of agreement between two people in percent;
    ``refresh_days`` between two refreshes, which ``owner`` answers for.
    """

    source: str = ""
    labelled: float | None = None
    annotator: str = ""
    label_error_percent: float | None = None
    agreement_percent: float | None = None
    refresh_days: float | None = None
    owner: str = ""

    EXAMPLE = (
        'DataPlan("closed tickets: 2,000 labelled by two agents, label error 8 %, agreement 85 %, '
        'refresh every 1 week, Data Science")'
    )

    def __post_init__(self) -> None:
        self._texts("source", "annotator", "owner")
        if ":" in self.source:
            self._read(self.source)
        self._amount("labelled", "")
        self._amount("label_error_percent", "")
        self._amount("agreement_percent", "")
        self._amount("refresh_days", "days")
        for name in ("label_error_percent", "agreement_percent"):
            if (getattr(self, name) or 0) > 100:
                raise self._wrong(name, getattr(self, name), "a share is 100 % at most")
        if self.refresh_days == 0:
            raise self._wrong("refresh_days", 0, "the time between two refreshes is more than nothing")

    def _read(self, typed: str) -> None:
        source, _, rest = normalise(typed).partition(":")
        self._set(source=source.strip())
        for part in _comma_parts(rest):
            low = part.casefold()
            if "labelled" in low or "labeled" in low:
                count, _, by = low.partition(" by ")
                self._take("labelled", self._number(count, typed, percent=False), typed)
                if by:
                    self._take("annotator", part[-len(by) :].strip(), typed)
            elif "agree" in low:
                self._take("agreement_percent", self._number(part, typed, percent=True), typed)
            elif "error" in low:
                self._take("label_error_percent", self._number(part, typed, percent=True), typed)
            elif "refresh" in low:
                self._take("refresh_days", self._refresh(part, typed), typed)
            else:
                self._take("owner", part.removeprefix("owner ").strip(), typed)

    def _number(self, part: str, typed: str, *, percent: bool) -> float:
        found = find_quantities(part)
        if len(found) != 1 or (found[0].unit == "percent") is not percent or found[0].per:
            wanted = "one share in percent" if percent else "one count"
            raise self._wrong("short form", typed, f"'{part.strip()}' needs {wanted}")
        return found[0].value

    def _refresh(self, part: str, typed: str) -> float | None:
        try:
            return Cadence(part).every_days
        except ShortFormError as error:
            raise self._wrong("short form", typed, error.problem) from None

    def _take(self, name: str, value: object, typed: str) -> None:
        before = getattr(self, name)
        if before not in (None, "", value):
            raise self._wrong(name, typed, f"it gives '{before}' and '{value}'; name one")
        self._set(**{name: value})
