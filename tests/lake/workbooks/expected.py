"""What must be read from each workbook."""

from decimal import Decimal as D

from tests.lake.workbooks import books as b
from tests.lake.workbooks.books import Book, at, day

_MONEY = ("receipt_id", "received_on", "amount", "received_by")
BOOKS = [
    Book(
        "crm-export", "商机导出.xlsx", b.book(("Sheet1", b.crm_export)), "opportunities",
        ("opportunity_id", "owner", "stage", "amount", "closed_on", "outcome"),
        [
            ("SJ001", "李明", "赢单", D(125000), day(3, 5), "won"),
            ("SJ002", "王芳", "方案报价", D(80000), None, "open"),
            ("SJ003", "李明", "输单", D(1200), day(3, 18), "lost"),
        ],
        dropped=1, notes=("magnitudes", "dates-with-points"), by_child=True,
    ),
    Book(
        "collection-ledger", "回款台账.xlsx", b.book(("台账", b.ledger)), "receipts",
        (*_MONEY, "客户名称"),
        [
            ("R1", day(1, 8), D("123456.7"), "赵敏", "远山机械"),
            ("R2", day(2, 3), D(30000), "赵敏", "远山机械"),
            ("R3", day(3, 30), D(5000), "孙丽", "蓝海物流"),
        ],
        dropped=4, notes=("filled-down",), by_child=True,
    ),
    Book(
        "receivables", "应收明细.xlsx", b.book(("应收", b.receivables)), "invoices",
        ("invoice_id", "customer", "owner", "issued_on", "due_on", "amount"),
        [
            ("00120001", "远山机械", "李明", day(1, 5), day(2, 4), D(113000)),
            ("00120002", "蓝海物流", "王芳", day(1, 10), day(2, 9), D("56500.5")),
        ],
        dropped=1, notes=("dates-tight",),
    ),
    Book(
        "invoices", "开票登记.xlsx", b.book(("开票", b.invoices)), "invoices",
        ("invoice_id", "customer", "issued_on", "due_on", "amount", "currency"),
        [
            ("FP-1", "远山机械", day(3, 5), day(4, 5), D("1200.5"), "CNY"),
            ("FP-2", "蓝海物流", day(3, 6), day(4, 6), D(-300), "CNY"),
            ("FP-3", "云岭食品", day(3, 9), day(4, 9), D(2400), "CNY"),
        ],
        notes=("serial-days", "full-width", "brackets"), by_child=True,
    ),
    Book(
        "orders-west", "order lines.xlsx", b.book(("Data", b.orders_west)), "orders",
        ("order_line_id", "ordered_on", "region", "owner", "amount", "quantity"),
        [
            ("1001", day(1, 5), "North", "Ann Lee", D("1200.5"), 3.0),
            ("1002", day(1, 9), "North", "Bo Chan", D(-300), 1.0),
            ("1003", day(2, 2), "South", "Ann Lee", D(75), 2.0),
        ],
        dropped=3, notes=("brackets", "currency-signs"),
    ),
    Book(
        "salesforce", "opportunity report.xlsx", b.book(("report", b.salesforce)), "opportunities",
        ("opportunity_id", "owner", "stage", "amount", "closed_on", "outcome"),
        [
            ("0065g00001", "Ann Lee", "Closed Won", D(5000), day(2, 11), "won"),
            ("0065g00002", "Bo Chan", "Closed Lost", D("750.25"), day(3, 1), "lost"),
            ("0065g00003", "Ann Lee", "Negotiation/Review", None, day(5, 30), "open"),
        ],
        dropped=3,
    ),
    Book(
        "hubspot", "hubspot-crm-exports-deals.csv", b.text(b.HUBSPOT), "opportunities",
        ("opportunity_id", "owner", "stage", "amount", "closed_on", "created_on"),
        [
            ("901", "Ann Lee", "Closed Won", D(12000), day(3, 5), day(1, 4)),
            ("902", "Bo Chan", "Appointment Scheduled", None, day(4, 30), day(3, 1)),
        ],
        by_child=True,
    ),
    Book(
        "pipedrive", "deals-7-2.csv", b.text(b.PIPEDRIVE), "opportunities",
        ("opportunity_id", "owner", "stage", "amount", "outcome"),
        [
            ("7", "Ann Lee", "Contract sent", D(5500), "won"),
            ("8", "Bo Chan", "Qualified", D(300), "open"),
        ],
    ),
    Book(
        "contracts", "合同台账.xlsx", b.book(("合同", b.contracts)), "contracts",
        ("contract_id", "account_id", "owner", "signed_on", "amount", "kind"),
        [
            ("HT-01", "远山机械", "李明", day(1, 5), D("123456.7"), "new"),
            ("HT-02", "蓝海物流", "王芳", day(2, 10), D(80000), "renewal"),
        ],
    ),
    Book(
        "two-tables", "合同与回款计划.xlsx",
        b.book(("合同", b.contract_page), ("回款计划", b.plan_and_contracts)), "collection_plan",
        ("plan_id", "contract_id", "due_on", "amount", "milestone"),
        [
            ("P1", "HT-01", day(2, 1), D(30000), "预付款"),
            ("P2", "HT-01", day(6, 1), D(70000), "验收款"),
        ],
        question="sheet", answer={"sheet": "回款计划"}, by_child=True,
    ),
    Book(
        "sales-days", "销售日报2026.xlsx",
        b.book(
            ("1月", b.sales_month([5, "D1", "李明", "泵", 100], [31, "D2", "王芳", "阀", 50.5])),
            ("2月", b.sales_month([1, "D3", "李明", "泵", 70], [28, "D4", "王芳", "阀", 30])),
        ),
        "orders", ("order_id", "ordered_on", "owner", "product", "amount", "sheet"),
        [
            ("D1", day(1, 5), "李明", "泵", D(100), "1月"),
            ("D2", day(1, 31), "王芳", "阀", D("50.5"), "1月"),
            ("D3", day(2, 1), "李明", "泵", D(70), "2月"),
            ("D4", day(2, 28), "王芳", "阀", D(30), "2月"),
        ],
        dropped=2, by_child=True,
    ),
    Book(
        "stores", "门店日销.xlsx", b.book(("三月", b.stores)), "orders",
        ("ordered_on", "门店", "amount"),
        [
            (day(3, 1), "人民路店", D("3200.5")), (day(3, 1), "江边店", D(1800)),
            (day(3, 2), "人民路店", D(2900)), (day(3, 2), "江边店", D(2100)),
        ],
        question="need", constants={"order_line_id": {"join": ["门店", "日期"]}, "门店": "门店"},
        dropped=2, notes=("filled-down", "magnitudes"),
    ),
    Book(
        "outlined", "大区订单.csv", b.text(b.outlined()), "orders",
        ("order_line_id", "region", "ordered_on", "amount"),
        [
            ("L1", "华东", day(3, 1), D(100)), ("L2", "华东", day(3, 2), D(200)),
            ("L3", "华东", day(3, 2), D(50)), ("L4", "华南", day(3, 3), D(80)),
            ("L5", "华南", day(3, 5), D(20)),
        ],
        question="fill", answer={"fill": ["大区"]}, dropped=1, by_child=True,
    ),
    Book(
        "campaigns", "市场活动周报.xlsx", b.book(("周报", b.campaigns)), "campaigns",
        ("campaign_id", "name", "channel", "started_on", "ended_on", "budget"),
        [
            ("HD01", "春季论坛", "线下", day(3, 5), day(3, 6), D(25000)),
            ("HD02", "直播第三场", "直播", day(3, 9), day(3, 9), D("8000")),
        ],
        dropped=1,
    ),
    Book(
        "leads-by-month", "线索日报2026年.xlsx",
        b.book(
            ("汇总", b.lead_summary),
            ("1月", b.lead_month(["L1", "1月5日", "官网", "李明"], ["L2", "1月31日", "展会", "王芳"])),
            ("2月", b.lead_month(["L3", "2月28日", "官网", "李明"])),
            ("旧数据", b.hidden),
        ),
        "leads", ("lead_id", "created_on", "source", "owner"),
        [
            ("L1", day(1, 5), "官网", "李明"), ("L2", day(1, 31), "展会", "王芳"),
            ("L3", day(2, 28), "官网", "李明"),
        ],
        by_child=True,
    ),
    Book(
        "fees", "投放费用表.xlsx", b.book(("费用", b.fees)), "campaign_days",
        ("day", "campaign_id", "spend", "impressions", "clicks"),
        [(day(3, 1), "品牌词", D("1200.5"), 12000, 300), (day(3, 2), "品牌词", D(980), 9800, 245)],
        dropped=1, notes=("full-width", "magnitudes", "spaces"), by_child=True,
    ),
    Book(
        "content", "内容日报.xlsx", b.book(("内容", b.content)), "content_days",
        ("content_id", "day", "channel", "author", "reads", "shares"),
        [("N1", day(3, 5), "公众号", "周敏", 12000, 35), ("N2", day(3, 6), "视频号", "吴桐", 8600, None)],
        notes=("dates-in-words", "magnitudes"),
    ),
    Book(
        "feishu", "飞书线索.tsv", b.text(b.FEISHU), "leads",
        ("lead_id", "created_on", "source", "owner", "联系电话"),
        [
            ("XS-1", day(3, 5), "官网", "李明", "13800000001"),
            ("XS-2", day(3, 6), "展会", "王伟", "13800000002"),
        ],
    ),
    Book(
        "wecom", "企业微信客户.csv", b.text(b.WECOM, "gb18030"), "accounts",
        ("account_id", "name", "owner", "industry", "level"),
        [("0012", "远山机械", "李明", "制造", "A"), ("0013", "蓝海物流", "王芳", "物流", "B")],
    ),
    Book(
        "roster", "花名册.xlsx", b.book(("人员", b.roster)), "people",
        ("code", "name", "email", "joined_on", "left_on"),
        [
            ("E007", "王伟", "wangwei@example.com", day(7, 1, 2019), None),
            ("E031", "王伟", "wangwei2@example.com", day(3, 15, 2023), None),
            ("E040", "周敏", "zhoumin@example.com", day(3, 15, 2023), None),
        ],
        notes=("serial-days", "dates-with-points"),
    ),
    Book(
        "dingtalk", "钉钉审批记录.xlsx", b.book(("Sheet1", b.approvals)), "work_events",
        ("case_id", "activity", "started_at", "finished_at", "performer"),
        [
            ("202603050001", "部门经理", at(3, 5, 9), at(3, 5, 11, 30), "孙丽"),
            ("202603050001", "财务", at(3, 5, 11, 30), at(3, 6, 10), "赵敏"),
            ("202603060002", "部门经理", at(3, 6, 9), at(3, 6, 9, 5), "孙丽"),
        ],
        notes=("filled-down",),
    ),
    Book(
        "targets", "目标分解表.xlsx", b.book(("目标", b.targets)), "targets",
        ("unit", "period", "value", "kpi"),
        [
            *(("华东区", f"2026-{m:02}", 90_000.0 + 10_000 * m, "won_revenue") for m in range(1, 13)),
            *(("华南区", f"2026-{m:02}", 55_000.0, "won_revenue") for m in (1, 2, 3)),
        ],
        question="need", constants={"kpi": {"value": "won_revenue"}}, dropped=1, by_child=True,
    ),
    Book(
        "quarters", "quota.xlsx", b.book(("quota", b.quarters)), "targets",
        ("kpi", "unit", "period", "value"),
        [
            *(("won_revenue", "North", f"2026-Q{q + 1}", 1000.0 + 100 * q) for q in range(4)),
            *(("won_revenue", "South", f"2026-Q{q}", v) for q, v in ((1, 500.0), (3, 700.0), (4, 800.0))),
            *(("win_rate", "North", f"2026-Q{q}", v) for q, v in enumerate((0.35, 0.36, 0.375, 0.38), 1)),
        ],
    ),
    Book(
        "two-levels", "目标与实际.xlsx", b.book(("跟踪", b.two_levels)), "targets",
        ("kpi", "unit", "period", "value", "实际"),
        [
            ("won_revenue", "华东区", "2026-01", 100.0, 90.0),
            ("won_revenue", "华东区", "2026-02", 110.0, 120.0),
            ("won_revenue", "华东区", "2026-03", 130.0, None),
        ],
    ),
    Book(
        "headcount", "人力月报.xlsx", b.book(("人力", b.headcount)), "headcount",
        ("team", "month", "people", "cost"),
        [("销售一部", day(3, 1), 12.0, D(180500)), ("销售二部", day(3, 1), 9.0, D(120000))],
        dropped=1, notes=("counted",),
    ),
    Book(
        "survey", "敬业度调研.xlsx", b.book(("结果", b.survey)), "survey_scores",
        ("wave", "team", "question", "answers", "favourable", "mean"),
        [
            ("2026-H1", "销售一部", "我清楚目标", 30, 26.0, 4.2),
            ("2026-H1", "销售二部", "我清楚目标", 22, 20.0, 4.5),
        ],
        dropped=1, notes=("counted", "full-width"),
    ),
    Book(
        "rates", "汇率.xlsx", b.book(("汇率", b.rates)), "exchange_rates",
        ("currency", "valid_from", "rate"), [("EUR", day(1, 1), 7.85), ("USD", day(1, 1), 7.12)],
        dropped=1, notes=("dates-with-points", "full-width"),
    ),
    Book(
        "learning", "学习记录.xlsx", b.book(("学习", b.learning)), "learning",
        ("person", "item", "day", "hours", "score"),
        [("周敏", "数据分析", day(3, 6), 1.5, None), ("王伟", "谈判", day(3, 5), 2.5, 92.0)],
    ),
    Book(
        "visits-without-year", "跟进记录.csv", b.text(b.VISITS), "activities",
        ("activity_id", "done_at", "owner", "kind"),
        [("G1", at(3, 5), "李明", "拜访"), ("G2", at(3, 7), "王芳", "电话")],
        question="year", answer={"year": 2026}, by_child=True,
    ),
    Book(
        "ambiguous", "invoices.csv", b.text(b.AMBIGUOUS), "invoices",
        ("invoice_id", "customer", "issued_on", "amount"),
        [("I-1", "Acme", day(4, 3), D(1200)), ("I-2", "Birch", day(6, 5), D(80))],
        question="date-order", by_child=True,
    ),
    Book(
        "german", "auftraege.csv", b.text(b.GERMAN, "utf-8-sig"), "orders",
        ("order_line_id", "ordered_on", "customer", "amount"),
        [("A-1", day(1, 13), "Müller", D("1234.5")), ("A-2", day(2, 2), "Zöllner", D("-7.25"))],
        dropped=1,
    ),
]  # fmt: skip
