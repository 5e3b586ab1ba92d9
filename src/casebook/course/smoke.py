"""Runs every notebook of a course headless, blank and with its case's strong answer, and moves every control.

What ran and what it showed comes back as plain results; nothing in the course folder is written to.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

SCORE = re.compile(r"\(([\d.]+) %\), public score")
NOT_ANSWERED = "not answered"
CELL_SECONDS = 180
STRONG_PERCENT = 95.0


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to try: ``what`` is blank, strong, master, release, plain or board.

    ``cases`` are those of a notebook that works through several; ``answer`` is then the folder with their answers.
    """

    name: str
    what: str
    path: Path | None = None
    case_id: str = ""
    rubric: str = ""
    answer: Path | None = None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How a job ended: ``trouble`` is '' when it went well; ``showed`` is what was seen; ``seconds`` wall time."""

    job: Job
    trouble: str
    showed: str
    seconds: float


def jobs(root: Path, answers: Path) -> list[Job]:
    """Everything to try in the course at ``root``; strong answers are ``answers/<case>.strong.json``."""
    found = []
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        told = _told(path)
        case_id, rubric = str(told.get("case") or ""), str(told.get("rubric") or "")
        cases = tuple(map(str, told.get("cases") or ()))
        if cases:
            found.append(Job(path.stem, "blank", path, cases=cases))
            found.append(Job(path.stem, "strong", path, answer=answers, cases=cases))
            continue
        if told.get("mode") != "walkthrough" or not case_id:
            found.append(Job(path.stem, "plain", path))
            continue
        strong = answers / f"{case_id}.strong.json"
        found.append(Job(path.stem, "blank", path, case_id, rubric))
        found.append(Job(path.stem, "strong", path, case_id, rubric, strong))
    for folder, what in (("source", "master"), ("release", "release")):
        for path in sorted((root / folder).glob("*/*.ipynb")):
            told = _told(path)
            found.append(Job(path.stem, what, path, str(told.get("case") or ""), str(told.get("rubric") or "")))
    from casebook.facts import case_ids

    return [*found, *(Job(case_id, "board", case_id=case_id) for case_id in case_ids())]


def attempt(job: Job) -> Result:
    """Run one job; whatever goes wrong is its trouble."""
    start = time.perf_counter()
    tries: dict[str, Callable[[Job], tuple[str, str]]] = {
        "blank": _blank,
        "strong": _strong,
        "master": _master,
        "release": _release,
        "plain": _plain,
        "board": _board,
    }
    try:
        trouble, showed = tries[job.what](job)
    except Exception as error:
        trouble, showed = f"{type(error).__name__}: {error}", ""
    return Result(job, trouble, showed, time.perf_counter() - start)


def run_notebook(path: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run a notebook by papermill in a folder of its own; returns it with its outputs. Raises where a cell does."""
    import papermill

    from casebook.course.kernels import by_files

    logging.getLogger("papermill").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="casebook-smoke-") as folder:
        done = Path(folder) / "done.ipynb"
        papermill.execute_notebook(
            str(path),
            str(done),
            parameters=parameters,
            cwd=folder,
            progress_bar=False,
            execution_timeout=CELL_SECONDS,
            iopub_timeout=CELL_SECONDS,  # a busy machine may take its time to hand on what a cell shows
            config=by_files(folder),
            kernel_name="python3",
            extra_arguments=["--IPKernelApp.log_level=ERROR"],  # its warning about loopback worries people
        )
        notebook: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
        return notebook


