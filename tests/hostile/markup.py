"""What may not stand in a page that an instructor opens: anything that runs, loads, or leads out by itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser

RUNS = frozenset(
    [
        "script",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "form",
        "input",
        "button",
        "link",
        "base",
        "foreignobject",
        "animate",
        "set",
    ]
)
LOADS = frozenset({"src", "href", "xlink:href", "srcset", "poster", "action", "formaction", "data", "background"})
INERT = re.compile(r"(#|data:image/(png|svg\+xml)[;,])", re.IGNORECASE)
URL_IN_STYLE = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in RUNS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = re.sub(r"[\x00-\x20]", "", value or "")
            if name.startswith("on"):
                self.found.append(f"{tag} {name}=")
            elif name in LOADS and text and not INERT.match(text):
                self.found.append(f"{tag} {name}={text[:40]}")
            elif name == "style" and URL_IN_STYLE.search(value or ""):
                self.found.append(f"{tag} style={text[:40]}")
            elif tag == "meta" and name == "http-equiv":
                self.found.append(f"meta {name}={text[:40]}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        if "<script" in data:
            self.found.append("a comment with a script in it")


def active(html: str) -> list[str]:
    """What in ``html`` would run, load something or lead out; empty when nothing would."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def active_markdown(text: str) -> list[str]:
    """`active`, and what only a renderer of markdown or of mathematics makes of ``text``."""
    found = active(text)
    escaped = re.sub(r"<(pre|div)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    found += [
        f"markdown {hit[:40]}" for hit in re.findall(r"\]\(\s*(?:javascript|data|vbscript|https?|//)[^)]*\)", escaped)
    ]
    found += [
        f"mathematics {hit[:40]}" for hit in re.findall(r"\\(?:href|require|style|cssId|class)\b.{0,30}", escaped)
    ]
    return found
