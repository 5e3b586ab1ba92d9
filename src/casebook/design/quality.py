"""Quality models: what a design lets through, stops by mistake and sends to people.

``two-normal-roc`` ties the score cut-off to recall and false positives, and these to the review load. Figures that
a case works out by formula come after those of its model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.design.names import Names
from casebook.facts.formula import simulated_figures
from casebook.facts.palette import OptionQuality

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.design.evaluation import Evaluation
    from casebook.economics import Edge


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares and daily counts of one design under one set of conditions.

    ``figures`` holds what a target may name: recall, false_positive_rate, precision, flagged_share (of scored
    requests), scored_share (of requests that reach the pre-filter), toxic_removed, flagged_day, review_hours_day,
    missed_day, wrongly_blocked_day (items a day unless named otherwise). ``band`` gives low and high of the
    figures that move with the uncertain separation d′.
    """

    figures: dict[str, float]
    band: dict[str, tuple[float, float]]

    def __getitem__(self, name: str) -> float:
        return self.figures[name]


def normal_tail(x: float) -> float:
    """P(Z > x) of a standard normal variable: erfc(x/√2)/2."""
    return 0.5 * math.erfc(x / math.sqrt(2.0))


def two_normal_roc(design: Design, conditions: Conditions) -> Quality:
    """Scores of clean items are N(0, 1), of toxic ones N(d′, 1); what scores above the cut-off t is flagged.

    false-positive rate of the model = P(Z > t), recall = P(Z > t − d′), with d′ of the serving option less the
    drift by the end of the window (feedback) and, for reused verdicts, less the loss of a wider match.
    A pre-filter refuses, clears or passes on; messaging may lose verdicts; reviewers err at a fixed rate and
    decide what is flagged. Source: standard signal-detection model; d′, drift and shares are assumptions of
    the case (kind: assumption), their band is drawn. Left out: several kinds of toxic, appeals, learning
    attackers.
    """
    middle = _two_normal(design, conditions, "d_prime")
    low = _two_normal(design, conditions, "d_prime_low")
    high = _two_normal(design, conditions, "d_prime_high")
    band = {name: (min(low[name], high[name]), max(low[name], high[name])) for name in middle}
    return Quality(middle, band)


def _two_normal(design: Design, conditions: Conditions, which: str) -> dict[str, float]:
    data = design.data
    rules = data.quality
    by_role = {slot.role: design.option(slot.id).quality for slot in data.slots}
    blank = OptionQuality()
    serving, prefilter = by_role["serving"], by_role.get("filter", blank)
    feedback, queue, review = (by_role.get(role, blank) for role in ("feedback", "queue", "review"))
    separation = float(getattr(serving, which) or serving.d_prime or 0.0)
    separation += conditions.fact("d_prime_shift", 0.0) - float(feedback.d_prime_drift or 0.0)
    cutoff = design.knobs[rules.threshold_knob]
    reused = design.knobs.get(rules.cache_knob, 0.0)
    scenario = data.scenario(conditions.scenario)
    prevalence = conditions.fact("prevalence", float(scenario.every_fact["prevalence"]))
    volume = float(scenario.requests_day)

    model_recall = (1 - reused) * normal_tail(cutoff - separation) + reused * normal_tail(
        cutoff - separation + float(rules.cache_d_prime_loss)
    )
    model_fpr = normal_tail(cutoff)
    seen = 1.0 - float(queue.unscored_share or 0.0)
    caught = float(prefilter.caught_share or 0.0)
    toxic_in = (1.0 - caught - float(prefilter.cleared_toxic_share or 0.0)) * seen
    clean_in = (1.0 - float(prefilter.cleared_share or 0.0)) * seen

    reviewed = data.slot_of_role("review") is not None and not review.blocks_unreviewed
    error = conditions.fact("reviewer_error", float(review.reviewer_error or 0.0)) if reviewed else 0.0
    recall = caught + toxic_in * model_recall * (1.0 - error)
    flagged_toxic = prevalence * toxic_in * model_recall
    flagged_clean = (1.0 - prevalence) * clean_in * model_fpr
    flagged = flagged_toxic + flagged_clean
    wrongly_blocked = flagged_clean * (error if reviewed else 1.0)
    reached = prevalence * (1.0 - caught - float(prefilter.cleared_toxic_share or 0.0)) + (1.0 - prevalence) * (
        1.0 - float(prefilter.cleared_share or 0.0)
    )
    scored = reached * (1.0 - reused)
    minutes = minutes_an_item(design, Names(design, conditions)) if reviewed else 0.0
    return {
        "recall": recall,
        "false_positive_rate": clean_in * model_fpr,
        "precision": flagged_toxic / flagged if flagged > 0 else 0.0,
        "scored_share": scored,
        "flagged_share": min(1.0, flagged / reached) if reached > 0 else 0.0,
        "toxic_removed": recall,
        "flagged_day": volume * flagged,
        "review_minutes_day": volume * flagged * minutes,
        "review_hours_day": volume * flagged * minutes / 60.0,
        "missed_day": volume * prevalence * (1.0 - recall),
        "wrongly_blocked_day": volume * wrongly_blocked,
    }


def minutes_an_item(design: Design, names: Names) -> float:
    """Minutes a person spends on one item; 0 where the items go to somebody else's people."""
    slot = design.data.slot_of_role("review")
    if slot is None:
        return 0.0
    option = design.option(slot.id)
    if option.staffing is None or option.service.mean_ms is None:
        return 0.0
    return names.number(option.service.mean_ms) / 60_000.0


def no_model(design: Design, conditions: Conditions) -> Quality:
    """A case without a quality model of its own: nothing but what its formulas add."""
    return Quality({}, {})


QUALITY_MODELS: dict[str, Callable[[Design, Conditions], Quality]] = {
    "two-normal-roc": two_normal_roc, "figures": no_model, "none": no_model,
}


def quality_of(design: Design, conditions: Conditions, requests_day: float | None = None, edge: Edge = "") -> Quality:
    """The figures of the case's model, then its own formulas in their order; late ones wait for the evaluation.

    Where people review and the model says nothing of their load, ``review_items_day`` and ``review_hours_day`` are
    the slot's ``load_day``. ``requests_day`` stands for another volume, ``edge`` for one end of the sources' bands.
    """
    data = design.data
    made = QUALITY_MODELS[data.quality_model](design, conditions)
    review = data.slot_of_role("review")
    if not data.figures and (review is None or data.quality_model == "two-normal-roc"):
        return made
    names = Names(design, conditions, made.figures, edge=edge, requests_day=requests_day)
    for figure in data.figures:
        if not figure.late:
            names.figures[figure.id] = names.number(figure.formula)
    if review is not None and data.quality_model != "two-normal-roc":
        items = 0.0 if design.option(review.id).none else names.number(review.load_day)
        names.figures["review_items_day"] = items
        names.figures["review_hours_day"] = items * minutes_an_item(design, names) / 60.0
    return Quality(names.figures, made.band)


def late_figures(design: Design, conditions: Conditions, known: Quality, late: Evaluation) -> dict[str, float]:
    """The case's late figures, by formula; nan where they need a simulation that was not made or never settles."""
    names = Names(design, conditions, known.figures, late=late)
    before = set(names.figures)
    untold = simulated_figures(design.data) if late.run is None or not late.stable else frozenset()
    for figure in design.data.figures:
        if figure.late:
            names.figures[figure.id] = math.nan if figure.id in untold else names.number(figure.formula)
    return {name: value for name, value in names.figures.items() if name not in before}
