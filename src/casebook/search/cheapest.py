"""The cheapest design of a palette that meets every target of a scenario: bounds first, runs later, words last.

Designs are taken in the order of their exact bill, so the first that meets everything is the cheapest there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from casebook.design import Conditions, Design
from casebook.search.descent import Descent
from casebook.search.found import Found
from casebook.search.frontier import Front, front
from casebook.search.ground import Ground, look_over
from casebook.search.survey import survey
from casebook.search.task import Task, Tell
from casebook.search.workers import Threads, Workers

if TYPE_CHECKING:
    from casebook.design import Case


def optimise(
    case: Case,
    scenario: str | Conditions = "",
    *,
    learner: Design | None = None,
    only: Mapping[str, Sequence[str | float]] | None = None,
    grid: int = 9,
    sketches: int = 100_000,
    with_front: bool = True,
    front_designs: int = 400,
    front_requests: int = 100_000,
    workers: Workers | None = None,
    tell: Tell = lambda what, done, of: None,
    overlooked: Callable[[Ground], None] = lambda ground: None,
) -> Found:
    """Search the palette of ``case`` under a scenario (its id) or ``Conditions``.

    ``only`` narrows slots and knobs; ``grid`` is how many values a knob takes that moves money or quality (the best
    is refined step by step afterwards). A palette with more than ``sketches`` combinations is looked at in so many
    places, spread evenly, and the best is then changed part by part as well: ``proven`` stays False.

    ``workers`` default to threads; ``tell`` hears of progress and may raise ``KeyboardInterrupt``: the best so far is
    then returned with ``stopped``. ``overlooked`` hears of the bounds before anything is searched: where one is out of
    reach, nothing will be. The same arguments give the same answer whoever does the work.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(case.data, scenario)
    hands = workers or Threads()
    task = Task.of(case, conditions, learner, only or {}, grid, hands, tell)
    descent = Descent(task)
    ground, drawn, stopped = Ground((), (), (), 0, 0), None, False
    try:
        try:
            ground = look_over(task, sketches)
            overlooked(ground)
            descent.begin(ground.possible)
            descent.descend(ground)
            descent.refine(swap=not ground.whole)
            if with_front:
                drawn = _draw(task, ground, descent, front_designs, front_requests)
        except KeyboardInterrupt:
            stopped = True
    finally:
        if workers is None:
            hands.close()
    return Found(
        conditions, descent.best, descent.proven, stopped, descent.floor_usd, descent.ties(), ground.bounds,
        ground.blockers, drawn, descent.own, task.space.size(), ground.sketched, descent.settled,
        descent.runs + ground.runs, descent.graded,
    )


def _draw(task: Task, ground: Ground, descent: Descent, count: int, requests: int) -> Front:
    """The front over designs that keep the targets known by arithmetic, the best and the learner's among them."""
    chosen = survey(task, [made for _, made in ground.left], count)
    chosen += [one.design for one in descent.meeting.values()]
    seen = 0

    def tick(done: int, of: int) -> None:
        nonlocal seen
        seen += done
        task.tell("front", seen, of)

    made = front(list(dict.fromkeys(chosen)), task.conditions, learner=task.learner, requests=requests,
                 workers=task.hands, tick=tick)
    descent.runs += made.runs
    return made
