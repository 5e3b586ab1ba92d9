"""What a run of the corpus has to show, kind by kind and for the cohort as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from casebook.course.export import Line
from casebook.course.late import ASIDE
from casebook.course.outcome import Outcome
from tests.cohort.people import ASSIGNMENT
from tests.hostile.cohort import Corpus, exported, outcomes
from tests.hostile.kind import SECRET, Kind
from tests.hostile.markup import active, active_markdown
from tests.hostile.watch import Watched

PEAK_MB = 3_000
GRADED_NOTEBOOK_BYTES = 2_000_000
OURS = ("gradebook.db", ".grading.lock", "autograded", "feedback", "records", "exchange", "exports", ".nbgrader.log")
Digest = dict[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one kind: its Outcome in short, and everything that is wrong with that."""

    kind: Kind
    status: str
    reason: str
    score: float | None
    how: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``seen`` one row a kind; ``wrong`` what is wrong with the run as a whole; memory in MB."""

    seen: tuple[Seen, ...]
    wrong: tuple[str, ...]
    neighbours: int
    score: float
    seconds: float
    peak_mb: float
    largest_mb: float

    @property
    def fine(self) -> bool:
        return not self.wrong and not any(seen.wrong for seen in self.seen)

    def told(self) -> list[str]:
        """Everything that is wrong, one line each."""
        return [*self.wrong, *(f"{seen.kind.name}: {wrong}" for seen in self.seen for wrong in seen.wrong)]


def fingerprint(corpus: Corpus) -> Digest:
    """A digest of every file that grading may not change: the course but its own outputs, and all that is outside."""
    found: Digest = {}
    for root in (corpus.course.root, corpus.outside):
        for path in sorted(root.rglob("*")):
            inside = path.relative_to(root).parts
            if root == corpus.course.root and inside[0] == "autograde" and inside[1:2] and inside[1] in OURS:
                continue
            if path.is_symlink() or (path.is_file() and path.stat().st_size > 50_000_000):
                found[str(path)] = "seen"
            elif path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def judge(corpus: Corpus, before: Digest, alone: Mapping[str, Line], run: Watched) -> Verdict:
    """The verdict on a run; ``alone`` are the neighbours' lines in a cohort without any attack."""
    after, made, rows = fingerprint(corpus), outcomes(corpus), exported(corpus)
    wrong = _of_the_run(corpus, run) + _changed(corpus, before, after) + _neighbours(corpus, alone, rows)
    good = made[corpus.good[0]]
    score = good.score if good and good.score is not None else -1.0
    seen = []
    for kind in corpus.kinds:
        student = corpus.students[kind.name]
        outcome = made[student]
        faults = of_outcome(kind, outcome, score) + _line(rows.get(student), outcome) + _shown(corpus, student)
        seen.append(
            Seen(
                kind,
                outcome.status if outcome else "lost",
                outcome.reason if outcome else "",
                outcome.score if outcome else None,
                outcome.how if outcome else "",
                tuple(faults),
            )
        )
    return Verdict(tuple(seen), tuple(wrong), len(corpus.good), score, run.seconds, run.peak_mb, run.largest_mb)


def _of_the_run(corpus: Corpus, run: Watched) -> list[str]:
    wrong = []
    if run.code not in (0, 2):
        wrong.append(f"the command ended with {run.code}: {run.err[-600:]}")
    if "Traceback" in run.err:
        wrong.append(f"a traceback: {run.err[-600:]}")
    wrong += [f"a process is left: {line}" for line in run.left]
    if run.peak_mb > PEAK_MB:
        wrong.append(f"{run.peak_mb:.0f} MB of memory; {PEAK_MB} is the bound")
    if SECRET in run.out or SECRET in run.err:
        wrong.append("what the terminal showed has the secret in it")
    if "\x1b]0;" in run.out or "\x9b" in run.out:
        wrong.append("the terminal was given commands")
    if reached := corpus.reached():
        wrong.append(f"{reached} connections came in from a submission")
    return wrong


def _changed(corpus: Corpus, before: Digest, after: Digest) -> list[str]:
    return [
        f"{'changed' if path in before and path in after else 'appeared' if path in after else 'gone'}: {path}"
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path) and not _set_aside(corpus, path, before, after)
    ]


