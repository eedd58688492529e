"""Which files there are, how many rows, and that the same seed writes the same bytes."""

import hashlib
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from steelyard.errors import Refused
from steelyard.sample import sources_of, tables_of, write_company

# data.md: table → key, and what a row is rejected without.
KEYS = {
    "leads": ["lead_id"],
    "accounts": ["account_id"],
    "contracts": ["contract_id"],
    "collection_plan": ["plan_id"],
    "opportunities": ["opportunity_id"],
    "orders": ["order_line_id"],
    "stage_changes": ["opportunity_id", "changed_at"],
    "invoices": ["invoice_id"],
    "receipts": ["receipt_id"],
    "campaigns": ["campaign_id"],
    "campaign_days": ["campaign_id", "day"],
    "content_days": ["content_id", "day"],
    "touches": ["touch_id"],
    "activities": ["activity_id"],
    "feedback": ["feedback_id"],
    "work_events": ["case_id", "activity", "finished_at"],
    "tool_use": ["tool", "person", "day"],
    "survey_scores": ["wave", "team", "question"],
    "skill_assessments": ["person", "skill", "assessed_on"],
    "learning": ["person", "item", "day"],
    "exchange_rates": ["currency", "valid_from"],
    "ideas": ["idea_id", "raised_on"],
    "headcount": ["team", "month"],
    "targets": ["kpi", "period", "unit"],
}
NEEDS = {
    "leads": ["created_on"],
    "accounts": ["name"],
    "contracts": ["account_id", "owner", "signed_on", "amount"],
    "collection_plan": ["contract_id", "due_on", "amount"],
    "opportunities": ["owner", "stage"],
    "orders": ["ordered_on", "amount"],
    "stage_changes": ["to_stage"],
    "invoices": ["customer", "issued_on", "due_on", "amount"],
    "receipts": ["received_on", "amount"],
    "campaigns": ["name", "channel", "started_on"],
    "touches": ["touched_at", "lead_id"],
    "activities": ["done_at", "owner", "kind"],
    "feedback": ["given_on", "score", "scale"],
    "survey_scores": ["answers", "favourable"],
    "skill_assessments": ["level"],
    "learning": ["hours"],
    "exchange_rates": ["rate"],
    "ideas": ["person"],
    "headcount": ["people"],
    "targets": ["value"],
}


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_standard_table_is_there_with_its_key_and_needs(company):
    assert {table for table, _, _ in tables_of(company.folder)} >= set(KEYS)
    for table, key in KEYS.items():
        rows = company[table]
        assert rows.height > 0, table
        assert rows.select(key).is_unique().all(), table
        assert rows.select(key + NEEDS.get(table, [])).null_count().sum_horizontal().item() == 0, table


def test_about_seventy_thousand_rows(company):
    assert 66_000 <= sum(company.truth.rows.values()) <= 72_000
    assert company.truth.rows == {name: company[name].height for name in company.truth.rows}


def test_scale_multiplies_rows_but_not_people(written):
    small, large = written(scale=0.5), written(scale=2)
    assert 3.5 < large["opportunities"].height / small["opportunities"].height < 4.5
    assert 3.5 < large["receipts"].height / small["receipts"].height < 4.5
    assert small["people"].equals(large["people"])
    assert small["survey_scores"].height == large["survey_scores"].height


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    write_company(tmp_path / "a", seed=3, scale=0.2)
    write_company(tmp_path / "b", seed=3, scale=0.2)
    write_company(tmp_path / "b", seed=3, scale=0.2)
    write_company(tmp_path / "c", seed=4, scale=0.2)
    first, other = hashes(tmp_path / "a"), hashes(tmp_path / "c")
    assert first == hashes(tmp_path / "b")
    assert [name for name in first if first[name] == other[name] and name.startswith("opp")] == []


def test_encodings_and_mappings_are_those_of_an_office(company):
    receipts = (company.folder / "receipts.csv").read_bytes()
    assert receipts.decode("gb18030").startswith("回款编号,回款日期,金额")
    assert (company.folder / "accounts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(list(company.folder.glob("*.xlsx"))) >= 2


def test_every_file_has_a_mapping_that_feeds_what_its_table_needs(company):
    for table, path, mapping in tables_of(company.folder):
        document = yaml.safe_load(mapping.read_text("utf-8"))
        assert document["table"] == table
        assert set(KEYS.get(table, []) + NEEDS.get(table, [])) <= set(document["columns"]), path.name


def test_a_source_is_imported_with_one_mapping(company):
    sources = sources_of(company.folder)
    assert {"crm", "finance", "hr", "marketing", "planning"} <= set(sources)
    tables = [table for _, mapping in sources.values() for table in mapping["tables"]]
    assert sorted(tables) == sorted(table for table, _, _ in tables_of(company.folder))


def test_money_has_two_decimals_in_the_file(company):
    lines = (company.folder / "contracts.csv").read_text("utf-8").splitlines()
    place = lines[0].split(",").index("amount")
    assert all(len(line.split(",")[place].split(".")[1]) == 2 for line in lines[1:])


def test_the_truth_file_says_the_same_as_what_is_returned(company):
    truth = json.loads((company.folder / "truth.json").read_text("utf-8"))
    assert truth == json.loads(json.dumps(company.truth.as_json()))
    assert {cause["kind"] for cause in truth["causes"]} == {
        "approval-wait",
        "win-rate",
        "joiners-negotiation",
        "target-out-of-reach",
        "needless-approval",
    }


def test_nothing_planted_two_ways(tmp_path):
    write_company(tmp_path / "a", scale=0.1, planted=False)
    write_company(tmp_path / "b", scale=0.1, strength=0)
    a, b = hashes(tmp_path / "a"), hashes(tmp_path / "b")
    assert {name for name in a if a[name] != b[name]} == {"truth.json"}
    assert json.loads((tmp_path / "a" / "truth.json").read_text("utf-8"))["causes"] == []


def test_half_strength_is_half_in_the_same_place(tmp_path):
    whole = write_company(tmp_path, scale=0.05, seed=11)
    half = write_company(tmp_path, scale=0.05, seed=11, strength=0.5)
    for one, other in zip(whole.causes, half.causes, strict=True):
        assert (one.kind, one.where, one.since) == (other.kind, other.where, other.since)
        assert other.strength == pytest.approx(one.strength / 2)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"scale": 0}, "sample.scale-out-of-range"),
        ({"scale": float("nan")}, "sample.scale-out-of-range"),
        ({"scale": 5000}, "sample.scale-out-of-range"),
        ({"strength": 2}, "sample.strength-out-of-range"),
        ({"seed": -1}, "sample.seed-out-of-range"),
        ({"kinds": ["weather"]}, "sample.unknown-kind"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, options, code):
    with pytest.raises(Refused) as refused:
        write_company(tmp_path, **options)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_no_date_lies_after_the_last_day_but_plans(company):
    planned = {
        ("collection_plan", "due_on"),
        ("invoices", "due_on"),
        ("work_events", "due_on"),
        ("campaigns", "ended_on"),
    }
    for table in KEYS:
        for name, kind in company[table].schema.items():
            if kind in (pl.Date, pl.Datetime) and (table, name) not in planned:
                latest = company[table][name].cast(pl.Date).max()
                assert latest is None or latest <= date(2025, 12, 31), (table, name)


def test_the_smallest_company_is_whole(written):
    for seed in range(4):
        tiny = written(scale=0.05, seed=seed)
        assert [table for table in KEYS if tiny[table].height == 0] == []
