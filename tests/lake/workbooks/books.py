"""Workbooks as companies have them, made by code, with the typed rows that reading them must give."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

Write = Callable[[Any], None]


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def at(month: int, number: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day(month, number), dt.time(hour, minute))


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@dataclass(frozen=True)
class Book:
    """A file, the table it feeds, and what must come of it.

    `columns` and `rows` are the typed rows, in the order of the first column. `question` is the one that may
    be asked, `answer` what a person then says about reading, `constants` about the columns.
    """

    id: str
    file: str
    write: Callable[[Path], None]
    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    question: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    dropped: int = 0
    notes: tuple[str, ...] = ()
    by_child: bool = False


def book(*sheets: tuple[str, Write]) -> Callable[[Path], None]:
    """A workbook of some sheets."""

    def written(path: Path) -> None:
        with xlsxwriter.Workbook(path) as made:
            for name, write in sheets:
                write(Page(made, made.add_worksheet(name)))

    return written


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode(encoding)) and None


class Page:
    """A sheet that is written row by row, with the formats that dates and shares need."""

    def __init__(self, made: Any, sheet: Any) -> None:
        self.sheet = sheet
        self.dates = made.add_format({"num_format": "yyyy-mm-dd"})
        self.months = made.add_format({"num_format": 'm"月"'})
        self.shares = made.add_format({"num_format": "0%"})
        self.line = 0

    def row(self, *cells: Any, left: int = 0, shape: Any = None) -> "Page":
        """The next row; None leaves a cell out."""
        for place, cell in enumerate(cells, start=left):
            if isinstance(cell, dt.date | dt.datetime):
                self.sheet.write_datetime(self.line, place, cell, shape or self.dates)
            elif isinstance(cell, str):
                self.sheet.write_string(self.line, place, cell)
            elif cell is not None:
                self.sheet.write(self.line, place, cell, shape)
        self.line += 1
        return self

    def rows(self, *rows: Sequence[Any], left: int = 0) -> "Page":
        for cells in rows:
            self.row(*cells, left=left)
        return self

    def title(self, words: str, width: int) -> "Page":
        """A row that is one merged cell."""
        self.sheet.merge_range(self.line, 0, self.line, width - 1, words)
        self.line += 1
        return self

    def skip(self, lines: int = 1) -> "Page":
        self.line += lines
        return self

    def merged(self, top: int, left: int, bottom: int, right: int, cell: Any) -> "Page":
        """Cells merged over a stretch of lines, counted from 1."""
        self.sheet.merge_range(top - 1, left, bottom - 1, right, "")
        self.line, before = top - 1, self.line
        self.row(cell, left=left)
        self.line = before
        return self


# What sales have


def crm_export(page: Page) -> None:
    page.title("商机明细表", 7).title("导出人：王芳　导出时间：2026-04-01 09:30", 7)
    page.row("商机编号", "商机名称", "客户名称", "负责人", "商机阶段", "商机金额", "结单日期")
    page.row("SJ001", "产线改造", "远山机械", "李明", "赢单", "12.5万", "2026.3.5")
    page.row("SJ002", "仓储系统", "蓝海物流", "王芳", "方案报价", "¥80,000.00", None)
    page.row("SJ003", "备件年框", "远山机械", "李明", "输单", "1,200元", "2026年3月18日")
    page.row("合计", None, None, None, None, "20.62万", None)


def ledger(page: Page) -> None:
    page.title("2026年一季度回款台账", 6).row("单位：万元", None, None, None, None, "编号：CW-07")
    page.row("客户名称", "合同编号", "回款单号", "回款日期", "回款金额", "收款人")
    page.row(None, "HT-01", "R1", day(1, 8), 12.34567, "赵敏")
    page.row(None, "HT-02", "R2", day(2, 3), 3, "赵敏")
    page.row(None, "小计", None, None, 15.34567, None)
    page.row("蓝海物流", "HT-09", "R3", day(3, 30), 0.5, "孙丽")
    page.row(None, "小计", None, None, 0.5, None)
    page.row("合计", None, None, None, 15.84567, None)
    page.merged(4, 0, 6, 0, "远山机械").merged(7, 0, 8, 0, "蓝海物流")
    page.skip().row("制表人：赵敏", None, None, "审核：孙丽")


def receivables(page: Page) -> None:
    page.title("应收账款明细", 6)
    page.row("客户信息", None, "发票信息", None, None, "价税合计（元）")
    page.row("客户名称", "业务员", "发票号码", "开票日期", "到期日", None)
    page.merged(2, 0, 2, 1, "客户信息").merged(2, 2, 2, 4, "发票信息").merged(2, 5, 3, 5, "价税合计（元）")
    page.row("远山机械", "李明", "00120001", "20260105", "20260204", 113000)
    page.row("蓝海物流", "王芳", "00120002", "20260110", "20260209", 56500.5)
    page.row("总计", None, None, None, None, 169500.5)


def invoices(page: Page) -> None:
    page.row("开票登记表").skip()
    page.row("序号", "发票编号", "购买方名称", "开票日期", "应收日期", "开票金额", "币种", left=1)
    page.row(1, "FP-1", "远山机械", day(3, 5), 46117, "￥１，２００．５０", "CNY", left=1)
    page.row(2, "FP-2", "蓝海物流", "46087", "2026-04-06", "（300.00）", "CNY", left=1)
    page.row(3, "FP-3", "云岭食品", "2026/3/9", day(4, 9), " 2 400 ", "CNY", left=1)


def orders_west(page: Page) -> None:
    page.skip(3)
    page.row("Order Lines 2026", left=2).skip()
    page.row("Line ID", "Order Date", "Sales Region", "Sales Rep", "Amount", "Quantity", left=2)
    page.row(1001, day(1, 5), "North", "Ann Lee", "$1,200.50", 3, left=2)
    page.row(1002, day(1, 9), "North", "Bo Chan", "(300.00)", 1, left=2)
    page.row("North Total", None, None, None, 900.5, 4, left=2)
    page.row(1003, day(2, 2), "South", "Ann Lee", "USD 75", 2, left=2)
    page.row("South Total", None, None, None, 75, 2, left=2)
    page.row("Grand Total", None, None, None, 975.5, 6, left=2)


def salesforce(page: Page) -> None:
    page.row("Opportunity Report").row("As of 2026-04-01 08:00:00").skip()
    people = ("Opportunity ID", "Opportunity Owner", "Account Name")
    page.row(*people, "Stage", "Amount", "Close Date", "Created Date")
    page.row("0065g00001", "Ann Lee", "Acme", "Closed Won", 5000, "2026-02-11", "2026-01-02")
    page.row("0065g00002", "Bo Chan", "Birch", "Closed Lost", 750.25, "2026-03-01", "2026-01-15")
    page.row("0065g00003", "Ann Lee", "Acme", "Negotiation/Review", None, "2026-05-30", "2026-03-20")
    page.row("Grand Total (3 records)", None, None, None, 5750.25).skip()
    page.row("Confidential Information - Do Not Distribute")
    page.row("Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.")


HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Deal owner,Amount,Close Date,Create Date\n"
    "901,Line 4,Closed Won,Ann Lee,12000,2026-03-05 10:30,2026-01-04 08:00\n"
    "902,Spare parts,Appointment Scheduled,Bo Chan,,2026-04-30 00:00,2026-03-01 09:15\n"
)
PIPEDRIVE = (
    "Deal - ID,Deal - Title,Deal - Owner,Deal - Stage,Deal - Status,Deal - Value,Deal - Won time\n"
    '7,Silo,Ann Lee,Contract sent,Won,"5,500.00",2026-02-02 11:00:00\n'
    "8,Mill,Bo Chan,Qualified,Open,300.00,\n"
)


def contracts(page: Page) -> None:
    page.row("合同编号", "客户\n名称", "负责人", "签订日期", "合同金额（万元）", "合同类型", "备注", "备注")
    page.row("HT-01", "远山机械", "李明", 20260105, 12.34567, "新签", "加急", None)
    page.row("HT-02", "蓝海物流", "王芳", 20260210, 8, "续签", None, "含税")


def plan_and_contracts(page: Page) -> None:
    page.row("计划编号", "合同编号", "款项性质", "计划回款日期", "计划回款金额")
    page.rows(["P1", "HT-01", "预付款", day(2, 1), 30000], ["P2", "HT-01", "验收款", day(6, 1), 70000])


def contract_page(page: Page) -> None:
    page.row("合同编号", "客户名称", "负责人", "签订日期", "合同金额")
    page.row("HT-01", "远山机械", "李明", day(1, 5), 100000)
    page.row("HT-02", "蓝海物流", "王芳", day(1, 9), 50000)


def sales_month(*rows: Sequence[Any]) -> Write:
    def written(page: Page) -> None:
        page.title("销售日报", 5).row("日", "订单号", "销售员", "产品名称", "销售额（元）")
        page.rows(*rows)
        page.row("本月合计", None, None, None, sum(row[4] for row in rows))

    return written


def stores(page: Page) -> None:
    page.title("门店日销", 4).row("日期", "门店", "销售额", "单数")
    page.row(None, "人民路店", 3200.5, "41单").row(None, "江边店", 1800, "20单")
    page.row("小计", None, 5000.5, "61单")
    page.row(None, "人民路店", "2,900元", "38单").row(None, "江边店", "0.21万", "25单")
    page.row("小计", None, 5000, "63单")
    page.merged(3, 0, 4, 0, day(3, 1)).merged(6, 0, 7, 0, day(3, 2))


def outlined() -> str:
    east = ["华东,L1,2026-03-01,100", ",L2,2026-03-02,200", ",L3,2026-03-02,50"]
    south = ["华南,L4,2026-03-03,80", ",L5,2026-03-05,20"]
    return "\n".join(["大区,订单行号,下单日期,销售额", *east, *south, "总计,,,450"]) + "\n"


# What marketing has


def campaigns(page: Page) -> None:
    page.title("2026年第10周市场活动周报", 7)
    page.row("活动编号", "活动名称", "活动\n类型", "开始日期", "结束日期", "预算（万元）", "负责人")
    page.row("HD01", "春季论坛", "线下", "3月5日", "3月6日", 2.5, "周敏")
    page.row("HD02", "直播第三场", "直播", "3月 9日", "3月9日", "8,000元", "周敏")
    page.row("备注：HD02 预算待确认")


def lead_month(*rows: Sequence[Any]) -> Write:
    def written(page: Page) -> None:
        page.row("线索编号", "创建日期", "线索来源", "负责人")
        page.rows(*rows)

    return written


def hidden(page: Page) -> None:
    page.sheet.hide()
    page.row("线索编号", "创建日期", "线索来源", "负责人").row("X", "1月1日", "旧", "旧")


def lead_summary(page: Page) -> None:
    page.row("月份", "线索数").rows(["1月", 2], ["2月", 1], ["合计", 3])


def fees(page: Page) -> None:
    page.title("投放费用表", 5)
    page.row("日期", "推广计划", "消耗（元）", "展现量", "点击量")
    page.row("２０２６-０３-０１", "品牌词", "１，２００．５", "1.2万", "３００")
    page.row("2026-03-02", "品牌词", "980\u00a0元", "9 800", "245次")
    page.row("总 计", None, 2180.5, 21800, 545)


def content(page: Page) -> None:
    page.row("内容编号", "发布日期", "发布渠道", "作者", "阅读量", "转发量")
    page.row("N1", "2026年3月5日 星期四", "公众号", "周敏", "1.2万", 35)
    page.row("N2", "2026年3月6日（周五）", "视频号", "吴桐", "8600", "/")


FEISHU = (
    "线索编号\t创建时间\t线索来源\t负责人\t联系电话\n"
    "XS-1\t2026/03/05 09:30\t官网\t李明\t'13800000001\nXS-2\t2026/03/06 18:05\t展会\t王伟\t'13800000002\n"
)


# What others have


def roster(page: Page) -> None:
    page.title("员工花名册", 5)
    page.row("工号", "姓名", "邮箱", "入职日期", "离职日期")
    page.row("E007", "王伟", "wangwei@example.com", "2019.7.1", None)
    page.row("E031", "王伟", "wangwei2@example.com", "2023.03.15", "-")
    page.row("E040", "周敏", "zhoumin@example.com", 45000, None)


def approvals(page: Page) -> None:
    page.row("审批编号", "节点", "开始时间", "完成时间", "处理人")
    page.row(None, "部门经理", "2026-03-05 09:00", "2026-03-05 11:30", "孙丽")
    page.row(None, "财务", "2026-03-05 11:30", "2026-03-06 10:00", "赵敏")
    page.row("202603060002", "部门经理", "2026-03-06 09:00", "2026-03-06 09:05", "孙丽")
    page.merged(2, 0, 3, 0, "202603050001")


MONTHS = [f"{number}月" for number in range(1, 13)]


def targets(page: Page) -> None:
    page.title("2026年度销售目标分解表（单位：万元）", 14)
    page.row("考核对象", *MONTHS, "全年合计")
    page.row("华东区", *[10 + number for number in range(12)], 186)
    page.row("华南区", *[5.5] * 3, *[None] * 9, 16.5)
    page.row("合计", *[0] * 12, 202.5)


def quarters(page: Page) -> None:
    page.row("KPI", "Unit", "Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026", "FY 2026")
    page.row("won_revenue", "North", 1000, 1100, 1200, 1300, 4600)
    page.row("won_revenue", "South", 500, None, 700, 800, 2000)
    page.row("win_rate", "North", "35%", 0.36, "37.5％", "38 %", None)


def two_levels(page: Page) -> None:
    page.row("指标", "考核对象", "1月", None, "2月", None, "3月", None)
    page.row(None, None, *["目标", "实际"] * 3)
    page.merged(1, 0, 2, 0, "指标").merged(1, 1, 2, 1, "考核对象")
    for place, month in enumerate(("2026年1月", "2026年2月", "2026年3月")):
        page.merged(1, 2 + 2 * place, 1, 3 + 2 * place, month)
    page.row("won_revenue", "华东区", 100, 90, 110, 120, 130, None)


def headcount(page: Page) -> None:
    page.title("人力月报", 4).row("部门", "月份", "人数", "人力成本（千元）")
    page.row("销售一部", "2026年3月", "12人", 180.5).row("销售二部", "2026年3月", "9 人", 120)
    page.row("合计", None, 21, 300.5)


def survey(page: Page) -> None:
    page.row("调研期次", "团队", "题目", "有效回答", "赞同人数", "平均分")
    page.row("2026-H1", "销售一部", "我清楚目标", "30人", 26, 4.2)
    page.row("2026-H1", "销售二部", "我清楚目标", "22人", "２０人", 4.5)
    page.row("注：少于5人的团队不列示")


def rates(page: Page) -> None:
    page.row("汇率表").row("币种", "生效日期", "汇率")
    page.rows(["USD", "2026.1.1", "７．１２"], ["EUR", "2026.1.1", 7.85])
    page.skip().row("数据来源：中国外汇交易中心")


def learning(page: Page) -> None:
    page.row("员工姓名", "课程", "日期", "学时", "得分")
    page.row("王伟", "谈判", at(3, 5), 2.5, 92)
    page.row("周敏", "数据分析", day(3, 6), "1.5", "待定")


VISITS = "跟进编号,跟进时间,负责人,类型,客户编号\nG1,3月5日,李明,拜访,C1\nG2,3月7日,王芳,电话,C2\n"
AMBIGUOUS = (
    "Invoice No,Customer,Invoice Date,Due Date,Amount\n"
    'I-1,Acme,03/04/2026,04/04/2026,"1,200.00"\nI-2,Birch,05/06/2026,07/06/2026,80\n'
)
GERMAN = (
    "Auftragsliste 2026;;;\nOrder Line;Order Date;Customer;Amount\n"
    "A-1;13.01.2026;Müller;1.234,50 €\nA-2;02.02.2026;Zöllner;-7,25\nTotal;;;1.227,25\n"
)
WECOM = "客户编号,客户名称,负责人,行业,级别\n'0012,远山机械,李明,制造,A\n'0013,蓝海物流,王芳,物流,B\n"
