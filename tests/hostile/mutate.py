"""`python -m tests.hostile.mutate --count 10000 --seed 0 [--write]`: mutated notebooks through door, repair and reader.

Each ends as a refusal with a reason or as a reading; anything else is a crash and is shown with its number.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from casebook.answer import read_notebook
from casebook.course.errors import Refused
from casebook.course.intake import take_in
from casebook.course.render import showable
from casebook.course.repair import Release, load_release, rebuild
from tests.cohort.people import ASSIGNMENT, hand_in, people
from tests.hostile.tables import table, write

ROOT = Path(__file__).resolve().parents[2]
SLOW_S = 5.0
NO_JSON: list[Any] = [10**400, float("nan"), float("-inf")]
ODD: list[Any] = [
    None, True, -1, 10**30, 1e308, "", "x" * 5000, "\ud800", "\x1b[2J", "\0", [], {}, [[]], {"a": {}}, "\u202e",
    "../..", "<script>owned=1</script>", [None], ["a", 1], "answer-frame", "check-frame", ["answer-frame"],
    {"grade_id": []},
]  # fmt: skip
TOKENS = [
    "(", ")", "[", "]", '"', "'", '"""', "\\", "\n", "\t", " ", ":", ":=", "=", "==", ",", ".", "*", "**", "-", "~",
    "@", "%", "!", "?", "#", "lambda:0", "for x in y", "await ", "None", "...", "1e999", "9**9", "\N{ZERO WIDTH SPACE}",
    "\N{CYRILLIC SMALL LETTER O}", "f'{x}'", "b'x'", "import os", "del x", "global x", "yield", "\x00", "0x", "1_",
    "07", "Metric(", "case.design(", "board.keep(", "__class__", "if 1:", "class A:", "return", "match x:",
    "\\N{x}", "\\ud800", "\u202e",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant: ``how`` it was made, what became of it, seconds, and a crash's own words."""

    number: int
    how: str
    became: str
    seconds: float
    crash: str = ""


def structure(value: Any, chance: random.Random, depth: int = 0) -> Any:
    """``value`` with, here and there, a part of the JSON replaced, dropped, doubled, moved or renamed."""
    if chance.random() < 0.0006:
        return chance.choice(ODD)
    if isinstance(value, dict) and depth < 7:
        pairs = [(k, structure(v, chance, depth + 1)) for k, v in value.items() if chance.random() > 0.0006]
        return {(f"{k}x" if chance.random() < 0.001 else k): v for k, v in pairs}
    if isinstance(value, list) and depth < 7:
        kept = [structure(v, chance, depth + 1) for v in value if chance.random() > 0.01]
        if chance.random() < 0.02:
            chance.shuffle(kept)
        return kept + kept[: chance.randrange(3)] if chance.random() < 0.05 else kept
    return value


def sources(notebook: Any, chance: random.Random) -> Any:
    """The notebook with tokens put into, cut out of and exchanged between the texts of its cells."""
    for cell in notebook["cells"]:
        text = cell["source"]
        if chance.random() > 0.25 or not text:
            continue
        for _ in range(chance.randrange(1, 6)):
            at, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
            piece = chance.choice(TOKENS)
            match chance.randrange(6):
                case 0:
                    text = text[:at] + piece + text[at:]
                case 1:
                    text = text[:at] + text[min(end, at + 20) :]
                case 2:
                    text = text[:at] + piece * chance.choice([2, 30, 700]) + text[at:]
                case 3:
                    text = text[:at] + chance.choice(notebook["cells"])["source"][:400] + text[end:]
                case 4:
                    words = text.split(" ")
                    chance.shuffle(words)
                    text = " ".join(words)
                case _:
                    text = text.replace(
                        chance.choice([",", '"', "(", "=", "1", "for", "%"]), piece, chance.randrange(1, 4)
                    )
            text = text[:30_000] or " "
        cell["source"] = text
    return notebook


def metadata(notebook: Any, chance: random.Random) -> Any:
    """The notebook with ids, marks and types exchanged, doubled, dropped or made odd."""
    cells = notebook["cells"]
    every = [marks for cell in cells if (marks := cell["metadata"].get("nbgrader"))]
    for cell in cells:
        marks = cell["metadata"].get("nbgrader")
        if chance.random() < 0.15 and marks:
            key = chance.choice(list(marks))
            marks[key] = chance.choice([chance.choice(every).get(key), *ODD])
        if chance.random() < 0.05:
            cell["id"] = chance.choice([chance.choice(cells).get("id"), *ODD])
        if chance.random() < 0.004:
            cell["cell_type"] = chance.choice(["code", "markdown", "raw", "heading", "", 1, None, "Code"])
        if chance.random() < 0.03:
            cell["metadata"] = chance.choice([*ODD, {"nbgrader": chance.choice(ODD)}])
    if chance.random() < 0.1:
        notebook["metadata"]["casebook"] = chance.choice([*ODD, {"case": chance.choice(ODD)}])
    if chance.random() < 0.02:
        notebook["metadata"]["x"] = chance.choice(NO_JSON)
    if chance.random() < 0.1:
        notebook[chance.choice(["nbformat", "nbformat_minor", "metadata", "cells"])] = chance.choice(ODD)
    return notebook


