"""``casebook optimise CASE``: the cheapest design of the palette that meets the targets, and what else can be had."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.commands._words import BadInput, amount, known, limit, number, table, variants_of

if TYPE_CHECKING:
    from casebook.design import Case, Design, Evaluation
    from casebook.search import Found, Point, Tornado
    from casebook.search.bounds import Bound
    from casebook.search.ground import Ground

HELP = "search a case's palette: the cheapest design that meets the targets, and the front beside yours"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("case", help="a name from: casebook cases")
    parser.add_argument("choices", nargs="*", metavar="slot=option",
                        help="search only there: serving=triton-l4,triton-t4 replicas=2 (several values: commas)")
    parser.add_argument("--scenario", default="", help="default: launch, or the case's first")
    parser.add_argument("--design", default="", help="""your design, shown on the front: '{"serving": "triton-l4"}'""")
    parser.add_argument("--grid", type=int, default=9, help="values tried for a knob that moves money (default: 9)")
    parser.add_argument("--front", type=int, default=400, metavar="N",
                        help="designs looked at for the front, 0 for no front (default: 400)")
    parser.add_argument("--threads", type=int, default=0, help="default: one for every core, 8 at most")
    parser.add_argument("--scheduler", default="", metavar="tcp://…", help="work on a dask cluster (casebook[cluster])")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    parser.add_argument("--html", default="", metavar="FILE",
                        help="write a page with the front and what moves tail and bill most; it opens offline")


def run(args: argparse.Namespace) -> int:
    """0 a design was found, 1 bad input, 2 none meets every target. Ctrl-C prints the best so far (130)."""
    from casebook.design import cases, load_case
    from casebook.search import Cluster, Threads, optimise

    case = load_case(known("case", args.case, (*cases(), *variants_of(args.case))))
    if args.scenario:
        known("scenario", args.scenario, case.scenarios)
    for name, low, high in (("grid", 2, 200), ("front", 0, 20_000), ("threads", 0, 256)):
        if not low <= getattr(args, name) <= high:
            raise BadInput(f"--{name} {getattr(args, name)} is outside {low} to {high:,}.")
    learner = _design(case, args.design)
    only = _only(args.choices)
    bar = _Bar(args.quiet or args.json or not sys.stderr.isatty())
    early = _Early(args.quiet or args.json or not sys.stdout.isatty(), bar)
    workers = Cluster(args.scheduler) if args.scheduler else Threads(args.threads or None)
    try:
        found = optimise(
            case, args.scenario, learner=learner, only=only, grid=args.grid, with_front=args.front > 0,
            front_designs=args.front, workers=workers, tell=bar.tell, overlooked=early.tell,
        )
        tornadoes = _tornadoes(args, case, found, bar)
    finally:
        bar.close()
        workers.close()
    print(json.dumps(as_data(found, tornadoes), indent=1) if args.json else page(found, bounds=not early.told))
    if args.html:
        _write(Path(args.html), found, tornadoes)
    if found.stopped:
        return 130
    return 0 if found.best is not None else 2


def _tornadoes(args: argparse.Namespace, case: Case, found: Found, bar: _Bar) -> tuple[Tornado, ...]:
    """What moves the learner's design most, else the best; knobs first, then sources. Only where somebody asked."""
    from casebook.search import knob_tornado, source_tornado

    if found.stopped or not (args.json or args.html):
        return ()
    shown = found.learner or found.best
    design = case.reference if shown is None else shown.design
    bar.tell("what moves it most", 0, 2)
    knobs = knob_tornado(design, found.conditions)
    bar.tell("what moves it most", 1, 2)
    return knobs, source_tornado(design, found.conditions)


