"""What a cohort did with an assignment: scores, items, designs, predictions, look-alikes, who is missing.

Read from records, gradebook and released form; nothing a learner wrote is run, and a design is only simulated again
after the judge has read it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from casebook.checks.alike import Alike, too_alike
from casebook.checks.similar import Similar, similar
from casebook.course.export import Line, filed, lines
from casebook.course.items import Item, Pair, items, lost_together
from casebook.course.outcome import Outcome
from casebook.course.repair import load_release
from casebook.course.settings import Course

if TYPE_CHECKING:
    from casebook.answer import Answer

Progress = Callable[[Iterable[str]], Iterable[str]]
REFERENCE = "the case's reference"


@dataclass(frozen=True, slots=True)
class Placed:
    """A kept design under the rubric's scenario: USD a month, tail in ms (inf: cannot keep up), quality, bottleneck.

    ``best``: no other design of the cohort, nor the case's own, beats it in all three.
    """

    name: str
    cost_usd_month: float
    tail_ms: float
    quality: float
    bottleneck: str
    best: bool


@dataclass(frozen=True, slots=True)
class Said:
    """How many students said ``predicted`` is what fills first, where their own design has ``measured``."""

    predicted: str
    measured: str
    count: int


@dataclass(frozen=True)
class CohortReport:
    """One assignment of one cohort. ``placed`` is empty where the case promises no latency or nobody kept a design.

    ``tail`` and ``quality`` name the two figures of ``placed``; ``limit_ms`` is the case's promise (None: none).
    """

    assignment: str
    title: str
    case_id: str
    scenario: str
    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    together: tuple[Pair, ...]
    placed: tuple[Placed, ...]
    tail: str
    quality: str
    limit_ms: float | None
    wrong_bottlenecks: tuple[Said, ...]
    similar: tuple[Similar, ...]
    reused: tuple[tuple[str, Alike], ...]
    missing: tuple[str, ...]
    untouched: tuple[str, ...]
    compared: int
    varied: bool
    leaves_out: tuple[str, ...]

    @property
    def scored(self) -> tuple[Line, ...]:
        """Everyone with a number from the machine."""
        return tuple(line for line in self.lines if line.machine_score is not None)

    @property
    def statuses(self) -> tuple[tuple[str, int], ...]:
        """How many of each status, the most frequent first."""
        return tuple(sorted(Counter(line.status for line in self.lines).items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def percents(self) -> tuple[float, ...]:
        """Machine-graded percent of each scored student, in the order of names."""
        return tuple(100.0 * (line.machine_score or 0.0) / line.machine_possible for line in self.scored)

    def to_data(self) -> dict[str, Any]:
        """Plain data for `--json` and the notebook; an infinite tail is null."""
        data = {
            name: [asdict(entry) for entry in getattr(self, name)]
            for name in ("lines", "items", "together", "wrong_bottlenecks", "similar")
        }
        placed = [asdict(entry) for entry in self.placed]
        for row in placed:
            row["tail_ms"] = row["tail_ms"] if math.isfinite(row["tail_ms"]) else None
            row["quality"] = row["quality"] if math.isfinite(row["quality"]) else None
        reused = [{"student": student, **asdict(alike)} for student, alike in self.reused]
        plain = ("assignment", "title", "case_id", "scenario", "tail", "quality", "limit_ms", "missing", "untouched",
                 "compared", "varied", "leaves_out")
        return {**{name: getattr(self, name) for name in plain}, **data, "placed": placed, "reused": reused,
                "statuses": dict(self.statuses)}


def cohort_report(
    course: Course, assignment: str, people: Iterable[str] = (), *, progress: Progress = iter
) -> CohortReport:
    """The report on ``assignment``. ``people`` are the students who should have handed in (a class list).

    Designs are simulated once each, 100,000 requests, seed 0. Raises CourseError for an unknown assignment.
    """
    from casebook.facts import load_case_data
    from casebook.search.frontier import latency_target, quality_target

    rows = tuple(lines(course, assignment))
    release = load_release(course.release(assignment))
    data = load_case_data(release.case_id)
    records = {row.student: record for row in rows if (record := filed(course, assignment, row.student)) is not None}
    scored = {student: record for student, record in records.items() if record.scored}
    answers = {student: answer for student, record in scored.items() if (answer := judged(record)) is not None}
    filled = {student: answer for student, answer in answers.items() if answer.answered()}
    scenario = public_scenario(release.rubric, release.case_id)
    latency, quality = latency_target(data), quality_target(data)
    placed = _designs(data, filled, scenario, progress)
    return CohortReport(
        assignment=assignment,
        title=str(data.title),
        case_id=release.case_id,
        scenario=scenario,
        lines=rows,
        items=items(scored),
        together=lost_together(scored),
        placed=placed,
        tail=f"p{100 * (latency.quantile or 0.99):g} of the latency" if latency else "",
        quality=quality.metric.removeprefix("quality.").replace("_", " ") if quality else "",
        limit_ms=float(latency.limit) if latency else None,
        wrong_bottlenecks=_wrong(filled, placed),
        similar=similar(filled, release.text + data.model_dump_json()),
        reused=_reused(course, assignment, filled),
        missing=tuple(sorted(set(people) - {row.student for row in rows})),
        untouched=tuple(sorted(set(answers) - set(filled))),
        compared=len(filled),
        varied=len({answer.case_id for answer in filled.values()}) > 1,
        leaves_out=tuple(str(line) for line in data.leaves_out),
    )


def judged(record: Outcome) -> Answer | None:
    """The answer that was judged, None where a record carries none that can be read."""
    from casebook.answer import Answer

    try:
        return Answer.from_json(record.answer) if record.answer else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def public_scenario(rubric: str, case_id: str) -> str:
    """The scenario under which a rubric's public score is given."""
    from casebook.checks import load_rubric

    return str(load_rubric(rubric, case_id).scenario)


