"""Every row of the requirement list's sections 1, 2, 2a, 3 (meta rows), 4, 5, 6 and 8 is in the seeds, in its form."""

from __future__ import annotations

import pytest

from casebook import facts
from casebook.facts.article import Fact
from casebook.facts.loader import ARTICLES, own_seeds

ALL = own_seeds().facts()
SHORT = {"stability": "STB", "scale": "SCL", "startups": "STU", "general": "GEN", "midjourney": "MJ"}

# Section 1: full, mini, anti, prompt, reference; in the order of the list
ROLES = {
    "STB": "full mini mini anti anti anti",
    "SCL": "full full mini mini mini anti mini mini mini anti",
    "STU": "full full mini mini mini mini mini mini mini full mini mini reference anti anti anti mini anti",
    "GEN": "full prompt prompt prompt prompt prompt prompt prompt",
    "MJ": "full full full full anti anti mini anti anti",
}
# Section 2: how many parts each framework has
FRAMEWORKS = {
    "STB": [3, 2, 3, 3, 5, 3, 4, 2], "SCL": [4, 3, 4, 4, 4], "STU": [4, 5, 4, 2, 3, 5],
    "GEN": [5, 4, 9, 4, 7], "MJ": [2, 3, 3, 4, 2, 3, 4],
}
# Section 2a: probe → its cases
PROBES = {
    "SCL.probe_shard_key": "SCL-4", "SCL.probe_alarm": "SCL-5", "STU.probe_daily_batch": "STU-2",
    "STU.probe_labels": "STU-3", "STU.probe_kubernetes": "STU-4", "STU.probe_kubernetes_customers": "STU-14",
    "STU.probe_confidence": "STU-1", "STU.probe_wrong": "STU-8", "STU.probe_refresh": "STU-11",
    "GEN.probe_scale": "GEN-1", "MJ.probe_budget": "MJ-1", "MJ.probe_satisfaction": "MJ-1",
    "MJ.probe_four_seconds": "MJ-1", "MJ.probe_batch": "MJ-3", "MJ.probe_concurrent": "MJ-7",
    "MJ.probe_regions": "MJ-4",
}
QUESTIONS = ["STB.question_sources", "STU.question_volume", "STU.question_outcome", "STU.question_debt"]
# Section 4
RULES = {
    "STB": ["rule_ownership", "rule_judgement", "rule_boxes"],
    "SCL": ["rule_unquantified", "rule_cost_blind", "rule_order", "rule_passes", "rule_phases", "rule_algorithms"],
    "STU": ["weight_speed", "weight_cost", "weight_data", "weight_extend", "limit_weeks", "limit_usd_month",
            "limit_adapt_months", "rule_no_loop", "rule_alternative", "rule_template"],
    "GEN": ["rule_clarify", "rule_depth", "rule_implementation", "not_tested", "checklist"],
    "MJ": ["rule_both", "rule_diagram_first", "rule_time", "rule_cost_alone"],
}
OURS_IN_RULES = ["STB.cap", "SCL.cap", "SCL.weight_hypothesis", "SCL.weight_metric", "SCL.weight_reason",
                 "SCL.weight_plan", "STU.cap", "MJ.weight_impact", "MJ.weight_feasibility"]
# Section 5, in order; r: shows in the record, t: only in the talk
MISTAKES = {
    "STB": "catalogue:r iterate:r nobody:r infrastructure:r recap:t every_compromise:t novel:r",
    "SCL": "features:r algorithms:t no_cost:r mission:r static:r dashboard:r shard:t",
    "STU": "cluster:r inference_only:r bert:t kafka:r streaming:t labels:r stack:r template:t",
    "GEN": "depth:t clarify:r implementation:t",
    "MJ": "drawing:t algorithm:t unranked:r batch:r global_cache:t pods:t cost_sheet:r",
}
# Section 6: the rows by the article that holds them
CONTRADICTIONS = {
    "STB": [*range(1, 9), 41, 42, 43, 46, 47], "SCL": [*range(9, 18), 48], "STU": [*range(18, 25), 45],
    "GEN": [*range(25, 31), 44], "MJ": list(range(31, 42)),
}
# Sections 1 (worked answer) and 8, and rows of section 3 that are no figures
NOTES = {
    "STB": ["ingestion", "serving", "feedback", "labels_on_parts", "last_gate", "note_quality", "note_boxes",
            "note_owners"],
    "SCL": ["spikes_to_gpus", "accuracy_fallback", "phase_techniques", "note_per_day", "note_signals"],
    "STU": ["ask_volume", "route_low_confidence", "learns", "client_wants", "label_questions", "log_confidence",
            "on_lambda", "round_place", "committee", "note_curve", "note_reader", "note_small_team"],
    "GEN": ["ask", "assume", "online", "output", "offline", "evaluation", "observability", "retrieval", "cost",
            "tradeoffs", "at_scale", "cadence", "model", "note_reader", "note_prompts"],
    "MJ": ["iterate", "remix_promise", "node_table", "low_priority", "note_latencies"],
}
SCRIPTS = {
    "STB": ["three_swap", "close", "persona"], "SCL": ["accuracy", "overflow", "phases"],
    "STU": ["cold_start", "opening"], "GEN": ["unknown", "answer"],
    "MJ": ["opening", "pushback", "cost", "funnel"],
}


