"""Before the drawing: what was asked, what is assumed instead, what is left out and what comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.casefile import primary_target, rule
from casebook.checks.examples import word
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, QuestionId, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import quoted, target_of, words

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

TOPICS = ("scale", "latency", "tenancy")


def _ask_example(data: CaseData) -> str:
    best = [question.id for question in data.questions if question.worth == "high"][:2]
    names = ", ".join(f'"{name}"' for name in best)
    return f'questions = [{names}, …] and Assumption("topic: what you take to be true", because="…")'


def _rank_example(data: CaseData) -> str:
    target = primary_target(data) or data.targets[0]
    other = next((item for item in data.targets if item.id != target.id), target)
    return (
        'Scope("something for later (the reason)") and '
        f'Constraint("1. {word(target, data)}"), Constraint("2. {word(other, data)}")'
    )


@check(
    "U19",
    "Questions cover what decides the design; the rest is assumed in writing",
    needs=("questions",),
    compares=True,
    good=_ask_example,
    bad="a question about the programming language, and nothing assumed",
)
def asked_and_assumed(subject: Subject) -> Outcome:
    """Scale, latency and tenancy are asked or assumed; every question worth much that was not asked is assumed."""
    data, answer = subject.data, subject.answer
    bank = {question.id: question for question in data.questions}
    asked = [question.id for question in answer.questions]
    known = [name for name in dict.fromkeys(asked) if name in bank]
    assumed = {item.topic.strip().lower().replace(" ", "-"): item for item in answer.assumptions}
    tally = Tally(evidence=[f"asked: {', '.join(known) or 'nothing'}"])
    allowed = int(data.asking.allowed)
    tally.say(
        len(known) == len(asked),
        f"{len(asked) - len(known)} of your questions are not in the bank, or twice",
        "Choose ids from the bank.",
    )
    tally.say(
        len(asked) <= allowed,
        f"you asked {len(asked)} questions, {allowed} are allowed",
        "Keep the questions whose answer could change the design.",
    )
    for topic in rule(data, "ask_topics", _topics(data)):
        covered = [name for name in (*known, *assumed) if name in bank and bank[name].maps_to == topic]
        tally.say(
            bool(covered), f"nothing is asked or assumed about {topic}", f"Ask or assume something about {topic}."
        )
    for name, question in bank.items():
        if question.worth == "high" and name not in known:
            note = assumed.get(name)
            good = note is not None and bool(words(note.statement)) and len(words(note.because)) >= 3
            tally.say(
                good,
                f"“{name}” was not asked, and no assumption with a reason stands in its place",
                f'Write Assumption("{name}: what you take to be true", because="why").',
            )
    decoys = [name for name in known if bank[name].maps_to == "decoy"]
    tally.say(not decoys, f"{', '.join(decoys)} spends a question and uncovers nothing", "Spend the turn elsewhere.")
    return tally.outcome("What decides the design is asked or assumed in writing.")


def _topics(data: CaseData) -> tuple[str, ...]:
    """Scale, latency and tenancy, as far as the case's bank has a question about them."""
    return tuple(topic for topic in TOPICS if any(question.maps_to == topic for question in data.questions))


@check(
    "U18",
    "Something is left out on purpose, and constraints are ranked",
    needs=("scope", "constraints"),
    compares=True,
    good=_rank_example,
    bad="everything is in scope and everything is equally important",
)
def scoped_and_ranked(subject: Subject) -> Outcome:
    """Every item left out has a reason; ranks are unique and start at 1; the first is a metric committed to."""
    answer, data = subject.answer, subject.data
    tally = Tally()
    assert answer.scope is not None
    tally.say(bool(answer.scope.out), "nothing is left out", "Leave one thing out on purpose.")
    for item, reason in answer.scope.out:
        tally.say(
            len(words(reason)) >= 2,
            f"{quoted(item)} is left out without a reason",
            "Say in brackets why it can wait.",
            evidence=f"left out: {quoted(item)}",
        )
    ranks = [constraint.rank for constraint in answer.constraints]
    tally.say(len(ranks) >= 2, "fewer than two constraints are ranked", "Rank at least two.")
    tally.say(
        None not in ranks and len(set(ranks)) == len(ranks) and 1 in ranks,
        "the ranks are missing, shared or do not start at 1",
        "Number them 1, 2, 3.",
    )
    first = next((constraint for constraint in answer.constraints if constraint.rank == 1), None)
    about = target_of(f"{first.id} {first.text}", data) if first else None
    primary = [target_of(metric.name, data) for metric in answer.metrics if metric.kind == "primary"]
    tally.say(
        about is not None and about in primary,
        f"the first constraint{' ' + quoted(first.id) if first else ''} is not the number you want to move",
        "Rank the primary metric first, or commit to what you rank first.",
        weight=2,
        evidence=f"ranked first: {quoted(first.id)}" if first else "",
    )
    named = [
        about for constraint in answer.constraints if (about := target_of(f"{constraint.id} {constraint.text}", data))
    ]
    tally.say(
        len(set(named)) == len(answer.constraints) and bool(named),
        "a constraint is not about anything this case measures, or two are about the same",
        f"Use the case's own: {', '.join(target.title for target in data.targets)}.",
    )
    return tally.outcome("Scope is cut with reasons, and the constraints are in order.")


class Asked(Params):
    """``questions`` of the bank: each is asked, or assumed in writing; ``number``: an assumption needs one."""

    questions: tuple[QuestionId, ...]
    number: bool = False


@kind(
    "asked",
    "What decides the design is asked, or assumed in writing",
    Asked,
    needs=("questions",),
    compares=True,
    example=lambda data, told: f'questions = ["{told.questions[0]}", …] or Assumption("{told.questions[0]}: …")',
)
def asked_or_assumed(subject: Subject, told: Asked) -> Outcome:
    """Each question is asked; or an assumption about it stands in its place, with a reason."""
    chosen = {question.id for question in subject.answer.questions}
    assumed = {a.topic.strip().lower().replace(" ", "-"): a for a in subject.answer.assumptions}
    tally = Tally(evidence=[f"asked: {', '.join(sorted(chosen)) or 'nothing'}"])
    for name in told.questions:
        note = assumed.get(name)
        stands = note is not None and len(words(note.because)) >= 3 and (note.quantity is not None or not told.number)
        tally.say(name in chosen or stands, f"“{name}” is neither asked nor assumed", f"Ask {name} before you choose.")
    return tally.outcome("Asked before anything was chosen.")
