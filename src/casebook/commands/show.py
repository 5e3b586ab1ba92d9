"""``casebook show CASE``: the brief, the targets, the scenarios and the palette of a case."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from casebook.commands._words import known, limit, number, table, variants_of, wrapped

if TYPE_CHECKING:
    from casebook.facts import CaseData

HELP = "print a case: brief, targets, scenarios, palette"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("case", help="a name from: casebook cases")
    parser.add_argument("--json", action="store_true", help="print the case as JSON")


def run(args: argparse.Namespace) -> int:
    """0, or 1 for a case that does not exist."""
    from casebook.facts import case_ids, load_case_data

    data = load_case_data(known("case", args.case, (*case_ids(), *variants_of(args.case))))
    print(json.dumps(summary(data), indent=1, ensure_ascii=False) if args.json else page(data))
    return 0


def summary(data: CaseData) -> dict[str, Any]:
    """The case as plain data: what a program needs to choose on the palette."""
    return {
        "id": data.id,
        "title": data.title,
        "article": data.article,
        "brief": data.brief,
        "targets": [
            {
                "id": t.id,
                "title": t.title,
                "limit": float(t.limit),
                "unit": t.unit,
                "direction": t.direction,
                "kind": t.kind,
            }
            for t in data.targets
        ],
        "scenarios": [{"id": s.id, "title": s.title, "requests_day": float(s.requests_day)} for s in data.scenarios],
        "slots": {
            s.id: {"title": s.title, "required": s.required, "options": [o.id for o in s.options]} for s in data.slots
        },
        "knobs": {
            name: {"min": float(k.min), "max": float(k.max), "default": float(k.default), "unit": k.unit}
            for name, k in _knobs(data).items()
        },
        "presets": [{"id": p.id, "role": p.role, "title": p.title} for p in data.presets],
    }


def page(data: CaseData) -> str:
    """The case as a page for a terminal."""
    from casebook.facts import render

    blocks = [f"{data.title}  ({data.id})", wrapped(render(data.brief), "  ")]
    targets = [(t.id, t.title, limit(t.direction, float(t.limit), t.unit), whose(t.kind)) for t in data.targets]
    blocks.append(table(("target", "", "limit", "whose"), targets))
    scenarios = [(s.id, s.title, f"{number(float(s.requests_day))} a day") for s in data.scenarios]
    blocks.append(table(("scenario", "", data.unit.requests), scenarios, right=(2,)))
    for slot in data.slots:
        must = "" if slot.required else "  (may stay empty)"
        lines = [f"{slot.id}: {render(slot.question)}{must}"]
        width = max(len(option.id) for option in slot.options)
        lines += [f"  {option.id:{width}}  {option.title}" for option in slot.options]
        blocks.append("\n".join(lines))
    knobs = [
        (name, k.title, number(float(k.min)), number(float(k.default)), number(float(k.max)), k.unit)
        for name, k in _knobs(data).items()
    ]
    blocks.append(table(("knob", "", "from", "usual", "to", "unit"), knobs, right=(2, 3, 4)))
    blocks.append(table(("preset", ""), [(p.id, p.title) for p in data.presets]))
    blocks.append(f"Try one: casebook evaluate {data.id} --preset {data.presets[0].id}" if data.presets else "")
    return "\n\n".join(block for block in blocks if block)


def whose(kind: str) -> str:
    """Where a limit comes from: the article says it, or we set it."""
    return "the article's" if kind in ("seed_claim", "derived") else "ours"


def _knobs(data: CaseData) -> dict[str, Any]:
    """Every knob of the palette by name, the design's own first; options that share a name share its meaning."""
    found: dict[str, Any] = dict(data.knobs)
    for slot in data.slots:
        for option in slot.options:
            for name, knob in option.knobs.items():
                found.setdefault(name, knob)
    return found
