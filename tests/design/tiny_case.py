"""A made-up case with everything that the format offers, and nothing of any article."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from casebook.design import Case, forget_evaluations
from casebook.facts.loader import own_seeds

OURS = {"kind": "assumption", "label": "ours", "note": "made up"}
NONE = {
    "id": "none",
    "title": "Nothing",
    "summary": "Left out.",
    "none": True,
    "service": {"model": "none"},
    "build_weeks": 0,
    "provenance": OURS,
}


def option(name: str, service: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An option with what every option needs."""
    return {
        "id": name,
        "title": name.title(),
        "summary": "Made up.",
        "service": service,
        "build_weeks": 1,
        "provenance": OURS,
    } | more


def slot(name: str, role: str, options: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A slot; it may stay empty where an option is called none."""
    return {
        "id": name,
        "role": role,
        "title": name.title(),
        "question": "What here?",
        "group": "all",
        "required": all(one["id"] != "none" for one in options),
        "owner_kinds": ["Ops"],
        "options": options,
    } | more


def tiny() -> dict[str, Any]:
    """The case as YAML would give it: a cache that hits, a small and a large model, a line, people, a batch lane."""
    share = {"title": "Share", "default": 0.5, "min": 0, "max": 1, "step": 0.1}
    count = {"title": "Machines", "default": 2, "min": 1, "max": 20, "step": 1}
    return {
        "id": "tiny",
        "article": "STB",
        "case": "STB-1",
        "title": "Tiny",
        "brief": "Do it.",
        "persona": "somebody",
        "decision": "what to do",
        "unit": {"request": "question", "requests": "questions"},
        "owners": ["Ops"],
        "targets": [
            {
                "id": "wait",
                "title": "Wait",
                "metric": "latency_ms",
                "role": "latency",
                "quantile": 0.95,
                "span": "reply",
                "limit": 900,
                "unit": "ms",
                "direction": "max",
                **OURS,
            },
            {
                "id": "right",
                "title": "Right",
                "metric": "quality.right",
                "role": "primary",
                "limit": 0.8,
                "unit": "share",
                "direction": "min",
                **OURS,
            },
            {
                "id": "busy",
                "title": "Busy",
                "metric": "quality.large_busy",
                "limit": 0.9,
                "unit": "share",
                "direction": "max",
                **OURS,
            },
            {
                "id": "up",
                "title": "Up",
                "metric": "availability",
                "limit": 0.9,
                "unit": "share",
                "direction": "min",
                **OURS,
            },
        ],
        "scenarios": [
            {
                "id": "calm",
                "title": "Calm",
                "story": "A day.",
                "requests_day": 86400,
                "arrivals": {"kind": "poisson", "peak_factor": 2},
                "facts": {"repeats": 0.4, "tokens": 100},
                **OURS,
            },
            {
                "id": "waves",
                "title": "Waves",
                "story": "Bursts.",
                "requests_day": 86400,
                "arrivals": {
                    "kind": "bursty",
                    "peak_factor": 2,
                    "burst_factor": 11,
                    "burst_share": 0.1,
                    "burst_mean_s": 5,
                },
                "facts": {"repeats": 0.4, "tokens": 100},
                **OURS,
            },
            {
                "id": "rush",
                "title": "Rush",
                "story": "A crowd.",
                "requests_day": 86400,
                "arrivals": {
                    "kind": "flash_crowd",
                    "peak_factor": 1,
                    "crowd_factor": 5,
                    "crowd_start_s": 600,
                    "crowd_lasts_s": 60,
                },
                "facts": {"repeats": 0.4, "tokens": 100},
                **OURS,
            },
            {
                "id": "day",
                "title": "Day",
                "story": "A whole day.",
                "requests_day": 8640,
                "arrivals": {"kind": "diurnal", "peak_factor": 1.8, "peak_hour": 15},
                "facts": {"repeats": 0.4, "tokens": 100},
                **OURS,
            },
        ],
        "groups": [{"id": "all", "title": "All"}],
        "slots": [
            slot("door", "entry", [option("front", {"model": "deterministic", "mean_ms": 10}, availability=0.99)]),
            slot(
                "cache",
                "cache",
                [NONE, option("hits", {"model": "delay", "mean_ms": 5}, effects={"hit": "fact.repeats"})],
            ),
            slot(
                "small",
                "route",
                [
                    NONE,
                    option(
                        "quick",
                        {
                            "model": "hosted",
                            "ttft_ms": 100,
                            "tokens_per_s": 1000,
                            "output_tokens": "fact.tokens",
                            "cv": 0.2,
                        },
                        knobs={"easy": share},
                        effects={"lost": 0.2},
                        cost={
                            "tokens": {
                                "input": "10 * fact.tokens",
                                "output": "fact.tokens",
                                "cached_input_share": 0.5,
                                "usd_m_input": 2,
                                "usd_m_output": 10,
                                "usd_m_cached_input": 1,
                                "batch_discount": 0.5,
                            }
                        },
                    ),
                ],
            ),
            slot(
                "large",
                "serving",
                [
                    option(
                        "card",
                        {"model": "lognormal", "mean_ms": "200 + fact.tokens", "cv": 0.5},
                        capacity={"servers": 1, "per": "cards"},
                        knobs={"cards": count},
                        effects={"score": 0.9},
                        cost={
                            "per_unit_hour_usd": 1,
                            "units": "cards",
                            "extra": [{"title": "disks", "usd_month": "100 * knob.cards"}],
                        },
                    ),
                    option(
                        "lambda",
                        {"model": "serverless", "mean_ms": 300, "cv": 0.1, "cold_ms": 500, "keep_warm_s": 60},
                        concurrency=50,
                        effects={"score": 0.8},
                    ),
                    option(
                        "steps",
                        {
                            "model": "continuous_batch",
                            "fixed_ms": 5,
                            "per_item_ms": 0.5,
                            "slots": 16,
                            "output_tokens": "fact.tokens",
                        },
                        effects={"score": 0.95},
                    ),
                    option("full", {"model": "exponential", "mean_ms": 900}, queue_limit=0, effects={"score": 0.9}),
                    option(
                        "patient",
                        {"model": "exponential", "mean_ms": 200},
                        capacity={"servers": 4},
                        retry={"timeout_ms": 2000, "attempts": 2},
                        effects={"score": 0.9},
                    ),
                ],
            ),
            slot(
                "lane",
                "batch",
                [
                    NONE,
                    option(
                        "slow",
                        {"model": "delay", "mean_ms": 60_000},
                        burst_limit="knob.most",
                        knobs={"most": {**count, "default": 3}},
                        cost={"per_million_requests_usd": 10},
                    ),
                ],
                reach="clipped_share",
            ),
            slot(
                "people",
                "review",
                [
                    NONE,
                    option(
                        "desk",
                        {"model": "lognormal", "mean_ms": 60_000, "cv": 1},
                        staffing={"people": "staff", "hours": "shift", "open_hour": 9, "days_per_week": 7},
                        knobs={"staff": count, "shift": {**count, "default": 8, "max": 24}},
                        cost={"per_person_hour_usd": 20},
                    ),
                ],
                load_day="wrong * requests_day * 0.01",
            ),
            slot("log", "feedback", [NONE, option("files", {"model": "none"}, cost={"per_million_requests_usd": 1})]),
        ],
        "links": [
            {"from": "door", "to": "cache"},
            {"from": "cache", "to": "large", "share": "(1 - hit) * (1 - easy)"},
            {"from": "cache", "to": "small", "share": "(1 - hit) * easy"},
            {"from": "large", "to": "lane", "kind": "overflow"},
            {"from": "large", "to": "people", "kind": "async"},
            {"from": "large", "to": "log", "kind": "data"},
        ],
        "quality_model": "figures",
        "figures": [
            {"id": "hit", "title": "Hits", "formula": "sum.hit", **OURS},
            {"id": "easy", "title": "Easy", "formula": "knob.easy", **OURS},
            {"id": "wrong", "title": "Wrong", "formula": "1 - max.score + easy * sum.lost", **OURS},
            {
                "id": "right",
                "title": "Right",
                "formula": "1 - wrong - curve_age(if_above(requests_day, 10, 2, 1 / 0))",
                **OURS,
            },
            {"id": "large_busy", "title": "Busy", "formula": "util.large", "late": True, **OURS},
            {
                "id": "usd_right",
                "title": "USD a right one",
                "formula": "usd_per_request / right",
                "late": True,
                **OURS,
            },
            {"id": "quick", "title": "Tail left", "formula": "900 - p95_ms", "late": True, **OURS},
        ],
        "curves": {"age": {"points": [[0, 0], [4, 0.04]], **OURS}},
        "mistakes": [{"id": "refund", "title": "Refunds", "count_day": "wrong * requests_day", "usd": 0.01, **OURS}],
        "quality": {"ops_hour_usd": 50, **OURS},
        "schedule": {"rule": "sum", "mvp_weeks": 4, "canary_weeks": 1, "window_weeks": 12, **OURS},
        "asking": {"allowed": 1, **OURS},
        "pushbacks": [
            {
                "id": "more",
                "title": "More",
                "line": "More at once.",
                "change": {"arrivals": {"peak_factor": 4}, "facts": {"repeats": 0}},
                "asks": {"text": "wait", "metric": "latency_ms", "unit": "ms", "tolerance": 0.05},
                "teaches": "…",
                "provenance": OURS,
            }
        ],
        "presets": [
            {
                "id": "reference",
                "title": "All",
                "role": "reference",
                "why": "…",
                "provenance": OURS,
                "choices": {
                    "door": "front",
                    "cache": "hits",
                    "small": "quick",
                    "large": "card",
                    "lane": "none",
                    "people": "desk",
                    "log": "files",
                },
                "knobs": {"easy": 0.5, "cards": 4},
            }
        ],
        "leaves_out": ["nearly everything"],
    }


@contextmanager
def loaded(data: dict[str, Any]) -> Iterator[Case]:
    """The case as if it stood in seeds/cases; gone afterwards."""
    seeds = own_seeds()
    seeds._cases["tiny"] = seeds.case_from(data, "cases/tiny.yaml")
    forget_evaluations()
    try:
        yield Case("tiny")
    finally:
        seeds._cases.pop("tiny", None)
        forget_evaluations()
