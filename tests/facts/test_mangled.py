"""Whatever is done to a seeds file, the loader answers with a record or a SeedError, never anything else."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook.facts import SeedError, parse_seed
from casebook.facts.base import build
from casebook.facts.crosscheck import article_from, audits_from, catalog_from
from casebook.facts.files import seeds_root
from casebook.facts.framework import FrameworkBook, check_frameworks
from casebook.facts.loader import own_seeds

FILES = ("stability.yaml", "catalog.yaml", "cases/stability-moderation.yaml", "audits.yaml", "frameworks.yaml")
CALM = settings(max_examples=60, deadline=None, derandomize=True,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

JUNK = ("&a ", "*a", "!!int x", "{", "[[", "}", "- ", ": ", "\t", "'", '"', "%", "---\n",
        "<<: ", "~", "0x_", "1e999")


@cache
def text_of(name: str) -> str:
    return str(seeds_root().joinpath(*name.split("/")).read_bytes().decode())


@cache
def data_of(name: str) -> dict[str, Any]:
    return parse_seed(text_of(name), name)


def load(data: dict[str, Any], name: str) -> bool:
    """True when the data is accepted, False when it is refused properly."""
    try:
        if name == "stability.yaml":
            article_from(data, name)
        elif name == "catalog.yaml":
            catalog_from(data, name)
        elif name == "audits.yaml":
            audits_from(data, name, own_seeds().facts())
        elif name == "frameworks.yaml":
            check_frameworks(build(FrameworkBook, data, name), own_seeds().facts(), name)
        else:
            own_seeds().case_from(data, name)
    except SeedError as error:
        named = bool(error.file and error.problem and error.remedy)
    else:
        return True
    assert named
    return False


@CALM
@given(st.sampled_from(FILES), st.data())
def test_text_with_a_piece_replaced(name: str, data: st.DataObject) -> None:
    text = text_of(name)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    junk = data.draw(st.text(alphabet=st.characters(codec="utf-8"), max_size=12) | st.sampled_from(JUNK))
    try:
        made = parse_seed(text[:start] + junk + text[end:], name)
    except SeedError:
        return
    load(made, name)


@CALM
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_any_text_at_all(text: str) -> None:
    try:
        made = parse_seed(text, "any.yaml")
    except SeedError as error:
        made = {"refused": error.file}
    assert isinstance(made, dict)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in nested data."""
    found: list[tuple[Any, Any]] = []
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        found.append((data, key))
        found.extend(places(value))
    return found


VALUES = st.sampled_from([
    None, True, "", "x", "catalog:", "catalog:gpu.l4.usd_h", "fact:STB.X4", "fact:nothing", [], {}, [1],
    {"a": 1}, 0, -1, 1e308, 10**14, "STB.fpr / 0", "1 / (", "STB.fpr ** 999",
])


@CALM
@given(st.sampled_from(FILES), st.data())
def test_a_value_replaced_or_removed(name: str, data: st.DataObject) -> None:
    made = deepcopy(data_of(name))
    container, key = data.draw(st.sampled_from(places(made)))
    if data.draw(st.booleans()):
        container[key] = data.draw(VALUES)
    elif isinstance(container, dict):
        del container[key]
    else:
        container.pop(key)
    load(made, name)


def test_the_files_themselves_are_accepted() -> None:
    assert [load(data_of(name), name) for name in FILES] == [True] * len(FILES)