def _set_aside(corpus: Corpus, path: str, before: Digest, after: Digest) -> bool:
    """Links beside a notebook are taken out of the submission before nbgrader can follow them; a time stamp that is no
    time gets another name and keeps its content."""
    if path.endswith(("/timestamp.txt", f"/{ASIDE}")):
        stamp, aside = (f"{path.rpartition('/')[0]}/{name}" for name in ("timestamp.txt", ASIDE))
        if stamp in before and stamp not in after and aside in after and aside not in before:
            return before[stamp] == after[aside]
    return path.startswith(str(corpus.course.submitted)) and before.get(path) == "seen" and path not in after


def _neighbours(corpus: Corpus, alone: Mapping[str, Line], rows: Mapping[str, Line]) -> list[str]:
    wanted = next(iter(alone.values()))
    wrong = []
    for name in corpus.good:
        row = rows.get(name)
        if row is None or _grade(row) != _grade(wanted):
            wrong.append(f"the neighbour {name} has another grade: {row and _grade(row)} and not {_grade(wanted)}")
    return wrong


def _grade(row: Line) -> tuple[object, ...]:
    return (
        row.status,
        row.reason,
        row.score,
        row.machine_score,
        row.score_before_caps,
        row.caps,
        row.late_penalty,
        row.repairs,
    )


def of_outcome(kind: Kind, outcome: Outcome | None, score: float) -> list[str]:
    """What is wrong with the outcome of a kind, where the strong answer has ``score`` points plainly."""
    if outcome is None:
        return ["there is no record of it"]
    wrong = []
    if outcome.status not in kind.statuses:
        wrong.append(f"{outcome.status} and not {' or '.join(kind.statuses)}: {outcome.reason[:200]}")
    if outcome.status != "graded" and not outcome.reason:
        wrong.append(f"{outcome.status} without a reason")
    if outcome.status != "graded" and kind.reason not in outcome.reason:
        wrong.append(f"the reason does not say {kind.reason!r}: {outcome.reason[:200]}")
    if kind.same and outcome.status in ("graded", "partial") and outcome.score != score:
        wrong.append(f"the strong answer has {outcome.score} points here and {score} plainly")
    if outcome.score is not None and not 0 <= outcome.score <= score + 1e-9:
        wrong.append(f"{outcome.score} points; the strong answer in it is worth {score}")
    return wrong


def _line(row: Line | None, outcome: Outcome | None) -> list[str]:
    if row is None:
        return ["it is not in the export"]
    if outcome and not outcome.scored and (row.score is not None or row.machine_score is not None):
        return [f"{outcome.status}, and exported as {row.score}"]
    if row.score == 0.0 and row.status != "graded":
        return ["a zero without a mark"]
    return []


def _shown(corpus: Corpus, student: str) -> list[str]:
    """What is wrong with the files that an instructor opens for this student."""
    course, wrong = corpus.course, []
    try:
        graded = course.autograded / student / ASSIGNMENT
        pages = sorted((course.feedback / student / ASSIGNMENT).glob("*"))
        files = sorted(graded.rglob("*"))
    except (OSError, ValueError):
        return []
    wrong += [
        f"{path.name} was copied on" for path in files if path.suffix != ".ipynb" and path.name != "timestamp.txt"
    ]
    for path in (*files, *pages, course.record(student, ASSIGNMENT)):
        if path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size > GRADED_NOTEBOOK_BYTES:
            wrong.append(f"{path.name} has {path.stat().st_size / 1e6:.1f} MB")
        text = path.read_text(encoding="utf-8")
        if SECRET in text:
            wrong.append(f"the secret stands in {path.name}")
        if path.suffix == ".ipynb":
            wrong += [f"in {path.name}: {what}" for what in _in_notebook(corpus, text)]
        elif path.suffix == ".html":
            wrong += [f"in {path.name}: {what}" for what in active(text)]
    return wrong


def _in_notebook(corpus: Corpus, text: str) -> list[str]:
    released = corpus.course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    own = {"".join(cell["source"]) for cell in json.loads(released.read_text(encoding="utf-8"))["cells"]}
    found: list[str] = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell.get("attachments"):
            found.append("an attachment")
        if cell["cell_type"] != "code" and source not in own:
            found += active_markdown(source)
        for output in cell.get("outputs", []):
            for kind, data in output.get("data", {}).items():
                if kind not in ("text/plain", "text/html", "image/png"):
                    found.append(f"an output of the kind {kind}")
                if kind == "text/html":
                    found += active("".join(data))
            found += [f"an output of the type {output['output_type']}"] * (output["output_type"] in ("stream", "error"))
    return found