def _write(path: Path, found: Found, tornadoes: Sequence[Tornado]) -> None:
    from casebook.facts import load_case_data
    from casebook.show.searched import found_html

    if path.is_dir() or not path.parent.is_dir():
        raise BadInput(f"--html {path}: there is no folder for it, or it is one. Name a file like front.html.")
    data = load_case_data(found.conditions.case_id)
    path.write_text(found_html(found, data, page(found), tornadoes), encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


class _Early:
    """Prints the bounds on a terminal as soon as they are known, so that nobody waits for what cannot be."""

    def __init__(self, silent: bool, bar: _Bar) -> None:
        self._silent, self._bar, self.told = silent, bar, False

    def tell(self, ground: Ground) -> None:
        if not self._silent:
            self._bar.close()
            print(_bounds(ground.bounds), end="\n\n", flush=True)
            self.told = True


class _Bar:
    """A tqdm bar that starts anew whenever the search turns to something else."""

    def __init__(self, silent: bool) -> None:
        self._silent, self._what = silent, ""
        self._bar: Any = None

    def tell(self, what: str, done: int, of: int) -> None:
        if self._silent:
            return
        from tqdm import tqdm

        bar = self._bar
        name = what if of else "search"  # a search by price does not know how far it has to go
        if bar is None or name != self._what:
            self.close()
            bar = tqdm(total=of or None, desc=what, leave=False, unit="")
            self._what, self._bar = name, bar
        bar.set_description(what, refresh=False)
        bar.update(done - bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _design(case: Case, text: str) -> Design | None:
    if not text:
        return None
    try:
        given = json.loads(text)
    except ValueError as error:
        raise BadInput(f"--design is not JSON ({error}). Write it like '{{\"serving\": \"triton-l4\"}}'.") from None
    if not isinstance(given, dict):
        raise BadInput("--design must be an object of slots and knobs, like '{\"serving\": \"triton-l4\"}'.")
    return case.design(**{str(name): value for name, value in given.items()})


def _only(pairs: list[str]) -> dict[str, list[str | float]]:
    only: dict[str, list[str | float]] = {}
    for pair in pairs:
        name, sign, values = pair.partition("=")
        if not (sign and name.strip() and values.strip()):
            raise BadInput(f"{pair!r} is no choice. Write slot=option,option or knob=number,number.")
        kept: list[str | float] = []
        for value in values.split(","):
            try:
                kept.append(float(value))
            except ValueError:
                kept.append(value.strip())
        only[name.strip()] = kept
    return only


def _bounds(bounds: Sequence[Bound]) -> str:
    rows = [(b.title, amount(b.best, b.unit), limit(b.direction, b.limit, b.unit), "" if b.possible else "out of reach")
            for b in bounds]
    return table(("target", "best for it alone", "limit", ""), rows, (1, 2))


def page(found: Found, bounds: bool = True) -> str:
    """What was found, for a terminal; without the ``bounds`` where they were told before the search."""
    blocks = [f"scenario {found.conditions.scenario}: {_size(found.space_size)} designs on the palette"]
    if bounds and found.bounds:
        blocks.append(_bounds(found.bounds))
    blocks.append(_verdict(found))
    if found.best is not None:
        low, high = found.best.cost_band_usd_month
        blocks.append(_line("cheapest", found.best) + f"\n  with every price at the end of its source's band: "
                      f"{number(low)} to {number(high)} usd a month")
    blocks += [_line("a tie (within 1.2 %)", tie) for tie in found.ties]
    if found.learner is not None:
        blocks.append(_line("yours", found.learner) + f"\n  {_missed(found.learner)}")
    if found.front is not None and found.front.points:
        blocks.append(_front(found))
    blocks.append(f"looked at: {found.sketched:,} bills, {found.runs:,} simulations, {found.graded} graded designs")
    return "\n\n".join(blocks)


def _verdict(found: Found) -> str:
    if found.best is not None and found.stopped:
        return (f"stopped: this is the best so far; nothing below {number(found.floor_usd_month)} usd a month is left"
                if not found.proven else "stopped after the cheapest was found")
    if found.best is not None:
        return ("every cheaper design of the searched grid was ruled out" if found.proven else
                f"the best of {found.sketched:,} places of a palette too large to be searched through, and of "
                "what lies around it: not proven to be the cheapest")
    if found.stopped:
        return "stopped before any design met every target"
    if not found.proven:
        return f"none of {found.sketched:,} places of a palette too large to be searched through meets every target"
    if found.blockers:
        without = "; ".join(f"without {name}: {count:,} designs on the grid are left" for name, count in found.blockers)
        return f"no design meets all targets together. {without}"
    away = [b.title for b in found.bounds if not b.possible]
    return f"no design meets every target{': out of reach alone: ' + ', '.join(away) if away else ''}"


def _line(title: str, ev: Evaluation) -> str:
    words = ", ".join(f"{v.title} {amount(v.value, v.unit)}" for v in ev.verdicts)
    return f"{title}: {number(ev.cost_usd_month)} usd a month\n  {ev.design!r}\n  {words}"


def _missed(ev: Evaluation) -> str:
    bad = [f"{v.title} {v.status}" for v in ev.verdicts if not v.ok]
    return "; ".join(bad) if bad else "meets every target"


def _front(found: Found) -> str:
    front = found.front
    assert front is not None
    shown = [front.points[i] for i in front.best]
    rows = [(number(p.cost_usd_month), number(p.tail_ms), number(p.quality), _short(p)) for p in shown[:15]]
    head = ("usd a month", f"p{front.quantile * 100:g} ms", front.metric.removeprefix("quality."), "design")
    text = f"the front, one run each ({len(shown)} of {len(front.points)} designs)\n" + table(head, rows, (0, 1, 2))
    if front.learner is not None:
        count = len(front.beating_learner)
        own = "your design is on the front" if front.learner in front.best else (
            f"{count} designs on the front beat yours in everything or equal it" if count
            else "your design keeps no steady state" if not front.points[front.learner].stable
            else "nothing on the front beats yours in everything")
        text += f"\n{own}"
    return text


def _short(point: Point) -> str:
    filled = (point.design.choices[slot] for slot in point.design.components)
    counts = (f"{name}={value:g}" for name, value in point.design.knobs.items())
    return f"{' · '.join(filled)}  ({', '.join(counts)})"


def _size(size: float) -> str:
    return f"{size:,.0f}" if size < 1e6 else f"{size:.1e}"


def as_data(found: Found, tornadoes: Sequence[Tornado] = ()) -> dict[str, Any]:
    """What was found as plain data; what is not finite is null."""
    from casebook.commands.evaluate import figures
    from casebook.facts import load_case_data

    front = found.front
    return {
        "scenario": found.conditions.scenario,
        "best": None if found.best is None else figures(found.best),
        "proven": found.proven,
        "stopped": found.stopped,
        "floor_usd_month": _finite(found.floor_usd_month),
        "ties": [figures(tie) for tie in found.ties],
        "bounds": [
            {"target": b.target, "best": _finite(b.best), "limit": b.limit, "unit": b.unit, "possible": b.possible,
             "how": b.how}
            for b in found.bounds
        ],
        "blockers": [{"without": name, "left": count} for name, count in found.blockers],
        "learner": None if found.learner is None else figures(found.learner),
        "front": None if front is None else {
            "quantile": front.quantile,
            "quality": front.metric,
            "learner": front.learner,
            "best": list(front.best),
            "points": [
                {"design": dict(p.design.as_kwargs()), "cost_usd_month": p.cost_usd_month,
                 "tail_ms": _finite(p.tail_ms), "at_least": p.at_least, "quality": p.quality}
                for p in front.points
            ],
        },
        "moves": [
            {"kind": bar.kind, "name": bar.name, "low": bar.low, "high": bar.high, "unit": bar.unit,
             "tail_ms": [_finite(end) for end in bar.tail_ms],
             "cost_usd_month": [_finite(end) for end in bar.cost_usd_month]}
            for one in tornadoes for bar in one.bars
        ],
        "leaves_out": list(load_case_data(found.conditions.case_id).leaves_out),
        "sketched": found.sketched,
        "simulations": found.runs,
        "graded": found.graded,
    }


def _finite(value: float) -> float | None:
    import math

    return value if math.isfinite(value) else None
