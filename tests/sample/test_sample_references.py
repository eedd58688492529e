"""Everything that is referred to is there, and the chain from win to receipt adds up."""

from datetime import date

import holidays
import polars as pl
import pytest

REFERENCES = [
    ("opportunities", "account_id", "accounts", "account_id"),
    ("opportunities", "lead_id", "leads", "lead_id"),
    ("opportunities", "owner", "people", "email"),
    ("stage_changes", "opportunity_id", "opportunities", "opportunity_id"),
    ("stage_changes", "by", "people", "code"),
    ("leads", "campaign_id", "campaigns", "campaign_id"),
    ("leads", "owner", "people", "code"),
    ("campaign_days", "campaign_id", "campaigns", "campaign_id"),
    ("campaigns", "owner", "people", "code"),
    ("content_days", "author", "people", "code"),
    ("touches", "lead_id", "leads", "lead_id"),
    ("touches", "campaign_id", "campaigns", "campaign_id"),
    ("touches", "person", "people", "code"),
    ("contracts", "opportunity_id", "opportunities", "opportunity_id"),
    ("contracts", "account_id", "accounts", "account_id"),
    ("contracts", "owner", "people", "code"),
    ("collection_plan", "contract_id", "contracts", "contract_id"),
    ("orders", "customer", "accounts", "account_id"),
    ("orders", "owner", "people", "code"),
    ("invoices", "opportunity_id", "opportunities", "opportunity_id"),
    ("invoices", "order_id", "orders", "order_id"),
    ("invoices", "customer", "accounts", "name"),
    ("invoices", "credited_invoice_id", "invoices", "invoice_id"),
    ("receipts", "invoice_id", "invoices", "invoice_id"),
    ("receipts", "plan_id", "collection_plan", "plan_id"),
    ("receipts", "received_by", "people", "code"),
    ("activities", "account_id", "accounts", "account_id"),
    ("activities", "owner", "people", "name"),
    ("feedback", "customer", "accounts", "name"),
    ("feedback", "owner", "people", "name"),
    ("work_events", "performer", "people", "name"),
    ("work_events", "opportunity_id", "opportunities", "opportunity_id"),
    ("accounts", "owner", "people", "code"),
    ("tool_use", "person", "people", "code"),
    ("skill_assessments", "person", "people", "code"),
    ("learning", "person", "people", "code"),
    ("ideas", "person", "people", "code"),
    ("survey_scores", "team", "teams", "code"),
    ("headcount", "team", "teams", "code"),
    ("memberships", "person", "people", "code"),
    ("memberships", "team", "teams", "code"),
    ("manager_links", "person", "people", "code"),
    ("manager_links", "manager", "people", "code"),
    ("team_parents", "team", "teams", "code"),
]


@pytest.mark.parametrize(("table", "column", "other", "key"), REFERENCES)
def test_what_is_referred_to_exists(company, table, column, other, key):
    named = set(company[table][column].drop_nulls().to_list()) - {""}
    assert named
    assert named <= set(company[other][key].to_list())


def test_names_and_emails_name_one_person_each(company):
    people = company["people"]
    assert people["email"].is_unique().all()
    assert people["name"].is_unique().all()
    assert company["accounts"]["name"].is_unique().all()


def test_every_win_became_a_contract_or_an_order(company):
    won = company["opportunities"].filter(pl.col("outcome") == "won")
    contracted = company["contracts"]
    joined = contracted.join(won, on="opportunity_id")
    assert joined.height == contracted.height
    assert (joined["amount"] - joined["amount_right"]).abs().max() < 0.005
    assert company["orders"]["order_id"].n_unique() + contracted.height == won.height
    orders, rest = company["orders"]["amount"].sum(), won["amount"].sum() - joined["amount"].sum()
    assert orders == pytest.approx(rest, abs=0.5)


def test_a_plan_adds_up_to_its_contract(company):
    planned = company["collection_plan"].group_by("contract_id").agg(pl.col("amount").sum().alias("planned"))
    both = company["contracts"].join(planned, on="contract_id")
    assert both.height == company["contracts"].height
    assert (both["planned"] - both["amount"]).abs().max() < 0.005


def test_nobody_pays_more_than_was_invoiced_net_of_credit(company):
    invoices = company["invoices"]
    net = (
        invoices.with_columns(pl.coalesce("credited_invoice_id", "invoice_id").alias("invoice"))
        .group_by("invoice")
        .agg(pl.col("amount").sum())
    )
    paid = company["receipts"].group_by("invoice_id").agg(pl.col("amount").sum().alias("paid"))
    both = net.join(paid, left_on="invoice", right_on="invoice_id")
    assert (both["paid"] - both["amount"]).max() < 0.005
    assert net["amount"].min() > -0.005


def test_credit_notes_late_partial_and_unallocated_receipts_occur(company):
    notes = company["invoices"].filter(pl.col("credited_invoice_id").is_not_null())
    assert notes.height > 50
    assert notes["amount"].max() < 0
    receipts = company["receipts"]
    late = receipts.join(company["invoices"], on="invoice_id").filter(
        (pl.col("received_on") - pl.col("due_on")).dt.total_days() > 15
    )
    assert 0.1 < late.height / receipts.height < 0.35
    assert receipts.filter(pl.col("invoice_id").is_not_null())["invoice_id"].is_duplicated().sum() > 500
    ahead = receipts.filter(pl.col("invoice_id").is_null() & pl.col("plan_id").is_null())
    assert ahead.height > 30


