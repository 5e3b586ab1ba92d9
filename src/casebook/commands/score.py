"""``casebook score ANSWER``: the public score of one answer (JSON, or the notebook it was written in)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.commands._words import BadInput, known, number, table, wrapped

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.checks import Report, SideBySide

HELP = "the public score of one answer: an ANSWER.json, or a notebook (which is read, not run)"
LARGEST = 20_000_000
ALL = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("answer", type=Path, help="an answer as JSON, or a notebook with answer cells")
    parser.add_argument("--rubric", default="", help="whose rubric (default: the case's own); all: side by side")
    parser.add_argument("--case", default="stability-moderation", help="the case of a notebook (JSON names its own)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--html", type=Path, help="also write the report as one page that opens offline")


def run(args: argparse.Namespace) -> int:
    """0 every check passed, 1 bad input, 2 a check failed, 3 a deal breaker capped the score."""
    from casebook.checks import grade, rubric_ids

    if args.rubric == ALL:
        return run_all(args)
    rubric = known("rubric", args.rubric, (*rubric_ids(), ALL)) if args.rubric else ""
    answer = load(args.answer, args.case)
    report = grade(answer, rubric=rubric)
    if args.html:
        write_page(args.html, answer, report)
    print(json.dumps(report.to_dict(), indent=1, ensure_ascii=False) if args.json else page(report))
    if report.caps:
        return 3
    return 0 if all(finding.passed for finding in report.findings) else 2


def run_all(args: argparse.Namespace) -> int:
    """The answer under every rubric; the exit code is that of the case's own."""
    from casebook.checks import side_by_side

    answer = load(args.answer, args.case)
    found = side_by_side(answer)
    if args.html:
        from casebook.show.rubrics import panel_html

        head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>One answer, all rubrics</title>'
        args.html.write_text(f"{head}</head><body>{panel_html(found)}</body></html>", encoding="utf-8")
        print(f"wrote {args.html}", file=sys.stderr)
    print(json.dumps(found.to_dict(), indent=1, ensure_ascii=False) if args.json else side_page(found))
    own = next(column.report for column in found.columns if column.own)
    if own.caps:
        return 3
    return 0 if all(finding.passed for finding in own.findings) else 2


def side_page(found: SideBySide) -> str:
    """All rubrics for a terminal: a table of scores, one of findings, then whose the numbers are."""
    rows = []
    for column in found.columns:
        share = "–" if column.percent is None else f"{column.percent:.0f} %"
        verdicts = [cap.verdict or "deal breaker" for cap in column.report.caps]
        verdicts += [f"{level.title}: {level.verdict}" for level in column.report.levels]
        asked = f"{number(column.report.possible)} ({100 * column.asked_share:.0f} %)"
        rows.append((column.title + (" (own)" if column.own else ""), share, asked, "; ".join(verdicts)))
    short = {"earned": "earned", "lost": "lost", "not asked here": "·"}
    findings = [(row.check, row.title[:48], *(short[state] for state in row.states)) for row in found.rows]
    heads = ("check", "what it asks", *(column.title.split()[0] for column in found.columns))
    blocks = [
        "The same answer under every rubric, public score",
        table(("rubric", "score", "points asked", "verdicts"), rows, (1, 2)),
        table(heads, findings),
        "· not asked here. A percentage is over what was asked; less than half asked: findings and none.",
        *(wrapped(f"{column.title}: points {column.label}; {column.note}") for column in found.columns),
    ]
    return "\n\n".join(blocks)


def load(path: Path, case_id: str) -> Answer:
    """The answer in a file. Cells that would have to be run are named on stderr and left out."""
    from casebook.answer import Answer, read_notebook
    from casebook.facts import case_ids

    if not path.is_file():
        raise BadInput(f"{path}: there is no such file.")
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{path}: {path.stat().st_size:,} bytes is no answer; {LARGEST:,} is the most that is read.")
    if path.suffix == ".ipynb":
        reading = read_notebook(path, known("case", case_id, case_ids()))
        for problem in reading.problems:
            print(f"{path}: {problem}", file=sys.stderr)
        for cell in reading.must_run:
            print(
                f"{path}: cell {cell} computes its answer, so it was not read. Write the values out.", file=sys.stderr
            )
        return reading.answer
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: this is not a text file. Save the answer with Answer.to_json().") from None
    answer = Answer.from_json(text)
    known("case", answer.case_id, case_ids())
    return answer


def write_page(path: Path, answer: Answer, report: Report) -> None:
    """The report with the learner's own design on one HTML page; nothing in it is loaded from a network."""
    from casebook.design import evaluate
    from casebook.show.report import report_html

    evaluation = evaluate(answer.design, graded=True) if answer.design is not None else None
    path.write_text(report_html(report, evaluation=evaluation, notes=answer.notes), encoding="utf-8")
    print(f"wrote {path}", file=sys.stderr)


def page(report: Report) -> str:
    """The report as a page for a terminal: cells, caps, then what to mend, the dearest first."""
    rows = [(cell.title, number(cell.points), number(cell.possible)) for cell in report.cells.values()]
    total = f"{number(report.score)} of {number(report.possible)} ({report.percent:.0f} %)"
    blocks = [f"{report.rubric_title}: {total}, public score", table(("part", "points", "of"), rows, (1, 2))]
    for cap in report.caps:
        whose = f" ({cap.label})" if cap.label else ""
        blocks.append(
            wrapped(
                f"Capped at {number(cap.percent)} %{whose}: {cap.cause} "
                f"Before the cap: {number(report.score_before_caps)}."
            )
        )
    if not report.answered:
        blocks.append("Nothing is answered yet.")
    for finding in report.missing:
        lost = number(finding.possible - finding.earned)
        lines = [f"−{lost}  {finding.title}", wrapped(finding.message, "    ")]
        lines += [wrapped(f"you wrote: {finding.evidence}", "    ")] if finding.evidence else []
        lines += [wrapped(finding.fix, "    ")] if finding.fix else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
