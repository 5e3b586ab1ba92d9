"""Is every variant solvable? For each of a case's 32: the first design found that meets all its targets.

``python -m tests.course.variant_fits [CASE …] [--graded] [--search]``: known designs first, then a search.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from casebook.checks import load_rubric
from casebook.course.build_answer import answer_path, read_answer
from casebook.design import Case, Design, Evaluation, cases, evaluate, load_case
from casebook.design.design import knobs_of
from casebook.facts import load_case_data
from casebook.facts.variant_id import COUNT, variant_id

ROOT = Path(__file__).resolve().parents[2]
QUICK_REQUESTS = 20_000
SCALES = (0.5, 0.75, 1.25, 1.5, 2.0, 3.0)
# Beside presets and the strong answer. Who looks at flagged pictures by shifts, where a vendor would be too slow.
ALSO: Mapping[str, tuple[Mapping[str, str | float], ...]] = {
    "stability-moderation": (
        {"review": "staffed-pool", "review_staff": 1, "review_hours": 13},
        {"review": "staffed-pool", "review_staff": 2, "review_hours": 13},
    ),
    # Fewer forbidden answers may be shown than a list lets through, and a fall must be seen within four days.
    "general-evaluation": ({"rules": "rules-model"}, {"rules": "rules-model", "per_kind": 110}),
}


def varying() -> tuple[str, ...]:
    """Ids of the cases that declare variants."""
    return tuple(name for name in cases() if load_case_data(name).variants is not None)


def candidates(case_id: str) -> Iterator[Design]:
    """Designs of the printed case: strong answer, presets, what is noted above, then each with one knob changed."""
    case = load_case(case_id)
    answer = read_answer(answer_path(ROOT / "authored", case_id))
    first = [answer.design, answer.alternative]
    first += [case.preset(item.id) for item in case.data.presets if item.role in ("reference", "strong")]
    base = [design for design in first if design is not None]
    base += [design.changed(**change) for change in ALSO.get(case_id, ()) for design in base]
    yield from base
    for design in base:
        for name, knob in knobs_of(case.data, design.choices).items():
            for scale in SCALES:
                value = design.knobs[name] * scale
                step = float(knob.step)
                value = round(value / step) * step if step else value
                value = min(max(round(value, 9), float(knob.min)), float(knob.max))
                if value != design.knobs[name]:
                    yield design.changed(**{name: value})


def meets(ev: Evaluation) -> bool:
    """Whether every target is met; a quick figure counts by its margin."""
    return all(one.ok or (one.status == "quick" and one.margin > 0.0) for one in ev.verdicts)


def fit(case_id: str, number: int, known: list[Design], graded: bool = False) -> Design | None:
    """The first of the ``known`` designs that meets every target of the variant, on the day that is judged."""
    case = load_case(variant_id(case_id, number))
    day = case.conditions(load_rubric("", case_id).scenario)
    for design in known:
        here = Design(case.id, design.choices, design.knobs)
        quick = meets(evaluate(here, day, requests=QUICK_REQUESTS))
        if quick and (not graded or meets(evaluate(here, day, graded=True))):
            return here
    return None


def searched(case_id: str, number: int) -> Design | None:
    """The cheapest design of the palette that meets every target of the variant; it takes half a minute."""
    from casebook.search.cheapest import optimise

    case: Case = load_case(variant_id(case_id, number))
    day = case.conditions(load_rubric("", case_id).scenario)
    best = optimise(case, day, with_front=False, sketches=20_000, grid=5).best
    return None if best is None else best.design


def main() -> int:
    """0 where every variant of every case named has a design, 2 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="*", help="default: every case that declares variants")
    parser.add_argument("--graded", action="store_true", help="by the runs that grade, not by a quick one")
    parser.add_argument("--search", action="store_true", help="search the palette where no known design fits")
    args = parser.parse_args()
    failed = False
    for case_id in args.case or varying():
        known = list(candidates(case_id))
        found = {number: fit(case_id, number, known, args.graded) for number in range(1, COUNT + 1)}
        by_search = {number: searched(case_id, number) for number in found if found[number] is None and args.search}
        left = [number for number in found if found[number] is None and by_search.get(number) is None]
        designs = {design.key[1:] for design in (*found.values(), *by_search.values()) if design is not None}
        print(f"{case_id}: {COUNT - len(left)} of {COUNT} variants have a design, {len(designs)} different designs"
              + (f", {len(by_search)} by search" if by_search else "") + (f"; none for {left}" if left else ""),
              flush=True)  # fmt: skip
        failed = failed or bool(left)
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
