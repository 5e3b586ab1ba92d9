"""How the case ends: pushbacks answered, sources audited, three sentences and a question."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import MAX_MAGNITUDE, normalise
from casebook.answer.quantity import Quantity, find_quantities, parse_quantity
from casebook.answer.record import Record

STANCES = ("survives", "changes", "defended")


@dataclass(frozen=True, slots=True, repr=False)
class Close(Record):
    """Four short texts: the goal with its number, the design with its trade-off, the dated plan, and a
    question.

    As one text they stand on four lines, or are parted by ``|``.
    """

    goal: str = ""
    design: str = ""
    plan: str = ""
    question: str = ""

    EXAMPLE = 'Close(goal="Cut toxic uploads by 30 % …", design="…", plan="In 90 days …", question="Which …?")'

    def __post_init__(self) -> None:
        self._texts("goal", "design", "plan", "question", lines=True)
        if self._others_blank("goal") and ("|" in self.goal or "\n" in self.goal):
            parts = [part.strip() for part in self.goal.replace("\n", "|").split("|") if part.strip()]
            if len(parts) != 4:
                raise self._wrong("short form", self.goal, f"it has four parts, and {len(parts)} were found")
            self._set(goal=parts[0], design=parts[1], plan=parts[2], question=parts[3])

    @property
    def goal_quantities(self) -> tuple[Quantity, ...]:
        """Every quantity of the goal, to be compared with the metric it restates."""
        return find_quantities(self.goal)

    @property
    def plan_quantities(self) -> tuple[Quantity, ...]:
        """Every quantity of the plan: its dates and durations."""
        return find_quantities(self.plan)


@dataclass(frozen=True, slots=True, repr=False)
class Pushback(Record):
    """``Pushback("tenfold-uploads", number="310 ms", stance="changes", because="two more GPUs",
    price_usd_month=1_200)``; as one text: ``Pushback("tenfold-uploads: 310 ms, changes, because two more
    GPUs")``.

    ``number`` is what the re-run showed, with or without its unit; ``price_usd_month`` what defending it
    costs.
    """

    id: str = ""
    number: str = ""
    stance: str = ""
    because: str = ""
    price_usd_month: float | None = None

    EXAMPLE = 'Pushback("tenfold-uploads", number="310 ms", stance="changes", because="two more GPUs")'

    def __post_init__(self) -> None:
        number: object = self.number
        if isinstance(number, int | float) and not isinstance(number, bool):
            self._amount("number", "", lowest=-MAX_MAGNITUDE)
            self._set(number=f"{self.number:.12g}")
        self._texts("id", "number", "stance", "because")
        if ":" in self.id and not self.number:
            self._read(self.id)
        if self.stance:
            self._choice("stance", STANCES)
        self._amount("price_usd_month", "usd_month")
        if self.number:
            found = find_quantities(self.number)
            if len(found) != 1:
                try:
                    parse_quantity(self.number)
                except ShortFormError as error:
                    raise self._wrong("number", self.number, error.problem) from None

    def _read(self, typed: str) -> None:
        name, _, rest = normalise(typed).partition(":")
        rest, word, because = rest.partition("because ")
        price = because.rpartition(",")[2].strip()
        if price.startswith(("$", "+$")) and self.price_usd_month is None:
            self._set(price_usd_month=price)
            because = because.rpartition(",")[0]
        words = rest.replace(",", " , ").split()
        said = [at for at, one in enumerate(words) if one.casefold() in STANCES]
        if len(said) > 1:
            raise self._wrong("stance", typed, "it takes two stances; take one")
        stance = words.pop(said[0]) if said else ""
        number = " ".join(words).replace(" , ", ",").strip(" ,") if said else rest.strip(" ,")
        if not name.strip() or not number:
            raise self._wrong("short form", typed, "after the id and a colon comes the number of the re-run")
        if stance and self.stance and stance.casefold() != self.stance.casefold():
            raise self._wrong("stance", self.stance, f"the text already says '{stance}'")
        if word and self.because and because.strip() != self.because:
            raise self._wrong("because", self.because, "the text already gives a reason")
        self._set(
            id=name.strip(),
            number=number,
            stance=stance or self.stance,
            because=because.strip() if word else self.because,
        )

    @property
    def is_blank(self) -> bool:
        """True for the unfilled form; an id alone answers nothing."""
        return not (self.number or self.stance or self.because or self.price_usd_month is not None)

    @property
    def quantity(self) -> Quantity | None:
        """``number`` with its unit, None where it is empty."""
        return next(iter(find_quantities(self.number)), None)


@dataclass(frozen=True, slots=True, repr=False)
class Audit(Record):
    """``Audit("X1", 24)``, ``Audit("X7", "base")`` or ``Audit("X1 = 24")``: the number asked for, or the
    choice.
    """

    id: str = ""
    value: float | str | None = None

    EXAMPLE = 'Audit("X1", 24)'

    def __post_init__(self) -> None:
        self._texts("id")
        if self.value is None and "=" in self.id:
            name, _, value = self.id.partition("=")
            self._set(id=name.strip(), value=value.strip() or None)
        if isinstance(self.value, str):
            self._texts("value")
            if not self.value:
                self._set(value=None)
        else:
            self._amount("value", "", lowest=-MAX_MAGNITUDE)

    @property
    def is_blank(self) -> bool:
        """True where no value was given."""
        return self.value is None

    @property
    def quantity(self) -> Quantity | None:
        """The value as number and unit; None where it is a choice or empty."""
        if isinstance(self.value, float):
            return Quantity(self.value)
        try:
            return parse_quantity(self.value) if self.value else None
        except ShortFormError:
            return None
