"""The ``casebook`` command: finds one module in ``casebook.commands``, runs it, turns errors into words.

A command is a module with ``HELP``, ``add_arguments(parser)`` and ``run(args) -> int``; none is registered.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NoReturn

OK, BAD_INPUT, CHECK_FAILED, DEAL_BREAKER = 0, 1, 2, 3
STOPPED = 130  # what shells report after Ctrl-C

EPILOG = """exit codes: 0 fine · 1 bad input · 2 a check failed · 3 (score alone) a deal breaker
Each command explains itself: casebook COMMAND --help"""


class Parser(argparse.ArgumentParser):
    """argparse with our exit codes: a mistyped command line is bad input (1), not a failed check (2)."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\nSee: {self.prog} --help\n")


def command_names() -> tuple[str, ...]:
    """Every command there is, sorted; a module ``new_case`` is the command ``new-case``."""
    folder = Path(__file__).parent / "commands"
    stems = (path.stem for path in folder.glob("*.py"))
    return tuple(sorted(stem.replace("_", "-") for stem in stems if not stem.startswith("_")))


def load(name: str) -> ModuleType:
    """The module behind a command name."""
    return import_module(f"casebook.commands.{name.replace('-', '_')}")


def overview() -> str:
    """What ``casebook --help`` prints: one line for every command."""
    names = command_names()
    width = max((len(name) for name in names), default=0)
    lines = [f"  {name:{width}}  {load(name).HELP}" for name in names]
    head = "usage: casebook COMMAND [options]\n\nCasebook: practise AI system-design cases, and grade them."
    return "\n".join([head, "", "commands:", *lines, "", EPILOG])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Mistakes of the person typing never show a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return OK
    if words[0] in ("-V", "--version"):
        from importlib.metadata import version

        print(f"casebook {version('casebook')}")
        return OK
    name, rest = words[0], words[1:]
    if name not in command_names():
        print(_unknown(name), file=sys.stderr)
        return BAD_INPUT
    try:
        command = load(name)
        parser = Parser(prog=f"casebook {name}", description=_sentence(command.HELP))
        command.add_arguments(parser)
        return int(command.run(parser.parse_intermixed_args(rest)))
    except SystemExit as stop:  # argparse: --help, or a mistyped line
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader went away (casebook show … | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        words_for_it = explain(error)
        if words_for_it is None or os.environ.get("CASEBOOK_TRACEBACK") == "1":
            raise
        print(f"casebook {name}: {words_for_it}", file=sys.stderr)
        return BAD_INPUT


def explain(error: Exception) -> str | None:
    """A sentence for an error that is not a fault of the program: one of our own classes, or the disk's."""
    if type(error).__module__.split(".")[0] == "casebook":
        return str(error)
    if isinstance(error, OSError):
        what = error.strerror or str(error)
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{what}. Check the path, the space on the disk and your permissions; run it again."
    return None


def _unknown(name: str) -> str:
    close = get_close_matches(name, command_names(), n=1, cutoff=0.5)
    hint = f"Did you mean: casebook {close[0]}?" if close else f"Commands: {', '.join(command_names())}."
    return f"casebook: there is no command {name!r}. {hint}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _speak_utf8() -> None:
    """Tables hold – × · even where the terminal's encoding was never set (a bare container)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (getattr(stream, "encoding", "") or "").lower() != "utf-8":
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
