"""`casebook validate`: every seeds file, every reference between them, and figures typed bare into prose."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.facts import Seeds

HELP = "check seeds and cases: sources, references, derived figures, figures typed bare into prose"

PROSE_KEYS = frozenset({
    "brief", "persona", "decision", "story", "summary", "question", "ask", "uncovers", "line", "explains",
    "teaches", "why", "wins", "loses", "help", "leaves_out", "turn", "then", "argument",
})
COMPANION_KEYS = frozenset({"ask", "text", "why", "explains", "changes", "flawed"})   # frameworks and audits


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it is, what it is, what to do."""

    file: str
    place: str
    problem: str
    remedy: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--seeds", metavar="FOLDER", help="another folder of seeds (default: the project's)")
    parser.add_argument("--authored", metavar="FOLDER",
                        help="authored text to look through (default: authored/ beside the seeds)")
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")


def run(args: argparse.Namespace) -> int:
    """0 nothing to mend, 1 something is wrong."""
    from casebook.facts import Seeds
    from casebook.facts.files import seeds_root

    root = Path(args.seeds).resolve() if args.seeds else seeds_root()
    seeds = Seeds(root)
    authored = Path(args.authored) if args.authored else _beside(root)
    problems = list(seed_problems(seeds))
    if not problems:
        problems += prose_problems(seeds, authored)
        if root == seeds_root():
            problems += _rubrics(seeds)
    problems += unwritten(root, authored)
    missing = list(missing_parts(seeds, authored)) if not problems else []
    counts = _counts(seeds) if not problems else {}
    if args.json:
        found = [asdict(problem) for problem in problems]
        lacks = [asdict(item) for item in missing]
        print(json.dumps({"problems": found, "missing": lacks, "checked": counts}, indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            print(f"{problem.file}: {problem.place}: {problem.problem}\n    {problem.remedy}")
        for lack in missing:
            print(f"{lack.file}: {lack.problem}\n    {lack.remedy}")
        print(f"{len(problems)} to mend" if problems else
              "Nothing to mend: " + ", ".join(f"{number:,} {what}" for what, number in counts.items()) + ".")
    return 1 if problems else 0


def seed_problems(seeds: Seeds) -> Iterator[Problem]:
    """What is wrong with the files themselves: one problem a file, and every number without origin."""
    from casebook.facts import read_seed
    from casebook.facts.provenance import bare_numbers

    if not seeds.root.is_dir():
        yield Problem("seeds", "", f"there is no folder {seeds.root}",
                      "Name a folder that holds catalog.yaml.")
        return
    yield from _tried("catalog.yaml", seeds.catalog)
    broken = False
    for name in seeds.article_ids():
        found = list(_tried(f"{name}.yaml", partial(seeds.article, name)))
        broken |= bool(found)
        yield from found
    if not broken:
        for name in seeds.article_ids():
            yield from _tried(f"{name}.yaml", partial(seeds.check_against, name))
        for file, load in _companions(seeds):
            yield from _tried(file, load)
    for case_id in seeds.case_ids():
        file = f"cases/{case_id}.yaml"
        found = list(_tried(file, partial(seeds.case, case_id)))
        if found and "no provenance" in found[0].problem:
            found = [Problem(file, key, f"the number {value:g} has no provenance", found[0].remedy)
                     for key, value in bare_numbers(read_seed(file, seeds.root))]
        yield from found
    read = {"catalog.yaml", *(f"{name}.yaml" for name in seeds.article_ids())}
    if not broken:
        read |= {file for file, _ in _companions(seeds)}
    others = sorted(path.name for path in seeds.root.iterdir() if path.name.endswith((".yaml", ".yml")))
    for name in others:
        if name not in read:
            yield from _tried(name, partial(read_seed, name, seeds.root))


def _companions(seeds: Seeds) -> list[tuple[str, Callable[[], object]]]:
    """The files that stand on the articles' facts, where they are there, with what loads them."""
    known: list[tuple[str, Callable[[], object]]] = [
        ("frameworks.yaml", seeds.frameworks), ("audits.yaml", seeds.audits)]
    return [(file, load) for file, load in known if seeds.root.joinpath(file).is_file()]


def _rubrics(seeds: Seeds) -> list[Problem]:
    try:
        return list(rubric_problems(seeds))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [Problem("rubrics.yaml", "rubrics", f"not shaped as a rubric ({type(error).__name__}: {error})",
                        "Compare it with an entry that works: title, article, caps, cases with their cells.")]


def rubric_problems(seeds: Seeds) -> Iterator[Problem]:
    """Rubrics and cases' checks that name a check, kind, target, slot or fact that does not exist."""
    from casebook.checks.rubric import book, load_rubric, rubric_ids
    from casebook.facts import read_seed
    from casebook.facts.crosscheck import fact_references
    from casebook.facts.errors import near_miss

    file = "rubrics.yaml"
    for place, fact_id in fact_references(read_seed(file, seeds.root)):
        if fact_id not in seeds.facts():
            yield Problem(file, place, f"no fact {fact_id!r}", near_miss(fact_id, seeds.facts()))
    found = list(_tried(file, book))
    yield from found
    if found:
        return
    for case_id in seeds.case_ids():
        told: set[Problem] = set()
        for rubric_id in rubric_ids():
            told |= set(_tried(file, partial(load_rubric, rubric_id, case_id)))
        yield from sorted(told, key=str)


def prose_problems(seeds: Seeds, authored: Path | None) -> Iterator[Problem]:
    """References that lead nowhere and figures typed bare, in the cases' prose and in authored text."""
    from casebook.facts import read_seed

    for case_id in seeds.case_ids():
        file = f"cases/{case_id}.yaml"
        for place, text in _prose(read_seed(file, seeds.root)):
            yield from _text_problems(seeds, file, text, place)
    for file, _ in _companions(seeds):
        for item in read_seed(file, seeds.root)[file.removesuffix(".yaml")]:
            article = str(item["fact"]).removeprefix("F-").replace("-", ".").partition(".")[0]
            for place, text in _prose(item, str(item["id"]), keys=COMPANION_KEYS):
                yield from _text_problems(seeds, file, text, place, (article,))
    if authored is None or not authored.is_dir():
        return
    for path in sorted([*authored.rglob("*.py"), *authored.rglob("*.md")]):
        name = path.relative_to(authored.parent).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            text = _markdown_only(text)
        yield from _text_problems(seeds, name, text)


def unwritten(root: Any, authored: Path | None) -> list[Problem]:
    """Texts in ‹ › that a new case began with and nobody has replaced yet."""
    from casebook.course.scaffold import TO_WRITE

    places = [(root, "cases")] + ([(authored, "answers")] if authored is not None else [])
    found = []
    for base, folder in places:
        if not isinstance(base, Path) or not (base / folder).is_dir():
            continue
        for path in sorted((base / folder).glob("*.yaml")):
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if line.lstrip().startswith("#"):
                    continue
                found += [
                    Problem(f"{folder}/{path.name}", f"line {number}", f"still to be written: {text[:70]!r}",
                            "Write your own in its place, without the marks ‹ and ›.")
                    for text in TO_WRITE.findall(line)
                ]
    return found


def missing_parts(seeds: Seeds, authored: Path | None) -> Iterator[Problem]:
    """What a case could still have; none of it is a mistake."""
    if authored is None or not authored.is_dir():
        return
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(authored.glob("*.py")))
    for case_id in seeds.case_ids():
        data, file = seeds.case(case_id), f"cases/{case_id}.yaml"
        if not (authored / "answers" / f"{case_id}.yaml").is_file():
            yield Problem(file, "", "nobody has written its strong answer", f"Write authored/answers/{case_id}.yaml.")
        elif not (authored / "assignments" / f"{case_id}.py").is_file():
            yield Problem(file, "", "it is no assignment", f"Write '# %% include assignment' into "
                          f"authored/assignments/{case_id}.py.")
        if case_id not in texts:
            yield Problem(file, "", "no notebook works through it",
                          f"Write '# case: {case_id}' and '# %% include walkthrough' into authored/{case_id}.py.")
        if not data.questions:
            yield Problem(file, "questions", "there is nothing to ask", "Write a bank of six questions or more.")
        if len(data.scenarios) < 2:
            yield Problem(file, "scenarios", "every day is the same", "Write a second one, in which something breaks.")
        if not any(preset.role == "reference" for preset in data.presets):
            yield Problem(file, "presets", "no preset is the reference", "Give one of them 'role: reference'.")
        if getattr(data, "facilitator", None) is None:
            yield Problem(file, "facilitator", "whoever leads a room gets no page", "Add the block 'facilitator'.")


def _text_problems(seeds: Seeds, file: str, text: str, place: str = "",
                   articles: tuple[str, ...] = ()) -> Iterator[Problem]:
    """``place`` names the key of a seeds file; authored text is located by its line."""
    from casebook.facts.errors import SeedError
    from casebook.facts.prose import articles_of, bare_figures, render

    for number, line in enumerate(text.splitlines(), start=1):
        try:
            render(line, file, seeds=seeds)
        except SeedError as error:
            yield Problem(file, place or f"line {number}", error.problem, error.remedy)
    for bare in bare_figures(text, seeds, articles or articles_of(file, seeds)):
        yield Problem(file, place or f"line {bare.line}", f"{bare.text!r} is typed here and lives in seeds/",
                      f"Write {{{{{bare.seed_id}}}}}, or put '<!-- bare figure: why -->' on the line.")


def _markdown_only(text: str) -> str:
    """The markdown cells of percent format; every other line is emptied so that line numbers stay."""
    kept: list[str] = []
    markdown = False
    for line in text.splitlines():
        if line.startswith("# %%"):
            markdown = "[markdown]" in line
            kept.append("")
        else:
            kept.append(line.removeprefix("#").strip() if markdown and line.startswith("#") else "")
    return "\n".join(kept)


def _prose(data: Any, place: str = "", key: str = "",
           keys: frozenset[str] = PROSE_KEYS) -> Iterator[tuple[str, str]]:
    """Every text of a case that a reader sees, with its place."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _prose(value, f"{place}.{name}".lstrip("."), name, keys)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            name = value["id"] if isinstance(value, dict) and "id" in value else f"[{position}]"
            yield from _prose(value, f"{place}.{name}", key, keys)
    elif isinstance(data, str) and key in keys:
        yield place, data


def _tried(file: str, load: Callable[[], object]) -> Iterator[Problem]:
    from casebook.facts.errors import SeedError

    try:
        load()
    except SeedError as error:
        # A case that trips over a broken catalogue is not itself to mend: the catalogue is named already.
        if error.file in (file, "*.yaml") or file == "rubrics.yaml":
            named = error.file if error.file.startswith("cases/") else file
            yield Problem(named, error.key, error.problem, error.remedy)


def _beside(root: Any) -> Path | None:
    return root.parent / "authored" if isinstance(root, Path) else None


def _counts(seeds: Seeds) -> dict[str, int]:
    counts = {"facts": len(seeds.facts()), "catalogue entries": len(seeds.catalog().entries),
              "cases": len(seeds.case_ids()), "articles": len(seeds.article_ids())}
    for file, _ in _companions(seeds):
        name = file.removesuffix(".yaml")
        counts[name] = len(seeds.frameworks() if name == "frameworks" else seeds.audits())
    return counts
