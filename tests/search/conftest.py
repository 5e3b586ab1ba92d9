"""A small corner of the palette that still has machines, people, a cut-off and a cache to choose."""

from __future__ import annotations

import pytest

from casebook.design import Case, load_case
from casebook.search import Found, optimise

CORNER = {
    "ingestion": ["lambda", "ec2-service"],
    "prefilter": ["none", "hash-list"],
    "messaging": ["none"],
    "serving": ["triton-t4", "triton-l4", "managed-api"],
    "review": ["none", "vendor", "staffed-pool"],
    "feedback": ["dynamodb"],
    "cache_share": [0.0],
}


@pytest.fixture(scope="session")
def case() -> Case:
    return load_case("stability-moderation")


@pytest.fixture(scope="session")
def found(case: Case) -> Found:
    return optimise(case, "launch", only=CORNER, learner=case.reference, front_designs=40, front_requests=20_000)