def texts(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Cell id and text of every output."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            plain = output.get("text") or output.get("data", {}).get("text/plain") or output.get("traceback", "")
            yield str(cell.get("id", "")), plain if isinstance(plain, str) else "".join(plain)


def hidden_trouble(notebook: dict[str, Any]) -> str:
    """An exception that did not stop the run (a callback's) but stands in an output; '' where there is none."""
    for cell_id, text in texts(notebook):
        if "Traceback (most recent call last)" in text or "The board could not follow" in text:
            return f"cell {cell_id}: {text.strip().splitlines()[-1][:300]}"
    return ""


def move_every_control(case_id: str) -> tuple[int, list[str]]:
    """Open the case's board and set every control from Python: how many settings, and what each broke."""
    from casebook.public import load_case

    board = load_case(case_id).board()
    moved, broken = 0, []
    for name, control in board.controls.items():
        for value in _values(control):
            before = len(board.errors)
            try:
                control.value = value
            except Exception as error:
                broken.append(f"{name} = {value!r}: {type(error).__name__}: {error}")
            broken += [f"{name} = {value!r}: {type(error).__name__}: {error}" for error in board.errors[before:]]
            moved += 1
    return moved, broken


def junit(results: list[Result]) -> str:
    """The results as JUnit XML."""
    failed = sum(bool(result.trouble) for result in results)
    suite = ET.Element("testsuite", name="casebook smoke", tests=str(len(results)), failures=str(failed), errors="0")
    for result in results:
        case = ET.SubElement(
            suite, "testcase", classname=f"smoke.{result.job.what}", name=result.job.name, time=f"{result.seconds:.2f}"
        )
        if result.trouble:
            ET.SubElement(case, "failure", message=_printable(result.trouble))
        ET.SubElement(case, "system-out").text = _printable(result.showed)
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _blank(job: Job) -> tuple[str, str]:
    assert job.path is not None
    notebook = run_notebook(job.path, _parameters(job, {}))
    trouble = hidden_trouble(notebook)
    said = sum(f"Scorecard: {NOT_ANSWERED}" in text for _, text in texts(notebook))
    if not trouble and said != (len(job.cases) or 1):
        trouble = f"the scorecard does not say {NOT_ANSWERED!r}"
    return trouble, "" if trouble else f"scorecard: {NOT_ANSWERED}"


def _strong(job: Job) -> tuple[str, str]:
    assert job.path is not None
    assert job.answer is not None
    wanted = {case_id: job.answer / f"{case_id}.strong.json" for case_id in job.cases} or {job.case_id: job.answer}
    for path in wanted.values():
        if not path.is_file():
            return f"there is no strong answer {path.name}; write one, or name its folder with --answers", ""
    notebook = run_notebook(job.path, _parameters(job, {name: str(path.resolve()) for name, path in wanted.items()}))
    trouble = hidden_trouble(notebook)
    scores = [float(found[1]) for _, text in texts(notebook) for found in SCORE.finditer(text)]
    if not trouble and len(scores) < len(wanted):
        trouble = "there is no score on the scorecard"
    elif not trouble and min(scores) < STRONG_PERCENT:
        trouble = f"the strong answer earns {min(scores):g} %, less than {STRONG_PERCENT:g} %"
    return trouble, ", ".join(f"{score:g} %" for score in scores)


def _parameters(job: Job, answers: dict[str, str]) -> dict[str, Any]:
    """What a headless run sets: the day and one answer, or the answers of several cases."""
    if job.cases:
        return {"seed": 0, "answers": answers}
    return {"scenario": _scenario(job.case_id), "seed": 0, "answer_path": answers.get(job.case_id)}


def _master(job: Job) -> tuple[str, str]:
    from casebook.answer import read_notebook
    from casebook.checks import grade

    assert job.path is not None
    reading = read_notebook(job.path, job.case_id)
    if reading.problems or reading.must_run:
        return f"its solution cannot be read: {[*map(str, reading.problems), *reading.must_run][0]}", ""
    percent = grade(reading.answer, job.rubric).percent
    trouble = hidden_trouble(run_notebook(job.path, {}))
    if not trouble and percent < STRONG_PERCENT:
        trouble = f"its solution earns {percent:.1f} %, less than {STRONG_PERCENT:g} %"
    return trouble, f"{percent:.1f} %"


def _release(job: Job) -> tuple[str, str]:
    from casebook.answer import read_notebook

    assert job.path is not None
    answered = read_notebook(job.path, job.case_id).answer.answered()
    if answered:
        return f"a blank release already answers: {', '.join(answered)}", ""
    return hidden_trouble(run_notebook(job.path, {})), NOT_ANSWERED


def _plain(job: Job) -> tuple[str, str]:
    assert job.path is not None
    notebook = run_notebook(job.path, {})
    return hidden_trouble(notebook), f"{len(notebook['cells'])} cells"


def _board(job: Job) -> tuple[str, str]:
    moved, broken = move_every_control(job.case_id)
    return "; ".join(broken[:3]), f"{moved} settings"


def _values(control: Any) -> list[Any]:
    """Every choice of a list, both ends of a slider."""
    options = getattr(control, "options", None)
    if options is not None:
        return [option[1] if isinstance(option, tuple) else option for option in options]
    return [control.max, control.min]


def _scenario(case_id: str) -> str:
    from casebook.design.conditions import default_scenario
    from casebook.facts import load_case_data

    return default_scenario(load_case_data(case_id))


def _told(path: Path) -> dict[str, Any]:
    """What the notebook's own metadata says of it; empty for a file that is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get("casebook", {})
    except (OSError, ValueError, AttributeError):
        return {}
    return told if isinstance(told, dict) else {}


def _printable(text: str) -> str:
    """Without terminal colours and control characters, which XML cannot hold."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return "".join(c for c in text if c in "\t\n" or ord(c) >= 32)[:4000]