def of(short: str, section: str) -> list[Fact]:
    """The facts of one article in one section."""
    name = next(name for name, word in SHORT.items() if word == short)
    return [fact for fact in facts.load_article(name).facts if fact.section == section]


def test_the_five_articles_are_there() -> None:
    assert facts.article_ids() == ARTICLES
    assert {name: facts.load_article(name).article.id for name in ARTICLES} == SHORT


@pytest.mark.parametrize("short", ROLES)
def test_every_case_with_its_role(short: str) -> None:
    expected = {f"{short}-{n}": role for n, role in enumerate(ROLES[short].split(), start=1)}
    assert {fact.id: fact.role for fact in of(short, "cases")} == expected
    assert all(fact.fact_id == fact.id and fact.title for fact in of(short, "cases"))


@pytest.mark.parametrize("short", FRAMEWORKS)
def test_every_framework_with_as_many_parts(short: str) -> None:
    found = of(short, "frameworks")
    assert [fact.id for fact in found] == [f"F-{short}-{n}" for n in range(1, len(FRAMEWORKS[short]) + 1)]
    assert [len(fact.parts) for fact in found] == FRAMEWORKS[short]


def test_every_probe_with_its_case_and_what_it_changes() -> None:
    found = {fact.id: fact for fact in ALL.values() if fact.section == "probes" and fact.changes}
    assert {name: fact.case for name, fact in found.items()} == PROBES
    assert set(QUESTIONS) <= {fact.id for fact in ALL.values() if fact.section == "probes"}
    assert all(ALL[name].text.startswith("Praised") for name in QUESTIONS)


@pytest.mark.parametrize("short", RULES)
def test_every_rule_of_the_rubrics(short: str) -> None:
    told = [fact.id for fact in of(short, "rules") if fact.kind == "seed_claim"]
    assert told == [f"{short}.{name}" for name in RULES[short]]


def test_weights_and_caps_that_no_article_gives_are_ours() -> None:
    ours = [fact.id for fact in ALL.values() if fact.section == "rules" and fact.label == "ours"]
    assert sorted(ours) == sorted(OURS_IN_RULES)
    weights = [f"SCL.weight_{name}" for name in ("hypothesis", "metric", "reason", "plan")]
    values = [float(ALL[name].value or 0) for name in weights]
    assert values == sorted(values, reverse=True)
    assert sum(values) == 100
    assert float(ALL["MJ.weight_impact"].value or 0) > float(ALL["MJ.weight_feasibility"].value or 0)


@pytest.mark.parametrize("short", MISTAKES)
def test_every_mistake_says_where_it_shows(short: str) -> None:
    where = {"record": "r", "talk": "t"}
    found = [f"{fact.id.removeprefix(f'{short}.mistake_')}:{where[fact.shows_in]}" for fact in of(short, "mistakes")]
    assert found == MISTAKES[short].split()
    assert all(fact.bad != fact.good for fact in of(short, "mistakes"))


def test_every_contradiction_once_and_in_its_article() -> None:
    for short, rows in CONTRADICTIONS.items():
        found = {fact.fact_id for fact in of(short, "contradictions") if fact.fact_id}
        assert found == {f"X{row}" for row in rows}   # X41 is MJ's finding; STB.X41 points to it
    everywhere = {row for rows in CONTRADICTIONS.values() for row in rows}
    assert everywhere == set(range(1, 49))


@pytest.mark.parametrize("short", NOTES)
def test_notes_and_scripts(short: str) -> None:
    assert {fact.id for fact in of(short, "notes")} == {f"{short}.{name}" for name in NOTES[short]}
    scripts = {fact.id for fact in of(short, "scripts")}
    told = {"STU.story_loop", "STU.story_queues"} if short == "STU" else set()
    assert scripts == {f"{short}.script_{name}" for name in SCRIPTS[short]} | told
    assert all(len(fact.parts) >= 2 for fact in of(short, "scripts") if ".script_" in fact.id)


def test_prompts_that_are_only_named_carry_no_figure_of_an_article() -> None:
    prompts = {fact.id for fact in ALL.values() if fact.role == "prompt"}
    assert len(prompts) == 7
    assert [fact.id for fact in ALL.values()
            if fact.case in prompts and fact.kind == "seed_claim" and fact.value is not None] == []


def test_ids_are_used_once_across_the_articles() -> None:
    assert len(ALL) == sum(len(facts.load_article(name).facts) for name in ARTICLES)


def test_stories_are_not_merged() -> None:
    assert ALL["STU.seed_round"].case == "STU-18"
    assert [fact.id for fact in ALL.values() if fact.case == "STU-4" and "usd" in fact.unit] == []
    customers = [ALL[name] for name in ("STU.paying_customers", "STU.clients", "STU.cluster_customers")]
    assert len({fact.case for fact in customers}) == 3
