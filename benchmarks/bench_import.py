"""How long ``import casebook`` and the first answer of the command line take, beside a bare interpreter.

python benchmarks/bench_import.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time

CASES = {
    "python alone": ["-c", "pass"],
    "import casebook": ["-c", "import casebook"],
    "load a case": ["-c", "import casebook; casebook.load_case('stability-moderation')"],
    "casebook --help": ["-m", "casebook", "--help"],
    "casebook cases": ["-m", "casebook", "cases"],
}


def wall_ms(words: list[str]) -> float:
    """Wall time of one fresh interpreter, in ms."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    times: dict[str, list[float]] = {name: [] for name in CASES}
    for words in CASES.values():
        wall_ms(words)  # once unmeasured: the compiled files are written
    for _ in range(args.rounds):  # interleaved, so that a busy minute hits all of them
        for name, words in CASES.items():
            times[name].append(wall_ms(words))
    medians = {name: statistics.median(values) for name, values in times.items()}
    if args.json:
        print(json.dumps({"rounds": args.rounds, "median_ms": medians}, indent=1))
        return 0
    print(f"medians of {args.rounds} rounds, ms, fresh interpreters")
    for name, median in medians.items():
        print(f"  {name:18} {median:7.0f} ms   {median - medians['python alone']:+6.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
