"""docs/examples.md and its pictures: ``python -m tests.engine.make_examples`` runs them all and writes them down."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tests.engine.examples import batching, bursty_tail, retry_storm

DOCS = Path(__file__).parents[2] / "docs"
HEAD = """# Three examples

Three things that a system does and that arithmetic with averages does not show. Each is a question, a picture and an
answer; think about the question before you look at the picture. Every number on this page comes from a run of
[the engine](engine.md) with fixed seeds: `python -m tests.engine.make_examples` makes page and pictures anew, bit
for bit.

"""


def made() -> dict[str, str]:
    """Every file by its path below docs/."""
    storm, curves, tail = retry_storm.measure(), batching.measure(), bursty_tail.measure()
    sections = [retry_storm.section(storm), batching.section(curves), bursty_tail.section(tail)]
    return {
        "examples.md": HEAD + "\n".join(_filled(section) for section in sections),
        "img/retry-storm.svg": retry_storm.picture(storm),
        "img/batching.svg": batching.picture(curves),
        "img/bursty-tail.svg": bursty_tail.picture(tail),
    }


def _filled(section: str) -> str:
    """Paragraphs set to the width of the page's lines; numbers of different length would leave them ragged."""
    blocks = section.strip().split("\n\n")
    return "\n\n".join(block if block[0] in "#!>" else textwrap.fill(block, 118, break_long_words=False,
                                                                     break_on_hyphens=False)
                       for block in blocks) + "\n"


def main() -> None:
    for name, text in made().items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