def test_days_come_in_order(company):
    opportunities = company["opportunities"].with_columns(pl.col("closed_on").fill_null(date(2025, 12, 31)))
    assert (opportunities["created_on"] <= opportunities["closed_on"]).all()
    led = opportunities.join(company["leads"], on="lead_id", suffix="_lead")
    assert led.height > 500
    assert (led["created_on_lead"] <= led["created_on"]).all()
    assert (led["sql_on"].drop_nulls() >= led.filter(pl.col("sql_on").is_not_null())["created_on_lead"]).all()
    paid = company["receipts"].join(company["invoices"], on="invoice_id")
    assert (paid["received_on"] >= paid["issued_on"]).all()
    events = company["work_events"]
    assert (events["started_at"] <= events["finished_at"]).all()
    met = company["opportunities"].join(company["accounts"], on="account_id")
    assert (met["since"] <= met["created_on"]).all()


def test_open_at_the_end_means_no_day_of_closing(company):
    opportunities = company["opportunities"]
    still_open = opportunities.filter(pl.col("outcome") == "open")
    assert 300 < still_open.height < 1500
    assert still_open["closed_on"].null_count() == still_open.height
    assert set(still_open["stage"].unique()) == {"qualification", "proposal", "negotiation"}
    assert opportunities.filter(pl.col("outcome") != "open")["closed_on"].null_count() == 0
    assert opportunities["closed_on"].min() >= date(2022, 1, 1)


def test_work_happens_on_working_days(company):
    china = holidays.country_holidays("CN", years=range(2020, 2027))
    for table, column in (
        ("opportunities", "closed_on"),
        ("opportunities", "created_on"),
        ("receipts", "received_on"),
        ("invoices", "issued_on"),
        ("stage_changes", "changed_at"),
        ("work_events", "finished_at"),
    ):
        days = company[table][column].drop_nulls().cast(pl.Date).unique().to_list()
        assert all(china.is_working_day(day) for day in days), table


def test_stage_history_ends_where_the_opportunity_stands(company):
    last = (
        company["stage_changes"]
        .sort("changed_at")
        .group_by("opportunity_id")
        .agg(pl.col("to_stage").last())
        .join(company["opportunities"], on="opportunity_id")
    )
    assert (last["to_stage"] == last["stage"]).all()


def test_campaign_days_count_the_leads_of_the_leads_table(company):
    from_days = company["campaign_days"]["leads"].sum()
    assert from_days == company["leads"]["campaign_id"].is_not_null().sum()


def test_approvals_ask_for_changes_and_are_repeated(company):
    events = company["work_events"]
    changed = events.filter(pl.col("outcome") == "changed")
    assert set(changed["activity"]) == {"discount approval", "legal approval"}
    again = events.group_by("case_id", "activity").len().filter(pl.col("len") > 1)
    done = events.filter(pl.col("activity").is_in(["signed", "lost"]))["case_id"].to_list()
    assert set(again["case_id"]) & set(done) == set(changed["case_id"]) & set(done)
    assert 0.05 < changed.height / events["case_id"].n_unique() < 0.25


def test_needed_approvals_change_or_refuse_and_the_needless_one_never(company):
    events = company["work_events"].filter(pl.col("activity").str.ends_with("approval"))
    firsts = events.sort("finished_at").unique(["case_id", "activity"], keep="first")
    said_no = dict(firsts.group_by("activity").agg((pl.col("outcome") != "approved").mean()).iter_rows())
    assert said_no["discount approval"] == pytest.approx(0.13, abs=0.03)
    assert 0.08 < said_no["legal approval"] < 0.16
    assert said_no["finance approval"] == 0


def test_the_needless_approval_is_signed_by_who_signed_before(company):
    signed = company["work_events"].filter(
        pl.col("activity").is_in(["discount approval", "finance approval"])
    )
    pairs = signed.unique(["case_id", "activity"]).pivot("activity", index="case_id", values="performer")
    both = pairs.drop_nulls()
    assert both.height > 700
    assert (both["discount approval"] == both["finance approval"]).mean() == pytest.approx(0.9, abs=0.03)


def test_every_case_is_signed_lost_or_under_way(company):
    ends = (
        company["work_events"]
        .sort("finished_at", "case_id")
        .group_by("opportunity_id")
        .agg(pl.col("activity").last(), pl.col("activity").is_in(["signed", "lost"]).any().alias("is_over"))
        .join(company["opportunities"], on="opportunity_id")
    )
    assert set(ends["outcome"]) == {"won", "lost", "open"}
    over = ends.filter(pl.col("outcome") != "open")
    expected = over["outcome"].replace({"won": "signed"})
    assert (over["activity"] == expected).all()
    assert not ends.filter(pl.col("outcome") == "open")["is_over"].any()
