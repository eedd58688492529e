"""Small tables and the published data sets, as the lake would hold them."""

from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

from tests.shared import SHARED

MONEY = pa.decimal128(18, 4)


@pytest.fixture(scope="session")
def con():
    return ibis.duckdb.connect(threads=1)


@pytest.fixture(scope="session")
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"no data sets at {SHARED}")
    return SHARED / "business"


def table(**columns):
    """Make a small table; floats are taken as money, the type of a column follows its first value."""
    arrays = {}
    for name, values in columns.items():
        sample = next((value for value in values if value is not None), None)
        if isinstance(sample, Decimal | float) or name == "amount":
            arrays[name] = pa.array(
                [None if value is None else Decimal(str(value)) for value in values], MONEY
            )
        elif isinstance(sample, date):
            arrays[name] = pa.array(values)
        else:
            arrays[name] = pa.array(values, pa.string() if sample is None else None)
    return ibis.memtable(pa.table(arrays))


@pytest.fixture(scope="session")
def maven(con, shared):
    folder = shared / "maven_crm"
    raw = con.read_csv(str(folder / "sales_pipeline.csv.gz"), table_name="maven_raw")
    opportunities = raw.select(
        "opportunity_id",
        owner=raw.sales_agent,
        stage=raw.deal_stage,
        product=raw["product"].substitute({"GTXPro": "GTX Pro"}),
        account_id=raw.account,
        created_on=raw.engage_date.cast("date"),
        closed_on=raw.close_date.cast("date"),
        amount=raw.close_value.cast("decimal(18, 4)"),
        outcome=raw.deal_stage.substitute({"Won": "won", "Lost": "lost"}, else_="open"),
    )
    teams = con.read_csv(str(folder / "sales_teams.csv"), table_name="maven_teams").to_pyarrow().to_pylist()
    accounts = con.read_csv(str(folder / "accounts.csv"), table_name="maven_accounts")
    people = [row["sales_agent"] for row in teams]
    managers = sorted({row["manager"] for row in teams})
    region = {row["manager"]: row["regional_office"] for row in teams}
    start = pa.array([date(2010, 1, 1)] * len(people))
    never = pa.array([None] * len(people), pa.date32())
    return {
        "opportunities": con.create_table("maven_opportunities", opportunities.to_pyarrow(), temp=True),
        "accounts": accounts.select(
            account_id=accounts.account, name=accounts.account, industry=accounts.sector
        ),
        "org_aliases": ibis.memtable(
            pa.table({"alias": [name.lower() for name in people], "person": people})
        ),
        "org_teams": ibis.memtable(
            pa.table(
                {
                    "team": managers,
                    "name": managers,
                    "parent": pa.array([None] * len(managers), pa.string()),
                    "region": [region[name] for name in managers],
                }
            )
        ),
        "org_memberships": ibis.memtable(
            pa.table(
                {
                    "person": people,
                    "team": [row["manager"] for row in teams],
                    "role": ["member"] * len(people),
                    "valid_from": start,
                    "valid_to": never,
                }
            )
        ),
        "org_manager_links": ibis.memtable(
            pa.table(
                {
                    "person": people,
                    "manager": [row["manager"] for row in teams],
                    "kind": ["solid"] * len(people),
                    "valid_from": start,
                    "valid_to": never,
                }
            )
        ),
    }


@pytest.fixture(scope="session")
def watson(con, shared):
    file = shared / "watson_accounts_receivable" / "WA_Fn-UseC_-Accounts-Receivable.csv.gz"
    raw = con.read_csv(str(file), table_name="watson_raw", all_varchar=True)

    def day(column):
        return column.as_timestamp("%m/%d/%Y").cast("date")

    amount = raw.InvoiceAmount.cast("decimal(18, 4)")
    invoices = raw.select(
        invoice_id=raw.invoiceNumber,
        customer=raw.customerID,
        country=raw.countryCode,
        bill=raw.PaperlessBill,
        disputed=raw.Disputed,
        issued_on=day(raw.InvoiceDate),
        due_on=day(raw.DueDate),
        amount=amount,
    )
    receipts = raw.select(
        receipt_id=raw.invoiceNumber,
        invoice_id=raw.invoiceNumber,
        received_on=day(raw.SettledDate),
        amount=amount,
    )
    return {
        "invoices": con.create_table("watson_invoices", invoices.to_pyarrow(), temp=True),
        "receipts": con.create_table("watson_receipts", receipts.to_pyarrow(), temp=True),
    }


@pytest.fixture(scope="session")
def oracles(shared):
    import json

    return json.loads((shared / "oracles.json").read_text())