def flipped(notebook: Any, chance: random.Random) -> bytes:
    """The file with bytes exchanged, cut off, doubled or moved."""
    raw = bytearray(json.dumps(notebook).encode())
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        raw = raw or bytearray(b"{}")
        at, length = chance.randrange(len(raw)), chance.choice([1, 1, 2, 50, 3000])
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + length]
            case 2:
                raw[at:at] = raw[chance.randrange(len(raw)) :][:length]
            case _:
                raw[at:at] = bytes(chance.randrange(256) for _ in range(min(length, 8)))
    return bytes(raw if chance.random() > 0.05 else raw[: chance.randrange(len(raw) + 1)])


WAYS: dict[str, Callable[[Any, random.Random], Any]] = {
    "structure": structure,
    "sources": sources,
    "metadata": metadata,
    "bytes": flipped,
    "all of them": lambda nb, chance: structure(metadata(sources(nb, chance), chance), chance),
}


class Bench:
    """The release and the sample notebooks that mutants are made from."""

    def __init__(self) -> None:
        self.release: Release = load_release(ROOT / "release" / ASSIGNMENT)
        released = json.loads(self.release.text)
        made = [hand_in(person, released) for person in people() if "cut-short" not in person.mischief]
        self.seeds = [raw.decode() for raw in made] + [self.release.text]

    def mutant(self, number: int, seed: int) -> tuple[str, bytes]:
        """How mutant ``number`` is made, and its file."""
        chance = random.Random(f"{seed}:{number}")
        how = list(WAYS)[number % len(WAYS)]
        notebook = json.loads(chance.choice(self.seeds))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        made = WAYS[how](notebook, chance)
        raw = made if isinstance(made, bytes) else json.dumps(made).encode("utf-8", "surrogatepass")
        return how, raw

    def fate(self, number: int, seed: int) -> Fate:
        """What becomes of a mutant: taken in, repaired, shown and read; or refused."""
        how, raw = self.mutant(number, seed)
        begun = time.perf_counter()
        try:
            became = self._through(raw)
            crash = ""
        except BaseException as error:  # also RecursionError and MemoryError: none of them may get through
            became, crash = "crash", f"{type(error).__name__}: {str(error)[:200]}"
        return Fate(number, how, became, time.perf_counter() - begun, crash)

    def _through(self, raw: bytes) -> str:
        try:
            rebuilt = rebuild(self.release, take_in(raw))
        except Refused as refused:
            if not (refused.reason and refused.remedy):
                raise AssertionError("refused without a reason or a remedy") from refused
            return "refused"
        for mine, theirs in zip(rebuilt.notebook["cells"], self.release.notebook["cells"], strict=True):
            marks = theirs["metadata"].get("nbgrader", {})
            if mine["metadata"] != theirs["metadata"] or not (
                marks.get("solution") or mine["source"] == theirs["source"]
            ):
                raise AssertionError(f"a locked cell changed: {theirs['id']}")
        json.dumps(showable(rebuilt.notebook), ensure_ascii=False, allow_nan=False).encode("utf-8")
        reading = read_notebook(rebuilt.notebook, self.release.case_id)
        if not isinstance(reading.answer.to_json(), str):
            raise AssertionError("the answer has no JSON")
        return "needs a run" if reading.must_run else "read in part" if reading.problems else "read"


_bench: Bench | None = None


def _fates(span: tuple[int, int, int]) -> list[Fate]:
    global _bench
    first, last, seed = span
    if _bench is None:
        _bench = Bench()
        _bench.fate(0, seed)  # the first one pays for the imports
    return [_bench.fate(number, seed) for number in range(first, last)]


def fates(count: int, seed: int, jobs: int = 2, size: int = 100) -> Iterator[Fate]:
    """The fates of mutants 0 to ``count`` in their order; ``jobs`` processes make and try them."""
    spans = [(first, min(first + size, count), seed) for first in range(0, count, size)]
    if jobs < 2:
        for span in spans:
            yield from _fates(span)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(_fates, spans):
            yield from found


def peak_mb(number: int, seed: int) -> float:
    """The memory that trying one mutant takes, in MB."""
    bench = Bench()
    bench.fate(0, seed)  # the first one pays for the imports
    tracemalloc.start()
    bench.fate(number, seed)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def rows(found: list[Fate], seed: int) -> str:
    """The table of docs/grading.md."""
    became = ("read", "read in part", "needs a run", "refused", "crash")
    body = []
    for how in (*WAYS, ""):
        of_kind = [fate for fate in found if how in ("", fate.how)]
        counts = Counter(fate.became for fate in of_kind)
        slowest = max((fate.seconds for fate in of_kind), default=0.0)
        name = how or "**together**"
        body.append((name, str(len(of_kind)), *(str(counts[what]) for what in became), f"{1000 * slowest:.0f} ms"))
    told = f"{len(found):,} mutants of the sample cohort's notebooks, seed {seed}."
    return f"{told}\n\n{table(('what is mutated', 'mutants', *became, 'slowest'), body)}"


def main(argv: list[str] | None = None) -> int:
    """0 no crash, 2 at least one."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.mutate", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, metavar="NUMBER", help="write the file of one mutant to stdout instead")
    parser.add_argument("--write", action="store_true", help="write the table into docs/grading.md")
    args = parser.parse_args(argv)
    if args.show is not None:
        sys.stdout.buffer.write(Bench().mutant(args.show, args.seed)[1])
        return 0
    found = list(tqdm(fates(args.count, args.seed, args.jobs), total=args.count, unit=" mutant"))
    print(rows(found, args.seed))
    crashes = [fate for fate in found if fate.became == "crash"]
    for fate in crashes[:20]:
        print(f"mutant {fate.number} ({fate.how}): {fate.crash}", file=sys.stderr)
    if args.write:
        write("mutations", rows(found, args.seed))
    return 2 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
