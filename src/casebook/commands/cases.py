"""``casebook cases``: the cases there are."""

from __future__ import annotations

import argparse
import json

from casebook.commands._words import table

HELP = "list the cases"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def run(args: argparse.Namespace) -> int:
    """Always 0."""
    from casebook.facts import case_ids, load_case_data

    cases = [load_case_data(case_id) for case_id in case_ids()]
    if args.json:
        print(json.dumps([{"id": c.id, "title": c.title, "article": c.article, "brief": c.brief} for c in cases]))
        return 0
    print(table(("case", "article", "title"), [(c.id, c.article, c.title) for c in cases]))
    print("\nMore about one of them: casebook show CASE")
    return 0
