"""Finds the seeds folder and reads one YAML file of it into plain Python, strictly and quickly.

Nothing else in the project opens a seeds file.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from casebook.facts.errors import SeedError

MAX_CHARACTERS = 1_000_000
MAX_LINE = 2_000
MAX_NESTING = 60


class Folder(Protocol):
    """The part of ``Path`` and of an importlib resource that this room uses."""

    @property
    def name(self) -> str: ...
    def is_file(self) -> bool: ...
    def is_dir(self) -> bool: ...
    def iterdir(self) -> Iterator[Any]: ...
    def joinpath(self, *parts: str) -> Any: ...
    def read_bytes(self) -> bytes: ...


@cache
def seeds_root() -> Folder:
    """The folder CASEBOOK_SEEDS names, else the repository's ``seeds/``, else the copy inside the wheel."""
    told = os.environ.get("CASEBOOK_SEEDS")
    checkout = Path(told) if told else Path(__file__).resolve().parents[3] / "seeds"
    if (checkout / "catalog.yaml").is_file():
        return checkout
    if told:
        raise SeedError("", "", f"CASEBOOK_SEEDS names {told!r}, and that is no folder of facts",
                        "Name the folder that holds catalog.yaml, or unset the variable.")
    from importlib.resources import files

    packed: Folder = files("casebook").joinpath("_seeds")
    if not packed.is_dir():
        raise SeedError("", "", "the folder of facts is missing from this installation",
                        "Install the casebook wheel again, or run from a clone that has seeds/.")
    return packed


def read_seed(name: str, root: Folder | None = None) -> dict[str, Any]:
    """The mapping in ``seeds/<name>``; ``SeedError`` for whatever else may be found there."""
    folder = root if root is not None else seeds_root()
    path = folder.joinpath(*name.split("/"))
    if not path.is_file():
        raise SeedError(name, "", "there is no such file", "Check the name, or create the file.")
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SeedError(name, f"byte {error.start}", "the file is not UTF-8 text",
                        "Save it again as UTF-8.") from None
    return parse_seed(text, name)


def parse_seed(text: str, name: str) -> dict[str, Any]:
    """Parse YAML text strictly: no duplicate keys, aliases, tags, dates, or numbers that are not finite."""
    _refuse_extremes(text, name)
    import yaml

    try:
        node = yaml.compose(text, Loader=_loader())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error) or type(error).__name__
        raise SeedError(name, place, f"not readable as YAML ({problem})",
                        "Mend the line; indent with spaces and quote text that holds ': '.") from None
    if not isinstance(node, yaml.MappingNode):
        raise SeedError(name, "", "the file does not hold a mapping of keys to values",
                        "Begin it with 'key: value' lines.")
    data = _Builder(name).build(node, "")
    assert isinstance(data, dict)
    return data


def _refuse_extremes(text: str, name: str) -> None:
    """Keep the recursive parser away from text that no person wrote (it would exhaust the stack)."""
    if len(text) > MAX_CHARACTERS:
        raise SeedError(name, "", f"the file has {len(text):,} characters",
                        f"Split it: {MAX_CHARACTERS:,} is the most that is read.")
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise SeedError(name, f"line {number}", f"the line has {len(line):,} characters",
                            f"Wrap it: {MAX_LINE:,} is the most that is read.")
        depth = max(0, depth + line.count("[") + line.count("{") - line.count("]") - line.count("}"))
        opened = line.count("- ") + line.count("? ") + (len(line) - len(line.lstrip(" "))) // 2
        if depth + line.count("[") + line.count("{") > 2 * MAX_NESTING or opened > 4 * MAX_NESTING:
            raise SeedError(name, f"line {number}", "lists or mappings are nested too deeply",
                            f"Write it flatter: {MAX_NESTING} levels is the most that is read.")


@cache
def _loader() -> Any:
    """The C loader where PyYAML has it, without dates: '2026-01-21' stays the text it looks like."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for first, pairs in base.yaml_implicit_resolvers.items()
    }
    return type("SeedLoader", (base,), {"yaml_implicit_resolvers": resolvers})


class _Builder:
    """Turns YAML nodes into plain values and refuses what seeds have no use for."""

    __slots__ = ("_name", "_scalars", "_seen")

    def __init__(self, name: str) -> None:
        from yaml.constructor import SafeConstructor

        self._name = name
        self._seen: set[int] = set()
        self._scalars = SafeConstructor()

    def build(self, node: Any, key: str, depth: int = 0) -> Any:
        line = node.start_mark.line + 1
        if node.id != "scalar":
            if id(node) in self._seen:
                raise SeedError(self._name, key, f"line {line} is used a second time through an alias",
                                "Write the value out: seeds have no aliases.")
            if depth > MAX_NESTING:
                raise SeedError(self._name, key, "nested too deeply", "Write it flatter.")
            self._seen.add(id(node))
        if node.id == "mapping":
            return self._mapping(node, key, depth)
        if node.id == "sequence":
            self._plain_tag(node, "seq", key)
            return [self.build(child, f"{key}[{i}]", depth + 1) for i, child in enumerate(node.value)]
        return self._scalar(node, key, line)

    def _mapping(self, node: Any, key: str, depth: int) -> dict[str, Any]:
        self._plain_tag(node, "map", key)
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.id != "scalar":
                raise SeedError(self._name, f"line {line}", "a key is not plain text",
                                "Use a word as the key.")
            word = str(key_node.value)
            if word in out or word == "<<":
                raise SeedError(self._name, f"{key}.{word}".lstrip("."),
                                f"line {line} gives this key a second time" if word in out
                                else f"line {line} merges another mapping",
                                "Keep one of them." if word in out else "Write the values out.")
            out[word] = self.build(value_node, f"{key}.{word}".lstrip("."), depth + 1)
        return out

    def _scalar(self, node: Any, key: str, line: int) -> Any:
        try:
            value = self._scalars.construct_object(node)
        except (Exception, RecursionError) as error:
            shown = f"line {line} holds {node.value[:40]!r}, which cannot be read ({type(error).__name__})"
            raise SeedError(self._name, key, shown, "Write a number, true, false or quoted text.") from None
        if isinstance(value, float) and not math.isfinite(value):
            raise SeedError(self._name, key, f"line {line} holds {node.value!r}, which is no finite number",
                            "Give a number, or leave the key out.")
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**15:
            raise SeedError(self._name, key, f"line {line} holds a number of {len(node.value)} digits",
                            "Give a number below 10^15.")
        if value is not None and not isinstance(value, (str, int, float, bool)):
            raise SeedError(self._name, key, f"line {line} holds a {type(value).__name__}",
                            "Quote it as text.")
        return value

    def _plain_tag(self, node: Any, kind: str, key: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{kind}":
            raise SeedError(self._name, key, f"the tag {node.tag!r} is not allowed", "Remove the tag.")
