"""The table of proof in docs/engine.md: ``python -m tests.engine.proof --write`` runs it all and writes it down.

Without ``--write`` it prints. ``CASEBOOK_FRESH_SEEDS=7`` takes seeds that no table has seen.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from casebook.engine import clear_streams, simulate
from casebook.engine.backend import using
from tests.engine.closed_forms import ROWS, SEEDS
from tests.engine.kernel_table import kernel_table
from tests.engine.simpy_twin import sojourns_ms
from tests.engine.test_broken import BROKEN
from tests.engine.test_simpy import SYSTEMS, requests_of, system

MARKS = ("<!-- proof: begin -->", "<!-- proof: end -->")


def four(x: float) -> str:
    return f"{x:.4g}"


def theory_table() -> list[str]:
    lines = [f"Against theory and published answers: {SEEDS} seeds × 200,000 requests, 95 % interval.", "",
             "| what | theory | simulated, 95 % interval | inside | source |", "|---|---:|---:|---|---|"]
    for row in ROWS:
        low, high = row.interval()
        word = "yes"
        if not low <= row.theory <= high:
            low, high, inside = row.judged()
            word = "yes, over 64 fresh seeds" if inside else "NO"
        lines.append(f"| {row.name} | {four(row.theory)} | {four(low)} – {four(high)} | {word} | {row.source} |")
    return lines


def path_table() -> list[str]:
    lines = ["Against simpy, request by request on the same random numbers, and numba against plain Python:", "",
             "| system | requests | largest difference from simpy, s | numba and Python |", "|---|---:|---:|---|"]
    for name in SYSTEMS:
        arch, workload = system(name)
        n = requests_of(name)
        theirs = np.array(sojourns_ms(arch, workload, n, 11))
        bits = []
        for backend in ("numba", "python"):
            clear_streams()
            with using(backend):
                ours = simulate(arch, workload, n, 11).sojourn_ms
                bits.append(ours.tobytes())
        worst = float(np.nanmax(np.abs(ours - theirs))) / 1000.0
        lines.append(f"| {name} | {n:,} | {worst:.0e} | {'same bits' if bits[0] == bits[1] else 'DIFFER'} |")
    return lines


def broken_table() -> list[str]:
    lines = ["Broken on purpose (`tests/engine/test_broken.py` does it again on every test run):", "",
             "| what was broken | kernel | checks that must fail, and do |", "|---|---|---:|"]
    lines += [f"| {name} | `{places[0][1].lstrip('_')}` | {len(checks)} |"
              for name, (_, _, _, places, checks) in BROKEN.items()]
    return lines


def main() -> None:
    text = "\n".join([*kernel_table(BROKEN), "", *theory_table(), "", *path_table(), "", *broken_table()])
    print(text)
    if "--write" in sys.argv:
        page = Path(__file__).parents[2] / "docs" / "engine.md"
        head, rest = page.read_text(encoding="utf-8").split(MARKS[0])
        page.write_text(f"{head}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
