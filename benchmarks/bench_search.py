"""A thousand designs with their Pareto front: seconds, designs a second, and the same on one thread.

python benchmarks/bench_search.py [--designs 1000] [--requests 100000] [--rounds 3] [--json]
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
from importlib.metadata import version
from time import perf_counter, process_time

from casebook.design import Design, load_case
from casebook.design.sketch import path_of
from casebook.engine import clear_streams
from casebook.search import Threads, front

CASE = "stability-moderation"


def designs(count: int) -> list[Design]:
    """Designs spread evenly over a corner of the palette: paths, machines, batches, reviewers, stores and cut-offs."""
    case = load_case(CASE)
    cards = ("triton-t4", "triton-l4", "triton-a10g", "triton-l40s", "triton-h100")
    axes = list(itertools.product(
        cards, ("lambda", "ec2-service"), ("none", "hash-list"), ("none", "redis", "sqs", "kafka"), (1, 2, 3, 4),
        (4, 8, 16), ("none", "vendor"), ("s3-job", "dynamodb"), (2.25, 2.5, 2.75, 3.0)))
    step = len(axes) / count
    chosen = (axes[int(i * step)] for i in range(count))
    return [
        case.design(serving=card, ingestion=way, prefilter=filter_, messaging=queue, replicas=replicas, max_batch=batch,
                    review=review, feedback=store, threshold=cut)
        for card, way, filter_, queue, replicas, batch, review, store, cut in chosen
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--designs", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scenario", default="launch")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    chosen = designs(args.designs)
    conditions = load_case(CASE).conditions(args.scenario)
    front(chosen[:50], conditions, requests=args.requests)  # compiled, and the memory is warm
    times: dict[int, list[float]] = {1: [], Threads().count: []}
    cpu: dict[int, list[float]] = {threads: [] for threads in times}
    size = 0
    for _ in range(args.rounds):  # interleaved, so that a busy minute hits both
        for threads, taken in times.items():
            clear_streams()
            hands = Threads(threads)
            start, busy = perf_counter(), process_time()
            size = len(front(chosen, conditions, requests=args.requests, workers=hands).best)
            taken.append(perf_counter() - start)
            cpu[threads].append(process_time() - busy)
            hands.close()
    seconds = {threads: statistics.median(taken) for threads, taken in times.items()}
    if args.json:
        print(json.dumps({"designs": len(chosen), "requests": args.requests, "on_front": size, "median_s": seconds}))
        return 0
    paths = len({path_of(design, conditions) for design in chosen})
    print(f"{len(chosen)} designs ({paths} different request paths) × {args.requests:,} requests and their front "
          f"({size} on it), {args.scenario}; "
          f"Python {platform.python_version()}, numpy {version('numpy')}, numba {version('numba')}, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    one = seconds[1]
    for threads, taken_s in seconds.items():
        print(f"  {threads:2} thread{'s' if threads > 1 else ' '}  {taken_s:6.2f} s  "
              f"{len(chosen) / taken_s:6.0f} designs/s  {one / taken_s:4.2f}× one thread  "
              f"{statistics.median(cpu[threads]):6.2f} s of processor time")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
