"""``casebook drill``: one short exercise at a time, marked at once; weak ones come back on later days."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.commands._words import BadInput, table, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casebook.drills import Journal, Marked
    from casebook.facts import Drill

HELP = "a short exercise: what broke, why, and the next one; the weak ones come back"
PROGRESS = Path("my-work") / "drills.jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "id", nargs="?", default="", help="an exercise by its id (default: what is due, else a new one)"
    )
    parser.add_argument("answer", nargs="?", default=None, help="the letter of a choice, or a number with its unit")
    parser.add_argument("--because", default="", metavar="LETTER", help="the reason that decides, where one is asked")
    parser.add_argument("--row", default="", help="only exercises of this row or article: STB-3, X31, SCL")
    parser.add_argument("--list", action="store_true", help="list the exercises and how each stands")
    parser.add_argument("--due", action="store_true", help="list what comes back today")
    parser.add_argument("--progress", type=Path, default=PROGRESS, help=f"the progress file (default: {PROGRESS})")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the progress to a new CSV file")
    parser.add_argument("--forget", action="store_true", help="delete the progress file")
    parser.add_argument("--today", type=dt.date.fromisoformat, default=None, metavar="YYYY-MM-DD", help="another day")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """0 right or nothing to mark, 1 bad input, 2 not right."""
    from casebook.drills import Journal

    journal = Journal(args.progress)
    if journal.skipped:
        print(f"{args.progress}: {journal.skipped} lines could not be read and are left as they are.", file=sys.stderr)
    if args.export:
        print(f"wrote {journal.export(args.export)} replies to {args.export}")
        return 0
    if args.forget:
        print(f"{journal.forget()} replies deleted with {args.progress}")
        return 0
    today: dt.date = args.today or dt.date.today()
    drills = _narrowed(args.row)
    if args.list or args.due:
        print(_listing(drills, journal, today, args.due, args.json))
        return 0
    drill = _chosen(args.id, drills, journal, today)
    if drill is None:
        print("Nothing is due today, and every exercise was tried. Come back tomorrow, or name one by its id.")
        return 0
    if args.answer is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(json.dumps(_question(drill), indent=1, ensure_ascii=False) if args.json else _page(drill))
        return 0
    return _practise(drill, args, journal, today)


def _practise(drill: Drill, args: argparse.Namespace, journal: Journal, today: dt.date) -> int:
    from casebook.drills import mark

    answer, because = args.answer, args.because
    if answer is None:
        print(_page(drill))
        answer = input("\nyour answer: ")
        because = input("because: ") if drill.reasons else ""
    marked = mark(drill, answer, because)
    journal.record(marked, today)
    standing = journal.standing(drill.id)
    back = standing.due.isoformat() if standing is not None and standing.due is not None else ""
    if args.json:
        print(json.dumps(_result(marked, back), indent=1, ensure_ascii=False))
    else:
        print(_verdict(marked, back))
    return 0 if marked.right else 2


def _narrowed(row: str) -> tuple[Drill, ...]:
    from casebook.drills import deck, row_of

    if not row:
        return deck()
    wanted = row.upper()
    found = tuple(
        drill
        for drill in deck()
        if wanted in (drill.article, row_of(drill).upper()) or wanted in {name.upper() for name in drill.rows}
    )
    if not found:
        raise BadInput(
            f"no exercise practises {row!r}. Try an article (STB, SCL, STU, GEN, MJ), a case (STB-3) or X31."
        )
    return found


def _chosen(drill_id: str, drills: Sequence[Drill], journal: Journal, today: dt.date) -> Drill | None:
    from casebook.drills import find

    if drill_id:
        return find(drill_id)
    ids = [drill.id for drill in drills]
    waiting = journal.due(today, ids)
    next_id = waiting[0].drill_id if waiting else journal.next_new(ids)
    return find(next_id) if next_id else None


def _page(drill: Drill) -> str:
    """The question as a page for a terminal."""
    from casebook.drills import offered
    from casebook.drills.marking import asked_in
    from casebook.facts import render

    blocks = [f"{drill.id} · {drill.title}", wrapped(render(drill.ask))]
    if drill.drawing is not None:
        titles = {box.id: box.title for box in drill.drawing.boxes}
        rows = [(box.title, box.says, box.owner or "nobody") for box in drill.drawing.boxes]
        arrows = [f"  {titles[src]} -> {titles[dst]}  ({kind})" for src, dst, kind in drill.drawing.edges]
        blocks += [table(("box", "says", "owner"), rows), "\n".join(arrows)]
    if drill.choices:
        blocks.append(_lettered([render(choice.text) for choice in offered(drill, drill.choices)]))
    if drill.reasons:
        blocks += [
            "All of these are true. Which one decides?",
            _lettered([render(reason.text) for reason in offered(drill, drill.reasons)]),
        ]
    if drill.asks == "number":
        blocks.append(f"Answer with a number{asked_in(drill.unit)}.")
    blocks.append(f"casebook drill {drill.id} ANSWER" + (" --because LETTER" if drill.reasons else ""))
    return "\n\n".join(blocks)


def _lettered(texts: Sequence[str]) -> str:
    return "\n".join(wrapped(f"{chr(ord('a') + place)}  {text}", "  ") for place, text in enumerate(texts))


def _verdict(marked: Marked, back: str) -> str:
    from casebook.facts import render

    head = "Right." if marked.right else f"{marked.points} of {marked.possible}."
    blocks = [head]
    if marked.broke:
        blocks.append(wrapped(f"What breaks: {render(marked.broke)}"))
        blocks.append(wrapped(f"Right would be: {render(marked.right_answer)}"))
    blocks.append(wrapped(f"Why: {render(marked.explains)}"))
    tail = [f"Back on {back}." if back else "Right often enough: it does not come back."]
    if marked.next_id:
        tail.append(f"Next: casebook drill {marked.next_id}")
    return "\n\n".join([*blocks, " ".join(tail)])


def _question(drill: Drill) -> dict[str, Any]:
    from casebook.drills import offered
    from casebook.facts import render

    made: dict[str, Any] = {
        "id": drill.id,
        "rows": list(drill.rows),
        "title": drill.title,
        "asks": drill.asks,
        "ask": render(drill.ask),
    }
    if drill.asks == "number":
        made["unit"] = drill.unit
    if drill.choices:
        made["choices"] = [{"id": item.id, "text": render(item.text)} for item in offered(drill, drill.choices)]
    if drill.reasons:
        made["reasons"] = [{"id": item.id, "text": render(item.text)} for item in offered(drill, drill.reasons)]
    if drill.drawing is not None:
        made["drawing"] = drill.drawing.model_dump()
    return made


def _result(marked: Marked, back: str) -> dict[str, Any]:
    from casebook.facts import render

    return {
        "id": marked.drill_id,
        "points": marked.points,
        "possible": marked.possible,
        "right": marked.right,
        "said": render(marked.said),
        "broke": render(marked.broke),
        "why": render(marked.explains),
        "right_answer": render(marked.right_answer),
        "next": marked.next_id,
        "due": back,
    }


def _listing(drills: Sequence[Drill], journal: Journal, today: dt.date, only_due: bool, as_json: bool) -> str:
    from casebook.drills import row_of

    waiting = [item.drill_id for item in journal.due(today, [drill.id for drill in drills])]
    by_id = {drill.id: drill for drill in drills}
    shown = [by_id[name] for name in waiting] if only_due else list(drills)
    rows = []
    for drill in shown:
        standing = journal.standing(drill.id)
        state = "new" if standing is None else f"{standing.share:.0%}, {standing.replies}×"
        due = "" if standing is None else standing.due.isoformat() if standing.due else "known"
        rows.append((drill.id, row_of(drill), drill.asks, state, due, drill.title))
    if as_json:
        keys = ("id", "row", "asks", "state", "due", "title")
        return json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=1, ensure_ascii=False)
    if not rows:
        return "Nothing comes back today."
    return table(("exercise", "row", "asks", "so far", "due", "title"), rows)
