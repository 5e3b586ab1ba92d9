"""What keeps a design true after its launch: rhythms with an owner, labels with a source and a quality."""

from __future__ import annotations

from casebook.checks import examples
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, kind
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, owner_of, quoted, words
from casebook.facts.base import Number


class Cadences(Params):
    """``every``: a word of what is done → days between two occasions at most."""

    every: dict[str, Number]


@kind(
    "cadences",
    "What comes round has a rhythm and an owner",
    Cadences,
    needs=("cadences",),
    example=lambda data, told: "; ".join(
        f'Cadence("{word} every {float(days):g} days, {examples.owner_for(None, data)}")'
        for word, days in told.every.items()
    ),
)
def cadences(subject: Subject, told: Cadences) -> Outcome:
    """For each thing one cadence, often enough, owned by a function of the case; no cadence serves two."""
    left = [*subject.answer.cadences, *([subject.answer.cadence] if subject.answer.cadence else [])]
    tally = Tally(evidence=[quoted(f"{item.what} every {item.every_days or 0:g} days") for item in left])
    for word, days in told.every.items():
        found = next((item for item in left if mentions(item.what, word)), None)
        if found is not None:
            left.remove(found)
        tally.say(
            found is not None and found.every_days is not None and found.every_days <= float(days) * 1.05,
            f"nothing about {word} comes round every {float(days):g} days",
            f"Say how often, and who: {word} every {float(days):g} days.",
        )
        owner = owner_of(found.owner, subject.data.owners) if found else None
        tally.say(owner is not None, f"nobody owns {word}", "Name a function of the case.")
    return tally.outcome("Each has its rhythm and its owner.")


class Labels(Params):
    """Bounds of the learner's plan: ``labelled`` examples at least, ``label_error`` percent at most, ``agreement``
    percent at least, a refresh every ``refresh_days`` at most. ``sources`` are phrases of acceptable sources.
    """

    labelled: Number | None = None
    at_most: Number | None = None
    label_error: Number | None = None
    agreement: Number | None = None
    refresh_days: Number | None = None
    sources: tuple[str, ...] = ()


@kind(
    "data-plan",
    "Labels have a source, a quality and an owner",
    Labels,
    needs=("data_plan",),
    example=lambda data, told: (
        'DataPlan("source: 2,000 labelled by two people, label error 5 %, agreement 85 %, '
        f'refresh every 1 week, {examples.owner_for(None, data)}")'
    ),
)
def data_plan(subject: Subject, told: Labels) -> Outcome:
    """Every number asked for is there and within its bounds; an annotator and an owner are named."""
    plan, data = subject.answer.data_plan, subject.data
    assert plan is not None
    tally = Tally(evidence=[quoted(f"{plan.source}: {plan.labelled or 0:,.0f} by {plan.annotator or 'nobody'}")])
    sourced = bool(words(plan.source)) and (not told.sources or any(mentions(plan.source, s) for s in told.sources))
    tally.say(sourced, "the labels do not come from anything this case has", "Say where the labels come from.")
    tally.say(bool(words(plan.annotator)), "nobody labels", "Say who labels.")
    count = plan.labelled
    enough = count is not None and count >= float(told.labelled or 1)
    enough = enough and (told.at_most is None or (count or 0) <= float(told.at_most))
    tally.say(enough, f"{count or 0:,.0f} labelled examples do not fit", "Say how many there are, or will be.")
    error, agreement = plan.label_error_percent, plan.agreement_percent
    tally.say(
        error is not None and (told.label_error is None or error <= float(told.label_error)),
        "how many labels are wrong is not audited" if error is None else f"{error:g} % of the labels are wrong",
        "Audit a sample, and mend the labels before the model.",
    )
    tally.say(
        agreement is not None and (told.agreement is None or agreement >= float(told.agreement)),
        "agreement between two people is not measured"
        if agreement is None
        else f"two people agree on {agreement:g} % only",
        "Let two people label the same examples.",
    )
    if error is not None and agreement is not None:
        # Two people who each err in e of the cases agree on at least 1 - 2e of them.
        tally.say(
            agreement >= 100 - 2 * error - 1e-9,
            f"with {error:g} % wrong labels two people agree on at least {100 - 2 * error:g} %",
            "Make both numbers fit each other.",
        )
    refresh = plan.refresh_days
    tally.say(
        refresh is not None and (told.refresh_days is None or refresh <= float(told.refresh_days)),
        "the labels are not refreshed often enough",
        "Say how often new labels come in.",
    )
    tally.say(owner_of(plan.owner, data.owners) is not None, "nobody owns the labels", "Name a function of the case.")
    return tally.outcome("The labels have a source, a quality, a rhythm and an owner.")
