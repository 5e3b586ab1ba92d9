"""The loader refuses what nobody vouches for, and says where, what and how to mend it."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import facts
from casebook.facts import SeedError, parse_seed, read_seed
from casebook.facts.crosscheck import article_from, catalog_from
from casebook.facts.loader import own_seeds

CASE = "cases/stability-moderation.yaml"


def case_data() -> dict[str, Any]:
    return read_seed(CASE)


def refuse_case(data: dict[str, Any]) -> SeedError:
    with pytest.raises(SeedError) as caught:
        own_seeds().case_from(data, CASE)
    return caught.value


def serving(data: dict[str, Any], option: str) -> dict[str, Any]:
    slot = next(slot for slot in data["slots"] if slot["id"] == "serving")
    return next(item for item in slot["options"] if item["id"] == option)


def test_the_projects_own_seeds_load() -> None:
    assert "stability-moderation" in facts.case_ids()
    case = facts.load_case_data("stability-moderation")
    assert case.slot("serving").option("triton-l4").service.per_item_ms == pytest.approx(4.362)
    assert facts.load_article("stability").article.id == "STB"


def test_a_number_without_provenance_is_refused_with_file_key_and_remedy() -> None:
    data = case_data()
    del serving(data, "triton-l4")["provenance"]
    error = refuse_case(data)
    assert error.file == CASE
    assert error.key.startswith("slots.serving.options.triton-l4.")
    assert "no provenance" in error.problem
    assert "source:" in error.remedy
    for part in (CASE, "triton-l4", "no provenance", "catalog:<id>"):
        assert part in str(error)


def test_a_provenance_that_names_no_origin_does_not_count() -> None:
    data = case_data()
    serving(data, "cpu-fleet")["provenance"] = {"kind": "assumption", "label": "ours"}
    assert "no provenance" in refuse_case(data).problem


def test_a_provenance_on_the_whole_file_covers_nothing() -> None:
    data = case_data()
    del serving(data, "triton-l4")["provenance"]
    data |= {"kind": "assumption", "note": "everything here is ours"}
    assert "no provenance" in refuse_case(data).problem


@pytest.mark.parametrize(("reference", "suggested"), [
    ("catalog:gpu.l4.usd_hour", "gpu.l4.usd_h"),
    ("fact:STB.latencyy", "STB.latency"),
])
def test_a_reference_that_leads_nowhere_suggests_the_nearest_id(reference: str, suggested: str) -> None:
    data = case_data()
    serving(data, "triton-l4")["cost"]["per_unit_hour_usd"] = reference
    error = refuse_case(data)
    assert suggested in error.remedy
    assert error.key == "slots.serving.options.triton-l4.cost.per_unit_hour_usd"


def test_a_fact_named_as_origin_must_exist() -> None:
    data = case_data()
    data["targets"][0]["fact"] = "STB.latensy"
    assert "STB.latency" in refuse_case(data).remedy


def test_an_unknown_key_suggests_the_nearest() -> None:
    data = case_data()
    option = serving(data, "triton-l4")
    option["build_week"] = option.pop("build_weeks")
    error = refuse_case(data)
    assert "build_week" in str(error)
    assert "'build_weeks'" in error.remedy
    assert "slots.serving.options.triton-l4" in error.key


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda data: data["presets"][1]["choices"].update(serving="triton-14"), "triton-l4"),
    (lambda data: data["presets"][1]["knobs"].update(replica=2), "replicas"),
    (lambda data: data["presets"][1]["choices"].pop("review"), "review"),
    (lambda data: data["links"][0].update({"to": "prefilters"}), "prefilter"),
    (lambda data: data["slots"][0].update(group="uploads"), "upload"),
    (lambda data: data["slots"][0].update(owner_kinds=["Data Enginering"]), "Data Engineering"),
    (lambda data: data["questions"][0].update(tested_by="campain"), "campaign"),
    (lambda data: data["pushbacks"][0]["tests"].remove("volume"), "does not list the question 'volume'"),
    (lambda data: data["pushbacks"][0]["change"].update(scenario="virall"), "viral"),
    (lambda data: data["pushbacks"][0].update(change={}), "changes nothing"),
    (lambda data: data["quality"].update(threshold_knob="treshold"), "threshold"),
    (lambda data: data["time_plan"]["blocks"][0].update(minutes=6), "add up to 46"),
    (lambda data: data["scenarios"].append(dict(data["scenarios"][0])), "appears twice"),
    (lambda data: data["scenarios"][0]["data"].update(prevalence=5), "share"),
    (lambda data: serving(data, "triton-l4")["service"].pop("fixed_ms"), "fixed_ms"),
    (lambda data: serving(data, "triton-l4")["capacity"].update(per="gpus"), "'gpus'"),
    (lambda data: serving(data, "triton-l4")["knobs"]["replicas"].update(default=0), "outside"),
    (lambda data: serving(data, "triton-l4")["cost"].update(fixed_usd_month=-1), "negative"),
    (lambda data: data["audits"][0].update(value=240), "220"),
])
def test_what_does_not_fit_together_is_named(spoil: Any, words: str) -> None:
    data = case_data()
    spoil(data)
    assert words in str(refuse_case(data))


def test_unknown_ids_suggest_near_misses() -> None:
    with pytest.raises(SeedError, match=r"Did you mean 'STB\.fpr'"):
        facts.fact("STB.fprr")
    with pytest.raises(SeedError, match="stability-moderation"):
        facts.load_case_data("stability-moderaton")
    with pytest.raises(SeedError, match="stability"):
        facts.load_article("stabillity")
    with pytest.raises(KeyError, match=r"gpu\.l4\.usd_h"):
        facts.catalog()["gpu.l4.usdh"]
    with pytest.raises(SeedError, match=r"STB\.latency"):
        facts.render("below {{STB.latncy}}")


def test_a_catalogue_entry_without_a_known_source_is_refused() -> None:
    data = read_seed("catalog.yaml")
    entry = data["entries"][0]
    entry["source"] = "mlsysimm"
    with pytest.raises(SeedError) as caught:
        catalog_from(data, "catalog.yaml")
    assert caught.value.key == f"entries.{entry['id']}.source"
    assert "'mlsysim'" in caught.value.remedy
    del entry["source"]
    with pytest.raises(SeedError, match="source"):
        catalog_from(data, "catalog.yaml")


def test_a_claim_with_a_value_needs_its_unit_and_its_kind_of_percent() -> None:
    data = read_seed("stability.yaml")
    fact = next(item for item in data["facts"] if item["id"] == "STB.toxic")
    del fact["percent"]
    with pytest.raises(SeedError, match="relative, points, share"):
        article_from(data, "stability.yaml")
    fact["percent"] = "relative"
    del fact["unit"]
    with pytest.raises(SeedError, match="no unit"):
        article_from(data, "stability.yaml")


def test_an_assumption_must_be_labelled_ours() -> None:
    data = read_seed("stability.yaml")
    next(item for item in data["facts"] if item["id"] == "STB.prevalence").pop("label")
    with pytest.raises(SeedError, match="ours"):
        article_from(data, "stability.yaml")


@pytest.mark.parametrize(("text", "words"), [
    ("a: 1\na: 2\n", "second time"),
    ("a: &x 1\nb: [*x]\nc: &y {d: 1}\ne: *y\n", "alias"),
    ("a: .nan\n", "finite"),
    ("a: .inf\n", "finite"),
    ("a: 99999999999999999999\n", "digits"),
    ("a: !!python/object:os.system x\n", "cannot be read"),
    ("a: !thing {b: 1}\n", "tag"),
    ("a: !!binary aGVsbG8=\n", "bytes"),
    ("? [a, b]\n: 1\n", "plain text"),
    ("a:\n  <<: {b: 1}\n", "merges"),
    ("- 1\n- 2\n", "mapping"),
    ("a: [1, 2\n", "YAML"),
    ("a: '1\n", "YAML"),
    ("", "mapping"),
    ("a: " + "[" * 500, "nested"),
    ("a: " + "x" * 5000, "Wrap"),
])
def test_yaml_that_seeds_have_no_use_for_is_refused(text: str, words: str) -> None:
    with pytest.raises(SeedError, match=r"broken\.yaml") as caught:
        parse_seed(text, "broken.yaml")
    assert words in str(caught.value)


def test_a_date_stays_text() -> None:
    assert parse_seed("as_of: 2026-01-21\nbad: 2026-13-45\n", "x.yaml") == {
        "as_of": "2026-01-21", "bad": "2026-13-45"}


def test_files_that_cannot_be_read_are_named(tmp_path: Any) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9\n")
    with pytest.raises(SeedError, match="UTF-8"):
        read_seed("latin.yaml", tmp_path)
    with pytest.raises(SeedError, match="no such file"):
        read_seed("absent.yaml", tmp_path)


def test_a_reference_keeps_source_and_band() -> None:
    case = facts.load_case_data("stability-moderation")
    price = case.option("serving", "triton-t4").cost.per_unit_hour_usd
    item = case.option("serving", "triton-t4").service.per_item_ms
    assert price is not None
    assert item is not None
    assert price.ref == "catalog:gpu.t4.usd_h"
    assert (price.low, price.high) == (pytest.approx(0.526 * 0.95), pytest.approx(0.526 * 1.05))
    measured = case.option("serving", "triton-l4").service.per_item_ms
    assert measured is not None
    width = (item.high - item.low) / item
    assert width > 2 * (measured.high - measured.low) / measured, "a scaled figure must have the wider band"


def test_percentages_of_facts_become_shares_in_a_case() -> None:
    case = facts.load_case_data("stability-moderation")
    limits = {target.id: target.limit for target in case.targets}
    assert limits["fpr"] == pytest.approx(0.05)
    assert limits["toxic"] == pytest.approx(0.30)
    assert limits["latency"] == 200


def test_importing_the_room_loads_neither_yaml_nor_pydantic() -> None:
    import subprocess
    import sys

    code = "import sys, casebook.facts; print([m for m in ('yaml', 'pydantic') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
