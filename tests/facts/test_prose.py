"""Figures in prose are filled in from seeds; figures typed bare are found."""

from __future__ import annotations

import pytest

from casebook.facts import SeedError, render
from casebook.facts.arithmetic import calculate
from casebook.facts.prose import articles_of, bare_figures, lookup, origin


@pytest.mark.parametrize(("written", "shown"), [
    ("{{STB.fpr}}", "5 %"), ("{{STB.latency}}", "200 ms"), ("{{STB.inference_usd}}", "$0.12"),
    ("{{STB.boxes}}", "3–5 boxes"), ("{{STB.volume_launch}}", "100,000 uploads a day"),
    ("{{STB.latency|bare}}", "200"), ("{{ STB.mvp_weeks }}", "8 weeks"),
    ("{{gpu.l4.usd_h}}", "$0.8048 an hour"),
    ("{{SCL.volume_after}}", "1,000,000 predictions a day"), ("{{SCL.iops_usd_month}}", "$12,000 a month"),
    ("{{SCL.ceiling_usd}}", "$0.03 per prediction"), ("{{MJ.edge_usd_month}}", "$18,000 per node a month"),
    ("{{STU.raised}}", "$2–20 million"), ("{{MJ.offer_base}}", "$175–190 thousand a year"),
    ("{{STU.contrast_availability}}", "99.999 %"), ("{{STU.contrast_qps}}", "100,000 requests a second"),
    ("{{MJ.path_effect_s}}", "-0.8 s"), ("{{STU.refresh_weeks}}", "1 week"),
    ("{{STB.X1}}", "24 ms x usd"), ("no reference {here}", "no reference {here}"),
])
def test_a_reference_becomes_the_figure_with_its_unit(written: str, shown: str) -> None:
    assert render(written) == shown


def test_the_origin_can_be_shown() -> None:
    assert origin(lookup("STB.fpr")) == "STB-1, the article's claim"
    assert origin(lookup("STB.prevalence")) == "STB-1, ours"
    assert origin(lookup("gpu.l4.usd_h")) == "catalogue: aws-gpu, 2026-01-21"


def test_an_unknown_way_to_show_a_figure_is_refused() -> None:
    with pytest.raises(SeedError, match=r"\|bare"):
        render("{{STB.fpr|naked}}")


@pytest.mark.parametrize(("text", "seed_id"), [
    ("A verdict takes 200 ms.", "STB.latency"), ("It costs $0.12 each.", "STB.inference_usd"),
    ("After 8 weeks it stands.", "STB.mvp_weeks"), ("An 8-week plan.", "STB.mvp_weeks"),
    ("100,000 uploads a day arrive.", "STB.volume_launch"), ("Less than 5% of them.", "STB.fpr"),
])
def test_a_bare_figure_that_a_seed_holds_is_found(text: str, seed_id: str) -> None:
    assert [bare.seed_id for bare in bare_figures(text)] == [seed_id]


@pytest.mark.parametrize("text", [
    "A verdict takes {{STB.latency}}.", "Write `p99 latency < 200 ms` there.", "It took 201 ms.",
    "Section 8 of 13.", "See https://example.org/200 ms",
    "Version 1.5 %-free", "200 ms <!-- bare figure: another system -->",
])
def test_other_text_is_left_alone(text: str) -> None:
    assert list(bare_figures(text)) == []


def test_a_figure_is_looked_for_in_the_articles_that_the_text_is_about() -> None:
    text = "A preview in 1 s, for $18k a month."
    assert [bare.seed_id for bare in bare_figures(text, articles=("MJ",))] == ["MJ.preview_s", "MJ.edge_usd_month"]
    assert list(bare_figures(text, articles=("STB",))) == []
    assert [bare.seed_id for bare in bare_figures("It takes 10 minutes.", articles=("MJ",))] == ["MJ.wasted_minutes"]
    assert [bare.seed_id for bare in bare_figures("It takes 10 minutes.")] == ["STB.interrupted_minutes"]


@pytest.mark.parametrize(("name", "articles"), [
    ("authored/01-stability.py", ("STB",)), ("authored/05-midjourney.py", ("MJ",)), ("02-scale.ipynb", ("SCL",)),
    ("cases/stability-moderation.yaml", ("STB",)), ("authored/cases/stability-moderation.py", ("STB",)),
    ("authored/00-start.py", ()), ("docs/design.md", ()), ("authored/sections/frame.py", ()),
])
def test_a_file_is_about_the_article_in_its_name_or_of_its_case(name: str, articles: tuple[str, ...]) -> None:
    assert articles_of(name) == articles


@pytest.mark.parametrize("expression", [
    "__import__('os').system('true')", "(1).__class__", "[1][0]", "1 if 2 else 3", "open('x')", "a.b.c()",
    "9 ** 9 ** 9", "1 / 0", "x := 1", "'a' * 9", "True + 1", "exp(9999)", "(-1) ** 0.5", "1 +", "1" * 500,
])
def test_the_calculator_does_arithmetic_and_nothing_else(expression: str) -> None:
    with pytest.raises(ValueError):
        calculate(expression, lambda name: 2.0)


def test_the_calculator_knows_ids_and_a_few_functions() -> None:
    known = {"STB.latency": 200.0, "gpu.l4.usd_h": 0.8048}
    assert calculate("STB.latency * 2 - -1", known.__getitem__) == 401
    assert calculate("sqrt(16) + max(1, 2) + phi(0)", known.__getitem__) == 6.5
