"""What can be had around a learner's design, without looking for the cheapest: the front and both tornadoes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from casebook.design import Conditions, Design
from casebook.design.sketch import known_figure
from casebook.search.bounds import within
from casebook.search.frontier import Front, front
from casebook.search.ground import look_over
from casebook.search.space import thinned
from casebook.search.survey import survey
from casebook.search.task import Task, Tell
from casebook.search.workers import Threads, Workers

if TYPE_CHECKING:
    from casebook.design import Case


def around(
    case: Case,
    scenario: str | Conditions,
    learner: Design | None,
    *,
    designs: int = 200,
    grid: int = 3,
    sketches: int = 4_000,
    requests: int = 100_000,
    workers: Workers | None = None,
    tell: Tell = lambda what, done, of: None,
) -> Front:
    """The front over ``designs`` that keep the targets known by arithmetic, half of them one or two parts away from
    the learner's, the others from all over the palette; the case's own and the learner's are added.

    A coarse ``grid`` of knobs that move money, and ``sketches`` of the palette at most: seconds, not a proof.
    ``optimise`` looks for the cheapest. ``tell`` may raise ``KeyboardInterrupt``, which goes on to the caller: half a
    front would mislead.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(case.data, scenario)
    hands = workers or Threads()
    seen = 0

    def tick(done: int, of: int) -> None:
        nonlocal seen
        seen += done
        tell("designs for the front", seen, of)

    try:
        task = Task.of(case, conditions, learner, {}, grid, hands, tell)
        ground = look_over(task, sketches, tails=False)
        near = [] if learner is None else neighbours(task, learner, designs // 2)
        chosen = near + survey(task, [made for _, made in ground.left], designs - len(near))
        chosen += [case.preset(preset.id) for preset in case.data.presets]
        return front(list(dict.fromkeys(chosen)), conditions, learner=learner, requests=requests, workers=hands,
                     tick=tick)
    finally:
        if workers is None:
            hands.close()


def neighbours(task: Task, design: Design, most: int) -> list[Design]:
    """At most ``most`` designs with one or two other parts, knobs kept, that keep the targets known by arithmetic.

    Those one part away come first; of the others every so manieth is taken, so that no slot is passed over.
    """
    slots = {slot.id: options for slot, options in zip(task.data.slots, task.space.offered, strict=True)}
    single = [{slot: option} for slot, options in slots.items() for option in options if option != design.choices[slot]]
    double = [one | other for one, other in itertools.combinations(single, 2) if one.keys() != other.keys()]
    thin = double[:: thinned(len(double) // max(1, 2 * most))]
    known = [target for target in task.data.targets if task.knowable(target.metric)]
    found: list[Design] = []
    for change in (*single, *thin):
        if len(found) >= most:
            break
        made = design.changed(**{slot.replace("-", "_"): option for slot, option in change.items()})
        sketched = task.sketch(made.choices, made.knobs)
        if all(within(known_figure(sketched, one.metric), task.limits[one.id], one.direction) for one in known):
            found.append(made)
    return found
