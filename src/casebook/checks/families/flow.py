"""How the parts are joined: the steps in order, nothing left alone, nothing that can be got past."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from casebook.checks.casefile import slot_of_role, slots_named
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, SlotId, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally

if TYPE_CHECKING:
    from casebook.design import Design
    from casebook.design.parts import Edge
    from casebook.facts.case import CaseData


class Flow(Params):
    """``slots`` (ids or roles) filled and following one another; ``off_path``: of these, the ones that no request
    waits for.
    """

    slots: tuple[SlotId, ...]
    off_path: tuple[SlotId, ...] = ()


def _path_example(data: CaseData, told: Flow) -> str:
    return " → ".join(data.slot(slot).title for name in told.slots for slot in slots_named(data, name)[:1])


@kind("flow", "The steps are all there, in order", Flow, needs=("design",), example=_path_example)
def flow(subject: Subject, told: Flow) -> Outcome:
    """The steps are filled and follow one another; what is off the path hangs on an asynchronous edge."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    present = design.components
    tally = Tally(evidence=[" → ".join(present)])
    steps = [slots_named(data, name) for name in told.slots]
    for step in steps:
        title = data.slot(step[0]).title
        tally.say(any(slot in present for slot in step), f"{title} is empty", f"Choose an option for {title}.")
    edges = design.edges()
    filled = [next(slot for slot in step if slot in present) for step in steps if any(s in present for s in step)]
    for src, dst in itertools.pairwise(filled):
        if not reaches(edges, src, dst):
            tally.say(False, f"{data.slot(dst).title} does not come after {data.slot(src).title}", "Mend the order.")
    off = [slot for name in told.off_path for slot in slots_named(data, name)]
    if off:
        waited_for = {edge.dst for edge in edges if edge.kind in ("request", "fanout")}
        who = "people" if off == ["review"] else " and ".join(data.slot(slot).title for slot in off)
        tally.say(
            all(slot in present for slot in off) and not waited_for & set(off),
            f"{who} are not beside the promise of latency",
            "Let people look after the verdict." if off == ["review"] else f"Let nobody wait for {who}.",
        )
    return tally.outcome("The steps stand in order, and nobody waits for what may come later.")


def reaches(edges: Iterable[Edge], src: str, dst: str, without: str = "") -> bool:
    """True where arrows (feedback left out) lead from one slot to the other, ``without`` a third."""
    found, todo = set(), [src]
    arrows = [(edge.src, edge.dst) for edge in edges if edge.kind != "feedback"]
    while todo:
        here = todo.pop()
        for a, b in arrows:
            if a == here and b != without and b not in found:
                found.add(b)
                todo.append(b)
    return dst in found


class Arrow(Params):
    """An arrow leads ``from_slot`` ``to_slot`` (ids or roles), of ``edge_kind`` where one is named; ``direct`` or over
    other parts.
    """

    from_slot: SlotId
    to_slot: SlotId
    edge_kind: Literal["", "request", "async", "feedback", "data"] = ""
    direct: bool = True


@kind(
    "edge",
    "One part leads to the other",
    Arrow,
    needs=("design",),
    example=lambda data, told: " → ".join(
        data.slot(slots_named(data, name)[0]).title for name in (told.from_slot, told.to_slot)
    ),
)
def edge(subject: Subject, told: Arrow) -> Outcome:
    """Both ends are filled and joined, by an arrow of the kind that is asked for."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    starts, ends = slots_named(data, told.from_slot), slots_named(data, told.to_slot)
    here, there = data.slot(starts[0]).title, data.slot(ends[0]).title
    for names, title in ((starts, here), (ends, there)):
        if not any(name in design.components for name in names):
            return Outcome(0.0, ", ".join(design.components), f"{title} is empty.", f"Choose an option for {title}.")
    arrows = [a for a in design.edges() if a.kind == told.edge_kind or not told.edge_kind]
    joined = any(a.src in starts and a.dst in ends for a in arrows)
    if not joined and not told.direct:
        joined = any(reaches(arrows, src, dst) for src in starts for dst in ends)
    shown = ", ".join(f"{a.src} → {a.dst}" for a in arrows)
    if joined:
        return Outcome(1.0, f"{here} → {there}", f"{here} leads to {there}.")
    return Outcome(0.0, shown, f"Nothing leads from {here} to {there}.", f"Choose parts that join {here} and {there}.")


class Between(Params):
    """``via`` lies on every way ``from_slot`` ``to_slot`` (ids or roles)."""

    from_slot: SlotId
    via: SlotId
    to_slot: SlotId


@kind(
    "on-every-path",
    "Nothing gets past it",
    Between,
    needs=("design",),
    example=lambda data, told: f"{data.slot(slots_named(data, told.via)[0]).title}, on every way",
)
def on_every_path(subject: Subject, told: Between) -> Outcome:
    """The part is filled, and without it no arrow leads on."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    start, via, end = (slots_named(data, name)[0] for name in (told.from_slot, told.via, told.to_slot))
    return between(design, start, via, end)


def between(design: Design, start: str, via: str, end: str) -> Outcome:
    """Whether ``via`` lies on every way from ``start`` to ``end``."""
    titles = {slot.id: slot.title for slot in design.data.slots}
    evidence = " → ".join(design.components)
    for slot in (via, start, end):
        if slot not in design.components:
            return Outcome(0.0, evidence, f"{titles[slot]} is empty.", f"Choose an option for {titles[slot]}.")
    edges = design.edges()
    on_way = reaches(edges, start, via) and reaches(edges, via, end) and not reaches(edges, start, end, via)
    if on_way:
        return Outcome(1.0, evidence, f"Every way from {titles[start]} to {titles[end]} passes {titles[via]}.")
    return Outcome(0.0, evidence, f"There is a way past {titles[via]}.", f"Put {titles[via]} on the only way.")


def _pipeline(data: CaseData) -> str:
    missing = [role for role in ("entry", "filter", "serving") if slot_of_role(data, role) is None]
    return "This case has no training pipeline of its own on the palette; the start-up cases have one." * bool(missing)


@check(
    "U10",
    "Data are checked before anything learns from them",
    needs=("design",),
    good="a check of the data between where they arrive and the model",
    bad="whatever arrives goes straight into the model",
    absent=_pipeline,
)
def checked_data(subject: Subject) -> Outcome:
    """A part with the role filter lies on every way from the entry to what serves."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    entry, check_, model = (slot_of_role(data, role) for role in ("entry", "filter", "serving"))
    assert entry is not None and check_ is not None and model is not None
    return between(design, entry.id, check_.id, model.id)


@check(
    "U8",
    "The picture holds together",
    needs=("design",),
    good="one way in, and every part on a way from it",
    bad="a part that nothing leads to",
)
def holds_together(subject: Subject) -> Outcome:
    """Every filled part can be reached from the entry, over arrows of any kind but feedback."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    if not design.components:
        return Outcome(0.0, "", "The design has no part.", "Choose parts first.")
    entry = slot_of_role(data, "entry")
    start = entry.id if entry is not None and entry.id in design.components else design.components[0]
    edges = design.edges()
    alone = [s for s in design.components if s != start and not reaches(edges, start, s)]
    alone = [s for s in alone if not any(arrow.src == s for arrow in edges)]
    evidence = ", ".join(f"{arrow.src} → {arrow.dst}" for arrow in edges)
    if not alone:
        return Outcome(1.0, evidence, "Every part is joined to the others.")
    names = " and ".join(data.slot(slot).title for slot in alone)
    return Outcome(0.0, evidence, f"Nothing leads to {names}.", "Fill the part before it, or leave it out.")
