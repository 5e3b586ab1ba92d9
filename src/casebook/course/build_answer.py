"""``authored/answers/<case>.yaml`` → the strong Answer: short forms whose figures are read off the Evaluation.

Lives beside the solutions, never in the wheel: a released notebook holds none of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.build_text import AuthoredError
from casebook.facts.variant_id import variant_id

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.design import Case, Design, Evaluation

FIGURE = re.compile(r"\[\[\s*([a-z]+)\.([A-Za-z0-9_.\-]+)\s*(?:\|\s*([^\]]+?)\s*)?\]\]")
QUANTILES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
KNOWN = (
    "kept.<figure>, other.<figure>, change.<figure> (kept minus other), bill.<slot>, busy.<slot>, option.<slot>, "
    "weeks.<slot>, knob.<knob>, day.mean_per_s, day.peak_per_s, asked.<pushback>, stance.<pushback>, lost.<pushback>, "
    "audit.<audit>"
)


def answer_path(authored: Path, case_id: str) -> Path:
    """Where the strong answer of a case is written down."""
    return authored / "answers" / f"{case_id}.yaml"


def read_answer(path: Path, variant: int = 0) -> Answer:
    """The answer of one file; ``AuthoredError`` names the file and the part that is wrong.

    With a ``variant`` its figures are those of the designs under that variant's numbers.

    ``design`` and ``alternative`` are ``{preset: ID, change: {slot or knob: value}}`` or a whole choice. Every other
    key is a part of an answer: a short form, a record's fields, or a list of them. ``audits: all`` answers each.
    """
    from casebook.answer import Answer, AnswerError, ShortFormError
    from casebook.facts import SeedError
    from casebook.facts.files import parse_seed

    name = f"answers/{path.name}"
    if not path.is_file():
        raise AuthoredError(name, 1, "there is no such file", "Write the case's strong answer there.")
    try:
        told = parse_seed(path.read_text(encoding="utf-8"), name)
    except SeedError as error:
        raise AuthoredError(name, 1, error.problem, error.remedy) from None
    case_id = str(told.pop("case", ""))
    if case_id != path.stem:
        raise AuthoredError(name, 1, f"it is about the case {case_id!r}", f"Write 'case: {path.stem}'.")
    case_id = variant_id(case_id, variant)
    figures = Figures.of(case_id, told.pop("design", None), told.pop("alternative", None), name)
    parts: dict[str, Any] = {}
    for part, value in told.items():
        try:
            parts[part] = _part(part, figures.filled(value), figures.case)
            Answer(case_id).with_parts(**{part: parts[part]})
        except (AnswerError, ShortFormError, TypeError, ValueError) as error:
            if isinstance(error, AuthoredError):
                raise
            raise AuthoredError(name, 1, f"{part}: {error}".rstrip("."), "Compare with another answer.") from None
    return Answer(case_id, design=figures.design, alternative=figures.alternative).with_parts(**parts)


def _part(name: str, value: Any, case: Case) -> Any:
    """Plain YAML as records: a mapping becomes the record's fields; the first metric is the primary one."""
    from casebook.answer import Audit, Metric
    from casebook.answer.parts import BY_NAME

    if name == "audits" and value == "all":
        return [Audit(item.id, float(item.value)) for item in case.data.audits]
    record: Any = BY_NAME[name].record if name in BY_NAME else None
    if record is None:
        return value
    if name == "metrics" and isinstance(value, list):
        kinds = ["primary"] + ["guardrail"] * len(value)
        pairs = zip(value, kinds, strict=False)
        return [Metric(item, kind=kind) if isinstance(item, str) else Metric(**item) for item, kind in pairs]

    def made(item: Any) -> Any:
        if isinstance(item, Mapping) and record is Audit:
            return Audit(str(item["id"]), float(item["value"]))
        if isinstance(item, Mapping):
            return record(**{key: tuple(map(tuple, v)) if isinstance(v, list) else v for key, v in item.items()})
        return record(item) if isinstance(item, str) else item

    return [made(item) for item in value] if isinstance(value, list) else made(value)


