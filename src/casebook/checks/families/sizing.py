"""The sizing loop: guess, envelope, observed reading; each pass closer, the last one what was kept."""

from __future__ import annotations

import itertools

from casebook.checks.board import is_shown
from casebook.checks.casefile import rule
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import quoted

PASSES = 3


@check(
    "U15",
    "Three sizing passes that converge on the kept design",
    needs=("design", "sizing"),
    compares=True,
    good=lambda data: f'SizingPass("3 x the average rate at peak -> 2 machines, observed 3.5 {data.unit.requests}/s")',
    bad="three passes with three unrelated numbers",
)
def passes(subject: Subject) -> Outcome:
    """Three or more; later ones cite a reading; changes shrink, the last by 10 % or less; the end is what was kept."""
    found = subject.answer.sizing
    tally = Tally(evidence=[" → ".join(item.estimate or "?" for item in found)])
    tally.say(
        min(1.0, len(found) / PASSES),
        f"{len(found)} of {PASSES} passes",
        "Guess, check the envelope, then use a reading.",
    )
    estimates = [item.estimate_quantity for item in found]
    values = [quantity.value for quantity in estimates if quantity is not None]
    units = {quantity.unit for quantity in estimates if quantity is not None}
    tally.say(
        len(values) == len(found) and len(units) == 1,
        "the passes do not estimate one thing in one unit",
        "Estimate the same thing each time, such as GPUs.",
    )
    later = found[1:]
    tally.say(
        bool(later) and all(item.observed_quantity is not None for item in later),
        "a pass after the first cites no reading",
        "Add “observed …” with a figure of the board.",
    )
    limit = float(rule(subject.data, "converge", 0.10))
    steps = [abs(b - a) / abs(a) if a else float("inf") for a, b in itertools.pairwise(values)]
    tally.say(
        len(steps) >= PASSES - 1
        and steps[-1] <= limit + 1e-9
        and all(b <= a + 1e-9 for a, b in itertools.pairwise(steps)),
        "the passes do not settle: changes must shrink, the last to 10 % or less",
        "Stop when the estimate no longer moves.",
    )
    design = subject.answer.design
    assert design is not None
    last = values[-1] if values else None
    kept = [value for name, value in design.knobs.items() if name not in design.data.knobs]
    tally.say(
        last is not None
        and len(values) >= PASSES
        and any(abs(last - value) <= limit * max(abs(value), 1e-9) for value in kept),
        f"the last estimate{f' ({last:g})' if last is not None else ''} is none of the numbers you kept on the board",
        "Keep what you sized, or size what you kept.",
        weight=2,
    )
    reading = found[-1].observed_quantity if found else None
    tally.say(
        reading is not None and len(found) >= PASSES and is_shown(reading, subject.evaluation),
        f"{quoted(found[-1].observed) if found and found[-1].observed else 'the last reading'} "
        "is no figure of the kept design",
        "Read it off the board of the design you kept.",
        weight=2,
    )
    return tally.outcome("Three passes, and the last is what you kept.")
