"""Workbooks as a sales office keeps them: a title, two header rows, merged cells, totals, 12.5万."""

import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

PEOPLE = ("王晓梅", "陈志强", "林悦", "周敏", "刘洋", "赵一鸣")
TEAMS = ("华东一组", "华南二组")
GROUPS = (
    ("客户信息", ("客户名称", "行业")),
    ("商机信息", ("商机编号", "商机名称", "负责人", "创建日期")),
    ("进展", ("销售阶段", "商机金额", "赢单日期", "关闭日期")),
)
INDUSTRIES = ("制造业", "零售", "互联网")
FIRST_YEAR = 2024
MONTHS = 24
DEALS_A_MONTH = 18


def write_deals(path: Path) -> Path:
    """Two years of a team's opportunities as its CRM's export looks after somebody worked on it."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("商机明细")
        bold = book.add_format({"bold": True, "align": "center", "border": 1})
        width = sum(len(names) for _, names in GROUPS)
        sheet.merge_range(0, 0, 0, width - 1, "2024—2025年销售商机明细表", bold)
        write_header(sheet, bold)
        row = 3
        for month in range(MONTHS):
            deals = deals_of(month)
            for deal in deals:
                sheet.write_row(row, 0, deal)
                row += 1
            sheet.write(row, 0, "合计")
            sheet.write(row, 7, f"{sum(worth(deal[7]) for deal in deals) / 10_000:.1f}万")
            row += 1
    return path


def write_header(sheet: Any, look: Any) -> None:
    column = 0
    for group, names in GROUPS:
        sheet.merge_range(1, column, 1, column + len(names) - 1, group, look)
        sheet.write_row(2, column, names, look)
        column += len(names)


def deals_of(month: int) -> list[list[Any]]:
    """The deals of one month: two in five are won, one in five is lost, the rest are still at work."""
    year, of_year = FIRST_YEAR + month // 12, month % 12 + 1
    return [deal(year, of_year, number) for number in range(DEALS_A_MONTH)]


def deal(year: int, month: int, number: int) -> list[Any]:
    opened = datetime.date(year, month, number + 1)
    closed = str(opened + datetime.timedelta(days=9)) if number % 5 < 3 else ""
    stage = ("赢单", "赢单", "输单", "方案报价", "初步接触")[number % 5]
    amount = 60_000 + 1_500 * (number * 7 % 11) + 500 * month
    customer = f"客户{number % 9 + 1:02}有限公司"
    return [
        customer,
        INDUSTRIES[number % 3],
        f"SJ{year}{month:02}{number:03}",
        f"{customer}采购项目",
        PEOPLE[number % len(PEOPLE)],
        opened.strftime("%Y/%m/%d"),
        stage,
        f"{amount / 10_000:g}万" if number % 2 else f"{amount:,}元",
        closed if stage == "赢单" else "",
        closed,
    ]


def worth(text: str) -> float:
    """What an amount of these workbooks says, in yuan."""
    return float(text[:-1]) * 10_000 if text.endswith("万") else float(text[:-1].replace(",", ""))


def write_people(path: Path) -> Path:
    """Who works in which team, on one sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write_row(0, 0, ("工号", "姓名", "部门", "岗位", "入职日期"))
        for number, name in enumerate(PEOPLE):
            team = TEAMS[number % len(TEAMS)]
            sheet.write_row(number + 1, 0, (f"E{number + 1:03}", name, team, "销售经理", "2023-03-01"))
    return path
