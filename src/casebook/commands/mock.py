"""``casebook mock``: a timed interview as a notebook of your own, and its report of one page."""

from __future__ import annotations

import argparse
import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.commands._words import BadInput

if TYPE_CHECKING:
    from casebook.course.interview_result import Result

HELP = "a mock interview of 25, 45 or 60 minutes: prepare its notebook, or write the report of one"
SOURCE = Path("notebooks") / "07-mock-interview.ipynb"
SETTINGS: dict[str, Any] = {"minutes": 45, "seed": 1, "article": "", "case": ""}
LARGEST = 20_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--minutes", type=int, default=45, choices=(25, 45, 60), help="length (default: 45)")
    parser.add_argument("--seed", type=int, default=1, help="draws the prompt; the same seed draws the same")
    parser.add_argument("--article", default="", help="whose interview: STB, SCL, STU, GEN or MJ (default: drawn)")
    parser.add_argument("--case", default="", help="a case by its name (default: drawn)")
    parser.add_argument("--out", type=Path, default=None, help="the notebook to write (default: in my-work/)")
    parser.add_argument("--report", type=Path, metavar="NOTEBOOK", help="read a finished one and write its report")
    parser.add_argument("--html", type=Path, default=None, help="where the report goes (default: beside the notebook)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """0, or 1 for bad input; what exists is never overwritten."""
    from casebook.course.interview import NoInterview

    try:
        return _report(args) if args.report else _prepare(args)
    except NoInterview as error:
        raise BadInput(str(error)) from None


def _prepare(args: argparse.Namespace) -> int:
    from casebook.course.interview import draw
    from casebook.facts import load_case_data

    drawn = draw(args.seed, args.minutes, args.article, args.case)
    if not SOURCE.is_file():
        raise BadInput(f"{SOURCE} is not here. Run the command in the course folder.")
    target = args.out or Path("my-work") / f"mock-{args.minutes}-{args.seed}.ipynb"
    if target.exists():
        raise BadInput(f"{target} exists and is left alone. Name another with --out, or take another --seed.")
    chosen = {name: getattr(args, name) for name in SETTINGS}
    book = json.loads(SOURCE.read_text(encoding="utf-8"))
    _settings_cell(book)["source"] = _with_settings(_text(_settings_cell(book)), chosen)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    told = {
        "notebook": str(target),
        "interview": drawn.kind.id,
        "case": drawn.case_id,
        "title": load_case_data(drawn.case_id).title,
    }
    if args.json:
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        print(f"{target}: {drawn.kind.title}. Open it in JupyterLab (make lab) and start the clock when you are ready.")
    return 0


def _report(args: argparse.Namespace) -> int:
    from casebook.course.interview import write_report

    result = read_result(args.report)
    written = write_report(result, args.html or args.report.with_suffix(".html"))
    if args.json:
        told = {
            "report": str(written),
            "percent": round(result.percent, 1),
            "answered": result.answered,
            "order": [{"said": item.said, "kept": item.kept} for item in result.order],
        }
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        print(f"{result.title}, {result.case_title}: {result.headline if result.answered else 'not answered'}")
        print(f"wrote {written}")
    return 0


def read_result(path: Path) -> Result:
    """The result of a finished interview notebook. It is read, never run: the order is that of its run cells."""
    from casebook.answer import read_notebook
    from casebook.course.interview import STEP_OF, draw
    from casebook.course.interview_result import result

    book = _notebook(path)
    chosen = _read_settings(_text(_settings_cell(book)), path)
    drawn = draw(int(chosen["seed"]), int(chosen["minutes"]), str(chosen["article"]), str(chosen["case"]))
    reading = read_notebook(path, drawn.case_id)
    written = {name for name in STEP_OF if getattr(reading.answer, name) not in (None, (), "")}
    steps = {STEP_OF[name] for name in written}
    ran = sorted(
        (int(cell["execution_count"]), _step(cell))
        for cell in book["cells"]
        if cell.get("cell_type") == "code" and type(cell.get("execution_count")) is int and _step(cell) in steps
    )
    order = list(dict.fromkeys(step for _, step in ran))
    return result(drawn.kind, reading.answer, order, int(chosen["seed"]))


def _step(cell: dict[str, Any]) -> str:
    return str(cell.get("id", "")).removeprefix("answer-")


def _notebook(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file.")
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{path}: {path.stat().st_size:,} bytes is no notebook; {LARGEST:,} is the most that is read.")
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        cells = book["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(f"{path}: this is not a notebook. Save it in JupyterLab and try again.") from None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise BadInput(f"{path}: this is not a notebook. Save it in JupyterLab and try again.")
    return dict(book)


def _settings_cell(book: dict[str, Any]) -> dict[str, Any]:
    for cell in book["cells"]:
        if cell.get("id") == "parameters":
            return dict(cell) if not isinstance(cell, dict) else cell
    raise BadInput("the notebook has no cell with the length and the seed. Start from `casebook mock`.")


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(str(line) for line in source)


def _with_settings(source: str, chosen: dict[str, Any]) -> str:
    """The cell with its first values replaced and its comments kept."""
    lines = []
    for line in source.splitlines():
        name, equals, rest = line.partition(" = ")
        if equals and name in chosen:
            _, mark, comment = rest.partition("#")
            line = f"{name} = {chosen[name]!r}".replace("'", '"') + (f"   # {comment.strip()}" if mark else "")
        lines.append(line)
    return "\n".join(lines)


def _read_settings(source: str, path: Path) -> dict[str, Any]:
    """Literal assignments of the cell; anything else in it is left alone, and what is missing keeps its default."""
    found = dict(SETTINGS)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadInput(f"{path}: the cell with the length and the seed cannot be read. Mend it and save.") from None
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.targets[0], ast.Name)
        ):
            name, value = node.targets[0].id, node.value.value
            if name in found:
                if type(value) is not type(SETTINGS[name]):
                    raise BadInput(f"{path}: {name} is {value!r}. Write {SETTINGS[name]!r} or another of its kind.")
                found[name] = value
    return found