def _designs(
    data: Any, answers: Mapping[str, Answer], scenario: str, progress: Progress
) -> tuple[Placed, ...]:
    """Every kept design and the case's reference, and which of them nothing beats."""
    from casebook.design import Case, evaluate
    from casebook.search.frontier import latency_target, pareto, quality_target

    latency, quality = latency_target(data), quality_target(data)
    kept = {student: answer.design for student, answer in answers.items() if answer.design is not None}
    if latency is None or not kept:
        return ()
    named = {**kept, REFERENCE: Case(data.id).reference}
    found: list[Placed] = []
    for name in progress(named):
        ev = evaluate(named[name], scenario=scenario)
        tail = float(ev.figure(latency.metric, latency.quantile, latency.span)) if ev.stable else math.inf
        figure = float(ev.figure(quality.metric)) if quality else math.nan
        known = tail if math.isfinite(tail) else math.inf
        found.append(Placed(name, ev.cost_usd_month, known, figure, ev.bottleneck, best=False))
    sign = -1.0 if quality is not None and quality.direction == "min" else 1.0
    able = [spot for spot in found if math.isfinite(spot.tail_ms)]
    best = {able[i].name for i in pareto([(s.cost_usd_month, s.tail_ms, _or_worst(sign * s.quality)) for s in able])}
    return tuple(replace(spot, best=spot.name in best) for spot in found)


def _or_worst(value: float) -> float:
    return math.inf if math.isnan(value) else value


def _wrong(answers: Mapping[str, Answer], placed: tuple[Placed, ...]) -> tuple[Said, ...]:
    """Predictions of what fills first that the student's own design does not bear out, most frequent first."""
    measured = {spot.name: spot.bottleneck for spot in placed}
    counted: Counter[tuple[str, str]] = Counter()
    for student, answer in answers.items():
        said = answer.prediction.bottleneck.strip() if answer.prediction is not None else ""
        truth = measured.get(student, "")
        if said and truth and said.casefold().replace(" ", "-") != truth.casefold().replace("_", "-"):
            counted[(said, truth)] += 1
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Said(said, truth, count) for (said, truth), count in ordered)


def _reused(course: Course, assignment: str, answers: Mapping[str, Answer]) -> tuple[tuple[str, Alike], ...]:
    """Students whose wording here is that of their own answer to another case (check U24)."""
    found: list[tuple[str, Alike]] = []
    others = sorted(path.name for path in course.records.glob("*") if path.is_dir() and path.name != assignment)
    for student, answer in answers.items():
        kept = [judged(record) for name in others if (record := filed(course, name, student)) is not None]
        for alike in too_alike([answer, *(other for other in kept if other is not None)]):
            if answer.case_id in (alike.case_id, alike.other_id):
                found.append((student, alike))
    return tuple(found)
