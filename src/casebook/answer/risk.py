"""What may go wrong, what shows it, and what is then done by whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import normalise
from casebook.answer.quantity import Quantity
from casebook.answer.record import Record
from casebook.answer.target import Target, parse_target


@dataclass(frozen=True, slots=True, repr=False)
class Risk(Record):
    """``Risk("drift > 3 % over 1 week", action="retrain", owner="Model Ops")`` or, as one text,
    ``Risk("drift > 3 % over 1 week -> retrain, Model Ops")``.

    ``failure`` may say what goes wrong in words. A trigger without a number is kept, and ``parsed`` is None
    then: a check says what it lacks. A trigger with a number that cannot be read raises.
    """

    trigger: str = ""
    action: str = ""
    owner: str = ""
    failure: str = ""
    parsed: Target | None = field(default=None, init=False, compare=False)

    EXAMPLE = 'Risk("drift > 3 % over 1 week", action="retrain", owner="Model Ops")'

    def __post_init__(self) -> None:
        self._texts("trigger", "action", "owner", "failure")
        text = normalise(self.trigger)
        if "->" in text and not self.action:
            before, _, after = text.partition("->")
            action, comma, owner = after.rpartition(",")
            if not comma:
                action, owner = after, ""
            owner = owner.strip().removeprefix("owner ").removeprefix("by ").strip()
            if owner and self.owner and owner != self.owner:
                raise self._wrong("owner", self.owner, f"the text already says '{owner}'")
            self._set(trigger=before.strip(), action=action.strip(), owner=owner or self.owner)
        if any("0" <= character <= "9" for character in self.trigger):
            try:
                self._set(parsed=parse_target(self.trigger, "Risk", self.EXAMPLE))
            except ShortFormError as error:
                raise self._wrong("trigger", self.trigger, error.problem) from None

    @property
    def metric(self) -> str:
        """What is watched: 'drift'; the whole trigger where it has no number."""
        return self.parsed.name if self.parsed else self.trigger

    @property
    def comparator(self) -> str:
        """<, <=, >, >= or =; '' where none was typed."""
        return self.parsed.comparator if self.parsed else ""

    @property
    def threshold(self) -> Quantity | None:
        """The number that sets the action off."""
        return self.parsed.quantity if self.parsed else None

    @property
    def quantile(self) -> float | None:
        """0.99 for a p99, None where no percentile is named."""
        return self.parsed.quantile if self.parsed else None

    @property
    def window_days(self) -> float | None:
        """The time over which the trigger is looked at."""
        return self.parsed.window_days if self.parsed else None
