"""Who owns each part, why it is there, what it costs and takes; where parts change hands."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import normalise, tokens
from casebook.answer.quantity import Quantity, find_quantities, parse_quantity, read_quantity, starts_quantity
from casebook.answer.record import Record


@dataclass(frozen=True, slots=True, repr=False)
class ComponentNote(Record):
    """``ComponentNote("serving: Model Ops, because latency, $1,200 a month, 3 weeks", impact="p99 latency
    -80 ms")``.

    The parts after the owner come in any order: ``because`` a constraint or metric, money by the month,
    weeks of effort, ``as Model Registry`` (the company's own tool it maps to, ``label``), and in brackets
    what the estimate rests on (``estimate_note``; the reason where it is $0).
    """

    slot: str = ""
    owner: str = ""
    because: str = ""
    estimate_usd_month: float | None = None
    effort_weeks: float | None = None
    impact: str = ""
    label: str = ""
    estimate_note: str = ""

    EXAMPLE = 'ComponentNote("serving: Model Ops, because latency, $1,200 a month, 3 weeks")'

    def __post_init__(self) -> None:
        self._texts("slot", "owner", "because", "impact", "label", "estimate_note")
        self._amount("estimate_usd_month", "usd_month")
        self._amount("effort_weeks", "weeks")
        if ":" in self.slot:
            self._read(self.slot)

    def _read(self, typed: str) -> None:
        slot, _, rest = typed.partition(":")
        self._set(slot=slot.strip())
        if not self.slot:
            raise self._wrong("slot", typed, "the part's name stands before the colon")
        rest, bracket, note = rest.partition("(")
        if bracket:
            note, _, more = note.partition(")")
            self._take("estimate_note", note.strip(), typed)
            rest += ("," if more.strip() and not more.strip().startswith(",") else "") + more
        for part in _comma_parts(rest):
            word, _, after = part.partition(" ")
            if word.casefold() in ("because", "for") and after:
                self._take("because", after.strip().removeprefix("of "), typed)
            elif word.casefold() == "as" and after:
                self._take("label", after.strip(), typed)
            elif word.casefold() == "owner" and after:
                self._take("owner", after.strip(), typed)
            elif _is_quantity(part):
                self._take_amount(part, typed)
            else:
                owner, _, because = part.partition(" because ")
                self._take("owner", owner.strip(), typed)
                self._take("because", because.strip().removeprefix("of "), typed)
        self._amount("estimate_usd_month", "usd_month")
        self._amount("effort_weeks", "weeks")

    def _take(self, name: str, value: str, typed: str) -> None:
        before = getattr(self, name)
        if before and value and before != value:
            raise self._wrong(name, typed, f"it gives '{before}' and '{value}'; name one")
        if value:
            self._set(**{name: value})

    def _take_amount(self, part: str, typed: str) -> None:
        try:
            quantity = parse_quantity(part)
        except ShortFormError as error:
            raise self._wrong("short form", typed, error.problem) from None
        if quantity.usd_month is not None:
            name, value = "estimate_usd_month", quantity.usd_month
        elif quantity.is_time and not quantity.per:
            name, value = "effort_weeks", quantity.to("weeks")
        else:
            raise self._wrong(
                "short form",
                typed,
                f"'{part}' is neither money ($1,200 a month) nor a time (3 weeks); money needs $ and a period",
            )
        if getattr(self, name) not in (None, value):
            raise self._wrong(name, typed, "it gives two of them")
        self._set(**{name: value})

    @property
    def impact_quantity(self) -> Quantity | None:
        """The first quantity of ``impact``, None where there is none."""
        return next(iter(find_quantities(self.impact)), None)


@dataclass(frozen=True, slots=True, repr=False)
class Handoff(Record):
    """``Handoff("ingestion -> serving: schema agreed by Data Engineering")``."""

    src: str = ""
    dst: str = ""
    what: str = ""

    EXAMPLE = 'Handoff("ingestion -> serving: schema agreed by Data Engineering")'

    def __post_init__(self) -> None:
        self._texts("src", "dst", "what")
        if self.src and not self.dst:
            ends, _, what = normalise(self.src).partition(":")
            src, arrow, dst = ends.partition("->" if "->" in ends else " to ")
            if not arrow or not src.strip() or not dst.strip():
                raise self._wrong("src", self.src, "write 'from -> to: what is handed over'")
            if what.strip() and self.what and self.what != what.strip():
                raise self._wrong("what", self.what, "the text already says what is handed over")
            self._set(src=src.strip(), dst=dst.strip(), what=what.strip() or self.what)


def _comma_parts(text: str) -> list[str]:
    """``text`` cut at commas, except those between the digits of one number."""
    parts: list[str] = []
    start = 0
    for at, character in enumerate(text):
        if character != ",":
            continue
        digits = text[at + 1 : at + 4]
        inside = (
            at > 0
            and text[at - 1].isdigit()
            and len(digits) == 3
            and digits.isdigit()
            and not text[at + 4 : at + 5].isdigit()
        )
        if not inside:
            parts.append(text[start:at].strip())
            start = at + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _is_quantity(part: str) -> bool:
    try:
        found = tokens(normalise(part))
        if not starts_quantity(found, 0):
            return False
        read_quantity(found, 0, "part", "")
    except ShortFormError:
        return True  # it was meant as one: the caller says what is wrong with it
    return True
