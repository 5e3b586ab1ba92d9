"""``casebook evaluate CASE slot=option knob=number …``: simulate and price one design under one scenario."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from casebook.commands._words import BadInput, amount, known, limit, number, table, variants_of

if TYPE_CHECKING:
    from casebook.design import Design, Evaluation

SERVICE_FIGURES = ("availability", "goodput_per_s", "time_above_slo", "above_slo_share", "refused_share",
                   "timed_out_share", "wasted_work_share", "first_token_p95_ms", "token_p95_ms")
HELP = "simulate and price a design: latency, cost, quality, verdicts"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("case", help="a name from: casebook cases")
    parser.add_argument("choices", nargs="*", metavar="slot=option", help="choices and knobs: serving=triton-l4")
    parser.add_argument("--preset", help="start from a named design of the case (see: casebook show CASE)")
    parser.add_argument("--scenario", default="", help="default: launch, or the case's first")
    parser.add_argument("--requests", type=int, default=100_000, help="how many to simulate (default: 100,000)")
    parser.add_argument("--seed", type=int, default=0, help="another stream of chance (default: 0)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one run of --requests; without it 16 fixed runs, the only ones that give verdicts",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """0 every target met, 1 bad input, 2 a target is missed or the system is not stable."""
    from casebook.design import cases, evaluate, load_case

    case = load_case(known("case", args.case, (*cases(), *variants_of(args.case))))
    if args.scenario:
        known("scenario", args.scenario, case.scenarios)
    if not 1 <= args.requests <= 5_000_000:
        raise BadInput(f"--requests {args.requests} is outside 1 to 5,000,000.")
    if not 0 <= args.seed < 2**32:
        raise BadInput(f"--seed {args.seed} is outside 0 to {2**32 - 1:,}.")
    wanted = chosen(args.choices)
    if args.preset:
        design = case.preset(known("preset", args.preset, [preset.id for preset in case.data.presets]))
        design = design.changed(**wanted) if wanted else design
    elif wanted:
        design = case.design(**wanted)
    else:
        raise BadInput(f"nothing is chosen. Add --preset or slot=option pairs; casebook show {args.case} lists both.")
    ev = evaluate(design, args.scenario, requests=args.requests, seed=args.seed, graded=not args.quick)
    print(json.dumps(figures(ev), indent=1) if args.json else page(design, ev))
    missed = any(verdict.status in ("missed", "not stable") for verdict in ev.verdicts)
    return 2 if missed or not ev.stable else 0


def chosen(pairs: list[str]) -> dict[str, Any]:
    """``['serving=cpu', 'replicas=2']`` → ``{'serving': 'cpu', 'replicas': 2.0}``."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not (sign and name.strip() and value.strip()):
            raise BadInput(f"{pair!r} is no choice. Write slot=option or knob=number, for example replicas=2.")
        name = name.strip().replace("-", "_")
        if name in found:
            raise BadInput(f"{name} is chosen twice. Keep one of the two.")
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = value.strip()
    return found


def figures(ev: Evaluation) -> dict[str, Any]:
    """The Evaluation as plain data; what is not finite (an unstable system's latency) is null."""
    return {
        "design": dict(ev.design.as_kwargs()),
        "scenario": ev.scenario,
        "stable": ev.stable,
        "graded": ev.graded,
        "latency_ms": {f"p{q * 100:g}": _finite(ev.latency_ms(q)) for q in (0.5, 0.95, 0.99)},
        "bottleneck": ev.bottleneck,
        "second_bottleneck": ev.second_bottleneck,
        "growth_per_hour": ev.growth_per_hour,
        "mean_queue": {name: round(value, 6) for name, value in ev.mean_queue.items()},
        **{name: _finite(ev.figure(name)) for name in SERVICE_FIGURES},
        "utilisation": {name: round(value, 6) for name, value in ev.utilisation.items()},
        "cost_usd_month": ev.cost_usd_month,
        "cost_usd_per_request": ev.cost_usd_per_request,
        "cost_lines": dict(ev.cost_lines),
        "quality": {name: _finite(value) for name, value in ev.quality.items()},
        "verdicts": [
            {"target": v.target, "value": _finite(v.value), "limit": v.limit, "unit": v.unit, "status": v.status}
            for v in ev.verdicts
        ],
        "leaves_out": list(ev.leaves_out),
    }


def page(design: Design, ev: Evaluation) -> str:
    """The Evaluation as a page for a terminal."""
    verdicts = [
        (
            v.title,
            amount(v.value, v.unit),
            limit(v.direction, v.limit, v.unit),
            "one run: no word" if v.status == "quick" else v.status,
        )
        for v in ev.verdicts
    ]
    blocks = [
        f"{design!r}\nscenario {ev.scenario}",
        table(("target", "value", "limit", "verdict"), verdicts, (1, 2)),
    ]
    if ev.stable:
        blocks.append("latency  " + ", ".join(f"p{q * 100:g} {number(ev.latency_ms(q))} ms" for q in (0.5, 0.95, 0.99)))
    else:
        blocks.append(f"not stable: the queue at {ev.bottleneck} grows for as long as requests keep coming, "
                      f"by {number(ev.growth_per_hour)} an hour")
    busy = sorted(ev.utilisation.items(), key=lambda pair: -pair[1])
    shares = [(name, f"{share:.0%}" + ("  bottleneck" if name == ev.bottleneck else "")) for name, share in busy]
    blocks.append(table(("part", "busy"), shares))
    bill = [(name, number(usd)) for name, usd in ev.cost_lines.items()]
    blocks.append(table(("bill", "usd a month"), [*bill, ("together", number(ev.cost_usd_month))], (1,)))
    blocks.append(f"{ev.cost_usd_per_request * 1000:.3g} usd per thousand {ev.design.data.unit.requests}")
    blocks += [f"note: {note}" for note in ev.notes]
    return "\n\n".join(blocks)


def _finite(value: float) -> float | None:
    import math

    return value if math.isfinite(value) else None
