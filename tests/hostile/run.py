"""The corpus in one command: `python -m tests.hostile.run [--only WORD] [--json] [--write] [--keep FOLDER]`.

Every kind of bad submission is handed in between strong neighbours and graded by `casebook grade` as a process.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from casebook.course.export import Line
from casebook.course.settings import SAFE_NAME
from tests.hostile.cohort import Corpus, day, exported, lay_out
from tests.hostile.kind import KINDS, READ, RUN, Kind
from tests.hostile.tables import table, write
from tests.hostile.verdict import Verdict, fingerprint, judge


def tried(
    folder: Path, kinds: list[Kind], bar: tqdm[None] | None = None, shown: Sequence[str] = (), plainly: bool = True
) -> tuple[Corpus, Verdict]:
    """Lay the corpus out in ``folder``, grade everybody, grade the neighbours alone, and judge what is there.

    Feedback is written for everybody, or only for the kinds whose name begins with a word of ``shown``. Not
    ``plainly``: the neighbours are compared with the one that was graded before any attack.
    """
    (folder / "all").mkdir(parents=True)

    def step(told: str) -> None:
        if bar is not None:
            bar.set_postfix_str(told)
            bar.update()

    corpus = lay_out(folder / "all", kinds)
    before = fingerprint(corpus)
    step(f"{len(kinds)} kinds handed in")
    looked_at = [who for name, who in corpus.students.items() if shown and name.startswith(tuple(shown))]
    done = day(corpus.course, looked_at)
    step("graded, feedback written, exported")
    alone = alone_in(folder / "alone") if plainly else {corpus.good[0]: exported(corpus)[corpus.good[0]]}
    step("neighbours graded alone")
    verdict = judge(corpus, before, alone, done)
    step("looked at")
    return corpus, verdict


def alone_in(folder: Path) -> dict[str, Line]:
    """The neighbours' lines in a cohort without any attack."""
    folder.mkdir()
    alone = lay_out(folder, [])
    alone.listener.close()
    done = day(alone.course, alone.good[:1])
    if done.code != 0:
        raise RuntimeError(f"the neighbours alone could not be graded:\n{done.err}")
    return exported(alone)


def rows(verdict: Verdict) -> str:
    """The table of docs/grading.md."""
    head = ("kind", "what it tries", "what becomes of it", "why", "by")
    body = []
    for seen in verdict.seen:
        became = seen.status
        if seen.score is not None:
            became += f", {seen.score:g} points"
        if seen.wrong:
            became += " (NOT AS IT SHOULD BE)"
        reason = seen.reason.removeprefix("Scored without what could not be read. ")
        shown = "".join(c if c.isprintable() else "?" for c in reason)
        body.append((seen.kind.name, seen.kind.tries, became, shown[:110] + "…" * (len(shown) > 110), seen.how))
    counts = Counter(seen.status for seen in verdict.seen)
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    ran = sum(seen.kind.how == RUN for seen in verdict.seen)
    names = sum(not SAFE_NAME.match(seen.kind.student) for seen in verdict.seen if seen.kind.student)
    memory = f"{verdict.peak_mb:.0f} MB for everything together, {verdict.largest_mb:.0f} MB for the largest process"
    return (
        f"{len(verdict.seen)} kinds, {ran} of which compute or attack the kernel and {names} of which are names of "
        f"folders, handed in between {verdict.neighbours} strong neighbours: {told}. Plainly the strong answer has "
        f"{verdict.score:g} points. Peak memory: {memory}. Time: {verdict.seconds:.0f} s with feedback and "
        f"export.\n\n{table(head, body)}"
    )


def main(argv: list[str] | None = None) -> int:
    """0 everything as it should be, 2 something is not."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run", description=__doc__)
    parser.add_argument(
        "--only", action="append", default=[], help="only the kinds with this word in their name (repeatable)"
    )
    parser.add_argument(
        "--how", choices=(READ, RUN), help="only those that can be read, or only those that must be run"
    )
    parser.add_argument("--json", action="store_true", help="print what was seen as JSON")
    parser.add_argument("--write", action="store_true", help="write the table into docs/grading.md")
    parser.add_argument("--keep", type=Path, help="a new folder to leave the graded courses in")
    args = parser.parse_args(argv)
    chosen = [
        kind for kind in KINDS if any(word in kind.name for word in args.only or [""]) and args.how in (None, kind.how)
    ]
    with tempfile.TemporaryDirectory(prefix="casebook-hostile-") as scratch, tqdm(total=4, unit=" step") as bar:
        folder = args.keep.resolve() if args.keep else Path(scratch) / "corpus"
        corpus, verdict = tried(folder, chosen, bar)
        corpus.listener.close()
    if args.json:
        seen = [
            {
                "kind": s.kind.name,
                "status": s.status,
                "score": s.score,
                "reason": s.reason,
                "how": s.how,
                "wrong": s.wrong,
            }
            for s in verdict.seen
        ]
        told = {"fine": verdict.fine, "wrong": verdict.wrong, "peak_mb": verdict.peak_mb, "seconds": verdict.seconds}
        print(json.dumps({**told, "seen": seen}, indent=1))
    else:
        print(rows(verdict))
    for line in verdict.told():
        print(line, file=sys.stderr)
    if args.write:
        write("hostile", rows(verdict))
    return 0 if verdict.fine else 2


if __name__ == "__main__":
    sys.exit(main())
