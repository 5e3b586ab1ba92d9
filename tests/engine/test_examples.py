"""The examples of the docs: made anew they are what is committed, and they show what their words say."""

from __future__ import annotations

import re

import pytest

from tests.engine.examples import batching, bursty_tail, retry_storm
from tests.engine.make_examples import DOCS, made


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return made()


@pytest.mark.parametrize("name", ["examples.md", "img/retry-storm.svg", "img/batching.svg", "img/bursty-tail.svg"])
def test_page_and_pictures_are_what_the_engine_gives_now(files: dict[str, str], name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == files[name], "run: python -m tests.engine.make_examples"


def test_each_example_is_a_question_a_picture_and_an_answer(files: dict[str, str]) -> None:
    sections = files["examples.md"].split("\n## ")[1:]
    assert len(sections) == 3
    for section in sections:
        question, picture, answer = (section.index(mark) for mark in ("> **Question.**", "![", "**Answer.**"))
        assert question < picture < answer
        assert (DOCS / re.findall(r"\]\((img/[^)]+)\)", section)[0]).is_file()


def test_the_storm_breaks_out_between_the_two_loads_on_every_draw() -> None:
    calm = retry_storm.outcome(retry_storm.CALM, retry_storm.TRIES)
    storm = retry_storm.outcome(retry_storm.STORM, retry_storm.TRIES)
    assert max(calm.gave_up) < 0.01 < 0.5 < min(storm.gave_up)
    assert storm.wasted > 0.9 > retry_storm.outcome(retry_storm.STORM, 1).wasted


def test_a_larger_batch_moves_the_wall_and_only_waiting_slows_the_quiet_hour() -> None:
    single, _, sixteen, waiting = batching.measure()
    quiet = batching.QUIET
    assert sixteen.wall_per_s > 9 * single.wall_per_s
    assert sixteen.p99_ms[quiet] <= single.p99_ms[quiet] < waiting.p99_ms[quiet]
    assert batching.MORE not in single.p99_ms  # past its wall there is no p99 to draw


def test_bursts_are_the_proven_cause_of_the_tail() -> None:
    tail = bursty_tail.measure()
    assert tail.ratio > 10
    assert tail.even.utilisation["service"] == pytest.approx(tail.bursts.utilisation["service"], rel=0.02)
    assert tail.formula_ms < tail.bursts.quantile_ms(0.99) / 5
    assert tail.told.cause is not None and tail.told.cause.name == "bursts"


@pytest.mark.parametrize("name", ["retry-storm", "batching", "bursty-tail"])
def test_pictures_read_in_light_and_dark_and_by_a_screen_reader(name: str) -> None:
    text = (DOCS / "img" / f"{name}.svg").read_text(encoding="utf-8")
    assert "prefers-color-scheme:dark" in text and 'role="img"' in text
    assert re.search(r"<title[^>]*>[^<]+</title><desc[^>]*>[^<]{40,}</desc>", text)
    assert all(float(size) >= 12 for size in re.findall(r'font-size="([\d.]+)"', text))
    assert len(text) < 40_000