@dataclass(slots=True)
class Figures:
    """The kept design and its alternative on the graded day, by the names a text may use."""

    case: Case
    file: str
    design: Design | None
    alternative: Design | None
    _runs: dict[str, Evaluation] = field(default_factory=dict)

    @classmethod
    def of(cls, case_id: str, design: Any, alternative: Any, file: str) -> Figures:
        """Both designs of an answer file; ``AuthoredError`` for a choice the palette does not have."""
        from casebook.design import load_case

        case = load_case(case_id)
        return cls(case, file, _design(case, design, file), _design(case, alternative, file))

    def filled(self, value: Any) -> Any:
        """The same value with every ``[[…]]`` of its texts filled in."""
        if isinstance(value, str):
            return FIGURE.sub(lambda match: self._word(match.group(1), match.group(2), match.group(3) or ""), value)
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if isinstance(value, Mapping):
            return {key: self.filled(item) for key, item in value.items()}
        return value

    def _word(self, head: str, name: str, style: str) -> str:
        try:
            value = self._value(head, name)
        except (KeyError, ValueError, StopIteration, AttributeError) as error:
            said = f"[[{head}.{name}]] is unknown" + (f" ({error})" if str(error) else "")
            raise AuthoredError(self.file, 1, said, f"Known: {KNOWN}.") from None
        if isinstance(value, str):
            return value
        if not style:
            return f"{value:g}"
        return f"{significant(value, int(style[1:])):g}" if style.startswith("~") else format(value, style)

    def _value(self, head: str, name: str) -> float | str:
        data = self.case.data
        if head in ("kept", "other"):
            return _figure(self._run(head), name)
        if head == "change":
            return _figure(self._run("kept"), name) - _figure(self._run("other"), name)
        if head == "bill":
            return significant(self._run("kept").cost_lines[name], 2)
        if head == "busy":
            return self._run("kept").utilisation[name]
        if head in ("option", "weeks", "knob"):
            design = self._chosen("kept")
            if head == "knob":
                return float(design.knobs[name])
            option = design.option(name)
            return option.title if head == "option" else float(option.build_weeks)
        if head == "day":
            scenario = data.scenario(self._day())
            mean = float(scenario.requests_day) / 86_400
            return mean * (float(scenario.arrivals.peak_factor) if name == "peak_per_s" else 1.0)
        if head == "audit":
            return round(float(next(item.value for item in data.audits if item.id == name)), 1)
        if head in ("asked", "stance", "lost"):
            return self._pressed(head, name)
        raise KeyError(head)

    def _pressed(self, head: str, name: str) -> str:
        """The number of the re-run, the stance it allows, and what no longer holds."""
        found = next(item for item in self.case.data.pushbacks if item.id == name)
        ev = self._run(f"pushback:{name}")
        if head == "asked":
            value = ev.figure(found.asks.metric, _quantile(self.case))
            units = {"ms": f"{value:.4g} ms", "usd": f"${value:.4f}" if value < 100 else f"${value:.4g}"}
            return units.get(found.asks.unit, f"{value:.4g}")
        lost = [verdict.title.lower() for verdict in ev.verdicts if not verdict.ok]
        if head == "stance":
            return "changes" if lost else "survives"
        return " and ".join(lost) or "nothing"

    def _run(self, which: str) -> Evaluation:
        from casebook.design import evaluate

        if which not in self._runs:
            pushback = which.partition(":")[2]
            conditions = self.case.conditions(self._day(), pushback)
            design = self._chosen("other" if which == "other" else "kept")
            self._runs[which] = evaluate(design, conditions, graded=True)
        return self._runs[which]

    def _chosen(self, which: str) -> Design:
        design = self.alternative if which == "other" else self.design
        if design is None:
            part = "an alternative" if which == "other" else "a design"
            raise AuthoredError(self.file, 1, f"a figure is asked for, and there is not {part}", "Choose one.")
        return design

    def _day(self) -> str:
        from casebook.checks import load_rubric
        from casebook.design.conditions import default_scenario

        return load_rubric("", self.case.id).scenario or default_scenario(self.case.data)


def significant(value: float, digits: int) -> float:
    """Rounded as a person rounds an envelope figure."""
    return float(f"{value:.{digits}g}")


def _figure(ev: Evaluation, name: str) -> float:
    return float(ev.latency_ms(QUANTILES[name]) if name in QUANTILES else ev.figure(name))


def _quantile(case: Case) -> float:
    found = next((t.quantile for t in case.data.targets if t.metric == "latency_ms" and t.quantile), None)
    return 0.99 if found is None else float(found)


def _design(case: Case, told: Any, file: str) -> Design | None:
    if not told:
        return None
    try:
        if not isinstance(told, Mapping):
            raise ValueError(f"{told!r} is no choice")
        if "preset" in told:
            return case.preset(str(told["preset"])).changed(**dict(told.get("change") or {}))
        return case.design(**dict(told))
    except (KeyError, ValueError, TypeError) as error:
        problem = str(error.args[0] if error.args else error).rstrip(".")
        raise AuthoredError(file, 1, f"design: {problem}", "Choose from 'casebook show'.") from None
