"""A made-up diagnosis on paper, in both languages."""

from steelyard.charts import bridge, render, xmr
from steelyard.web.pdf import DiagnosisSheet
from tests.charts import made_up


def _marks(judgement: str, weight: float | None, **more: object) -> dict:
    rest = {"off_scale": "", "notches": [75.0], "ring": None, "is_ring_raised": False, "band": None}
    return {"judgement": judgement, "weight": weight} | rest | more


MARKS = [
    _marks("worse", 61.0, ring=63.5, is_ring_raised=True, band=[55.0, 70.0]),
    _marks("usual", 69.0, ring=73.5, band=[58.0, 84.0]),
    _marks("better", 100.0, off_scale="right"),
    _marks("missing", None, notches=[], ring=40.0),
]


def _beams(lines: list[tuple[str, str, str, str]]) -> list[dict]:
    names = ("name", "note", "figure", "change")
    return [dict(zip(names, line, strict=True)) | marks for line, marks in zip(lines, MARKS, strict=True)]


ENGLISH: DiagnosisSheet = {
    "language": "en",
    "brand": "Steelyard",
    "title": "Won revenue · Q4 2017 against target",
    "crumb": ["Won revenue", "Q4 2017", "against target", "All teams"],
    "headline": "Q4 won revenue is 18.4% short of target; fewer wins in one region explain most of it.",
    "emphasis": "18.4% short",
    "judged": "worse",
    "lede": "Of the ¥1.12 m gap, ¥0.79 m is a lower win rate, and ¥0.61 m of that sits with GTX in Central.",
    "footer": ["Q4 2017", "Snapshot 12 of 3 January 2018", "Printed for Lin Yue"],
    "page_of": "Page {n} of {m}",
    "beams": {
        "title": "Where we stand",
        "note": "notch = target · ring = a year ago · weight = now · band = usual variation",
        "lines": _beams(
            [
                ("Won revenue", "signal: 8 below the mean", "¥4.97 m", "−18.4% worse than target"),
                ("Win rate", "below target, no signal: leave it", "58.2%", "−4.8 pt"),
                ("Collection rate", "", "131.0%", "+38.0 pt better than target"),
                ("Average deal size", "", "—", "no data"),
            ]
        ),
    },
    "bridge": {
        "title": "From target to actual",
        "note": "contributions add up to the gap",
        "image": "bridge.svg",
        "alt": "Win rate −¥790 k, opportunities −¥420 k, average deal size +¥90 k",
    },
    "segments": {
        "title": "Where the gap sits",
        "note": "",
        "headings": ["Segment", "Contribution", "Share", "95% interval", "n"],
        "rows": [
            ["Central · GTX", "−¥611 k", "54%", "−¥760 k … −¥430 k", "412"],
            ["West · MG Special #panic() *bold* $x$ \\u{41}", "−¥178 k", "16%", "−¥260 k … −¥90 k", "88"],
            ["Everything else", "−¥331 k", "30%", "–", "2,140"],
        ],
        "judged": ["worse", "worse", ""],
    },
    "bright_spots": {
        "title": "Bright spots",
        "note": "above what was expected of them",
        "headings": ["Segment", "Above", "Actual", "Expected"],
        "rows": [["East · Renewals", "+¥64 k", "¥512 k", "¥448 k"]],
        "judged": ["better"],
    },
    "since": {
        "title": "Since when",
        "note": "change point, p = 0.004",
        "text": "The win rate in Central fell in October 2017 and has stayed at its new level since.",
        "image": "since.svg",
        "alt": "Won revenue by month with its natural process limits",
    },
    "definitions": {
        "title": "Definitions",
        "note": "",
        "entries": [
            {"term": "Won revenue, version 3", "text": "Sum of the amounts of opportunities closed as won."},
            {"term": "Win rate, version 2", "text": "Won ÷ (won + lost), by the date of closing."},
        ],
    },
    "version": {
        "title": "Data",
        "note": "",
        "text": "Snapshot 12: opportunities version 7, targets version 2.",
    },
}

CHINESE: DiagnosisSheet = {
    "language": "zh-hans",
    "brand": "定盘星",
    "title": "赢单金额 · 2017年四季度较目标",
    "crumb": ["赢单金额", "2017年四季度", "较目标", "全部团队"],
    "headline": "四季度赢单金额比目标少18.4%，主要是一个区域赢单变少。",
    "emphasis": "少18.4%",
    "judged": "worse",
    "lede": "112万元的差异中，79万元来自赢单率下降，其中61万元集中在华中的GTX产品；成单金额保持稳定。",
    "footer": ["2017年四季度", "数据快照 12（2018年1月3日）", "打印人：林悦"],
    "page_of": "第 {n} 页，共 {m} 页",
    "beams": {
        "title": "现状",
        "note": "刻线＝目标值 · 圆环＝去年同期 · 秤砣＝现在 · 色带＝正常波动范围",
        "lines": _beams(
            [
                ("赢单金额", "异常信号：连续八点低于均值", "497 万元", "−18.4% 差于目标"),
                ("赢单率", "低于目标，但没有异常信号：不必反应", "58.2%", "−4.8 个百分点"),
                ("回款率", "", "131.0%", "+38.0 个百分点 好于目标"),
                ("平均成单金额", "", "—", "没有数据"),
            ]
        ),
    },
    "bridge": {
        "title": "从目标值到实际值",
        "note": "各项影响额相加等于全部差异",
        "image": "bridge.svg",
        "alt": "赢单率 −79万元，商机数 −42万元，平均成单金额 +9万元",
    },
    "segments": {
        "title": "差异集中在哪里",
        "note": "",
        "headings": ["细分", "影响额", "影响占比", "95% 区间", "数量"],
        "rows": [
            ["华中 · GTX", "−61.1 万元", "54%", "−76.0 … −43.0 万元", "412"],
            ["华西 · MG Special", "−17.8 万元", "16%", "−26.0 … −9.0 万元", "88"],
            ["其余部分", "−33.1 万元", "30%", "–", "2,140"],
        ],
        "judged": ["worse", "worse", ""],
    },
    "bright_spots": {
        "title": "亮点",
        "note": "好于预期的细分",
        "headings": ["细分", "超出预期", "实际值", "预期值"],
        "rows": [["华东 · 续约", "+6.4 万元", "51.2 万元", "44.8 万元"]],
        "judged": ["better"],
    },
    "since": {
        "title": "从何时开始",
        "note": "变化点，p = 0.004",
        "text": "华中的赢单率在2017年10月下降，此后一直停留在新的水平。",
        "image": "since.svg",
        "alt": "各月赢单金额及其正常波动范围",
    },
    "definitions": {
        "title": "指标定义",
        "note": "",
        "entries": [
            {"term": "赢单金额（第3版）", "text": "结果为赢单的商机金额之和。"},
            {"term": "赢单率（第2版）", "text": "赢单 ÷（赢单 + 丢单），按关闭日期统计。"},
        ],
    },
    "version": {"title": "数据", "note": "", "text": "数据快照 12：商机第7版，目标值第2版。"},
}

SHEETS = {"en": ENGLISH, "zh-hans": CHINESE}


def images(language: str) -> dict[str, bytes]:
    words = made_up.words(language)
    ends = {"baseline": made_up.BASELINE, "actual": made_up.ACTUAL, "words": words, "is_target": True}
    return {
        "bridge.svg": render.to_svg(bridge.chart(made_up.steps(language), **ends)).encode(),
        "since.svg": render.to_svg(xmr.chart(made_up.points(language), words=words)).encode(),
    }
