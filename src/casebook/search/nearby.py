"""What can be had around a learner's design, without looking for the cheapest: the front and both tornadoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.design import Conditions, Design
from casebook.search.frontier import Front, front
from casebook.search.ground import look_over
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
    """The front over ``designs`` that keep the targets known by arithmetic, the case's own and the learner's added.

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
        chosen = survey(task, [made for _, made in ground.left], designs)
        chosen += [case.preset(preset.id) for preset in case.data.presets]
        return front(list(dict.fromkeys(chosen)), conditions, learner=learner, requests=requests, workers=hands,
                     tick=tick)
    finally:
        if workers is None:
            hands.close()
