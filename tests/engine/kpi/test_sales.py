"""What was sold by order: hand-worked lines, and the orders of a published data set."""

from datetime import date
from fractions import Fraction

import ibis
import pyarrow as pa
import pytest

from steelyard.engine.kpi import judge, summarise
from steelyard.errors import Refused

from .conftest import table

DAY = date(2024, 5, 6)
LINES = {
    "order_line_id": ["1", "2", "3", "4", "5"],
    "order_id": ["A", "A", "B", "", None],
    "ordered_on": [DAY] * 5,
    "amount": [100.0, 50.0, 80.0, 20.0, 10.0],
    "cost": [60.0, None, 100.0, 5.0, None],
    "list_price": [120.0, 50.0, None, 0.0, 40.0],
    "returned": ["no", "是", "", "0", "2024-05-09"],
    "owner": ["ann", "bob", "ann", "ann", None],
    "product": ["x", "y", "x", "y", "y"],
}


def values(tables, kpi, **options):
    return judge(summarise(tables, kpi, periods=["2024-Q2"], **options))


def test_a_worked_table_of_order_lines():
    tables = {"orders": table(**LINES)}
    assert values(tables, "sales_amount")[0].value == 260
    margin = values(tables, "gross_margin")[0]
    assert (margin.numerator, margin.denominator, margin.n) == (35, 200, 3)  # 40 - 20 + 15 of 100 + 80 + 20
    discount = values(tables, "order_discount_rate")[0]
    assert (discount.numerator, discount.denominator) == (50, 210)  # 20 + 0 + 30 of 120 + 50 + 40
    returns = values(tables, "return_rate")[0]
    assert (returns.numerator, returns.denominator) == (2, 4)  # A by its second line, and the line "5"


def test_an_order_belongs_to_the_owner_of_its_first_line_and_to_what_its_lines_agree_on():
    tables = {"orders": table(**LINES)}
    by_owner = {row.by["member"]: row for row in values(tables, "return_rate", by=["member"])}
    assert {name: (row.numerator, row.denominator) for name, row in by_owner.items()} == {
        "ann": (1, 3),
        None: (1, 1),
    }
    by_product = {row.by["product"]: row.denominator for row in values(tables, "return_rate", by=["product"])}
    assert by_product == {"x": 1, "y": 2, None: 1}


@pytest.mark.parametrize(
    ("kpi", "lost", "named"),
    [
        ("gross_margin", "cost", "cost"),
        ("order_discount_rate", "list_price", "list_price"),
        ("return_rate", "returned", "returned"),
    ],
)
def test_a_kpi_names_the_column_of_the_file_that_it_lacks(kpi, lost, named):
    tables = {"orders": table(**{name: held for name, held in LINES.items() if name != lost})}
    with pytest.raises(Refused) as refusal:
        values(tables, kpi)
    assert refusal.value.params == {"table": "orders", "column": named}


def test_attainment_needs_a_target_of_the_unit_and_period():
    tables = {
        "orders": table(**LINES),
        "targets": ibis.memtable(
            pa.table(
                {
                    "kpi": ["sales_amount", "sales_amount"],
                    "period": ["2024-Q2", "2024-Q2"],
                    "unit": ["", "ann"],
                    "value": [520.0, 100.0],
                }
            )
        ),
    }
    assert values(tables, "sales_attainment")[0].value == 0.5
    by_member = {row.by["member"]: row for row in values(tables, "sales_attainment", by=["member"])}
    assert {name: row.value for name, row in by_member.items()} == {"ann": 2.0, "bob": None, None: None}
    assert by_member["ann"].base == "target"
    assert values(tables, "sales_attainment", by=["product"])[0].value is None
    with pytest.raises(Refused, match=r"kpi\.missing-column"):
        values({"orders": tables["orders"]}, "sales_attainment")


@pytest.fixture(scope="module")
def superstore(shared):
    """Orders of the Chinese sample superstore; the returns name orders."""
    import python_calamine

    book = python_calamine.load_workbook(str(next((shared / "cn_superstore").glob("*.xls"))))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    head, *rows = sheets["订单"]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    number = sheets["退货"][0].index("订单 ID") if "订单 ID" in sheets["退货"][0] else 0
    returned = {row[number] for row in sheets["退货"][1:]}
    return {
        "orders": table(
            order_line_id=[str(line["行 ID"]) for line in lines],
            order_id=[line["订单 ID"] for line in lines],
            ordered_on=[line["订单日期"] for line in lines],
            amount=[round(line["销售额"], 4) for line in lines],
            region=[line["地区"] for line in lines],
            returned=["yes" if line["订单 ID"] in returned else None for line in lines],
        )
    }


def test_the_return_rate_of_the_superstore(superstore):
    rate = judge(summarise(superstore, "return_rate", periods=["2014", "2015", "2016", "2017"]))
    assert sum(row.numerator for row in rate) == 296
    assert sum(row.denominator for row in rate) == 2773
    assert round(float(Fraction(296, 2773)), 4) == 0.1067
    parts = judge(summarise(superstore, "return_rate", periods=["2017"], by=["region"]))
    assert sum(row.numerator for row in parts) == rate[-1].numerator
    assert sum(row.denominator for row in parts) == rate[-1].denominator
