"""The shape of the design: few boxes, the flow in order, known parts, each messaging layer for a reason."""

from __future__ import annotations

from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.rubric import case_rule
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import quoted, target_of


@check(
    "U11",
    "The picture has three to five boxes at its top level",
    needs=("design",),
    good="Upload, Scoring, People, Learning",
    bad="one box, or nine",
)
def boxes(subject: Subject) -> Outcome:
    """Groups that hold a part. Replicas and labels do not count."""
    design = subject.answer.design
    assert design is not None
    groups = list(dict.fromkeys(part.group_title for part in design.parts()))
    good = 3 <= len(groups) <= 5
    return Outcome(
        float(good),
        ", ".join(groups),
        f"{len(groups)} boxes."
        if good
        else f"{len(groups)} boxes at the top level; three to five can be taken in at a glance.",
        "" if good else "Fill the step that is missing.",
    )


@check(
    "U23",
    "No exotic part without a need",
    needs=("design",),
    good="parts a team can buy or run today",
    bad="custom hardware at the edge",
)
def no_exotic(subject: Subject) -> Outcome:
    """No part that the palette calls exotic."""
    design = subject.answer.design
    assert design is not None
    exotic = [part.title for part in design.parts() if part.exotic]
    if not exotic:
        return Outcome(1.0, ", ".join(part.title for part in design.parts()), "Known parts only.")
    return Outcome(
        0.0,
        ", ".join(exotic),
        f"{', '.join(exotic)}: novelty that no limit of this case asks for.",
        "Take the plainest part that keeps the limits.",
    )


@check(
    "STB-1.flow",
    "Upload, pre-filter, model, person: all four, in this order",
    needs=("design",),
    good="ingestion → pre-filter → serving → human review, review beside the promise of latency",
    bad="no person ever sees what the model is unsure about",
)
def flow(subject: Subject) -> Outcome:
    """The four steps are filled and follow one another; review hangs on an asynchronous edge."""
    design = subject.answer.design
    assert design is not None
    steps = case_rule(subject.data.id, "flow", ())
    present = design.components
    tally = Tally(evidence=[" → ".join(present)])
    for step in steps:
        title = subject.data.slot(step).title
        tally.say(step in present, f"{title} is empty", f"Choose an option for {title}.")
    edges = {(edge.src, edge.dst): edge.kind for edge in design.edges()}
    off_path = not any(dst == "review" and kind == "request" for (_, dst), kind in edges.items())
    tally.say(
        "review" in present and off_path,
        "people are not beside the promise of latency",
        "Let people look after the verdict.",
    )
    return tally.outcome("The four steps stand in order, people beside the promise of latency.")


@check(
    "STB-1.serving",
    "The model is served by a known inference server",
    needs=("design",),
    good="Triton on L4",
    bad="a model inside the web server",
)
def serving(subject: Subject) -> Outcome:
    """The option's ``serves`` is one of the kinds the article names."""
    design = subject.answer.design
    assert design is not None
    option = design.option("serving")
    kinds = case_rule(subject.data.id, "serving_kinds", ())
    good = option.serves in kinds
    return Outcome(
        float(good),
        option.title,
        f"{option.title} is one." if good else f"{option.title} is not served by {' or '.join(kinds)}.",
        "" if good else f"Choose an option that runs on {' or '.join(kinds)}.",
    )


@check(
    "STB-3",
    "At most one messaging layer, and it earns its place",
    needs=("design",),
    compares=True,
    good="no messaging, or one whose absence would cost a limit of the case",
    bad='messaging "because everybody uses Kafka"',
)
def messaging(subject: Subject) -> Outcome:
    """None, or one whose note names a target that gets worse when the layer is taken out."""
    design = subject.answer.design
    assert design is not None
    if design.option("messaging").none:
        return Outcome(1.0, "no messaging layer", "A direct call: nothing to explain.")
    note = subject.answer.note_for("messaging")
    about = target_of(note.because, subject.data) if note else None
    evidence = quoted(note.because) if note else design.option("messaging").title
    if about is None:
        return Outcome(
            0.0,
            evidence,
            "The messaging layer has no reason among the case's limits.",
            "Name the limit it serves, or call the model directly.",
        )
    without = design.changed(messaging="none")
    here = {verdict.target: verdict for verdict in subject.evaluation.verdicts}[about]
    there = {verdict.target: verdict for verdict in subject.under(without, subject.conditions).verdicts}[about]
    if there.margin < here.margin - 1e-9:
        return Outcome(1.0, evidence, f"Without it, {here.title} would be worse.")
    return Outcome(
        0.0,
        evidence,
        f"Without it, {here.title} would be no worse: the reason does not hold.",
        "Name the limit it really serves, or call the model directly.",
    )
