"""``casebook lab``: the learner's copies, then JupyterLab in the course folder."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

HELP = "open the workbook in JupyterLab (your copies are made in my-work/, and never overwritten)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--instructor", action="store_true", help="with nbgrader's formgrader and its menu")
    parser.add_argument(
        "--course", metavar="FOLDER", help="the course folder (default: looked for from here)"
    )
    parser.add_argument("--port", type=int, default=0, help="default: the first free one from 8888")
    parser.add_argument("--ip", default="127.0.0.1", help="0.0.0.0 to be reached from outside a container")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--copies-only", action="store_true", help="make the copies in my-work/ and stop")
    parser.add_argument("--json", action="store_true", help="with --copies-only: say it as JSON")


def run(args: argparse.Namespace) -> int:
    """0 when it was stopped in the ordinary way, 1 when it could not start."""
    from casebook.course.lab import first_notebook, plan, serve, write_settings
    from casebook.course.settings import Course
    from casebook.course.workcopy import FOLDER, refresh

    course = Course.find(args.course)
    copies = refresh(course.root)
    if args.copies_only and args.json:
        print(json.dumps([asdict(copy) for copy in copies], indent=1))
        return 0
    if fresh := [copy.path for copy in copies if copy.what == "copied"]:
        print(f"{len(fresh)} {'file was' if len(fresh) == 1 else 'files were'} copied into {FOLDER}/.", end=" ")
        print("They are yours to work in: nothing there is ever overwritten.", end=" ")
        print(f"Open {first_notebook(course.root) or f'{FOLDER}/{fresh[0]}'} first.", flush=True)
    for copy in copies:
        if copy.what == "newer":
            print(f"There is a newer version of {FOLDER}/{copy.path}. It lies beside yours as", end=" ")
            print(f"{FOLDER}/{copy.beside}; your own file was not changed.", flush=True)
    if not copies:
        print("This course folder has no notebooks yet. Make them with: casebook build", file=sys.stderr)
    if args.copies_only:
        return 0
    if args.instructor:
        from casebook.course.late import ASIDE, set_stamps_aside
        from casebook.course.names import names_into_gradebook

        for whose in set_stamps_aside(course):
            print(f"{whose}: its time stamp cannot be used and was renamed to {ASIDE}.", file=sys.stderr)
        if told := names_into_gradebook(course):
            print(told, file=sys.stderr)
    browser = not args.no_browser
    planned = plan(course, instructor=args.instructor, ip=args.ip, port=args.port, browser=browser)
    write_settings(planned)
    return serve(planned)
