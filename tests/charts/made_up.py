"""Made-up results in both languages: what the web layer would hand to a chart."""

from steelyard.charts.bridge import Step
from steelyard.charts.mix import Effect
from steelyard.charts.segments import Segment
from steelyard.charts.trend import Series
from steelyard.charts.wording import Wording
from steelyard.charts.xmr import Point

ENGLISH = {
    "period": "Period",
    "value": "Won revenue",
    "mean": "Mean",
    "lower": "Lower limit",
    "upper": "Upper limit",
    "target": "Target",
    "signal": "Signal",
    "no-signal": "None",
    "outside": "Outside the limits",
    "run": "Eight on one side",
    "near-limit": "Three of four near a limit",
    "change": "Changed",
    "part": "Part",
    "amount": "Amount",
    "interval": "95% interval",
    "baseline": "Target Q4 2017",
    "actual": "Actual Q4 2017",
    "residual": "Not explained",
    "segment": "Segment",
    "contribution": "Contribution",
    "share": "Share",
    "rest": "Everything else",
    "category": "Region",
    "rate": "Rate effect",
    "mix": "Mix effect",
    "both": "Both",
    "series": "KPI",
    "asked": "Asked for",
    "middle": "Middle",
    "half": "Five in ten",
    "most": "Eight in ten",
    "group": "Team",
    "name": "Name",
    "flag": "Note",
}
CHINESE = {
    "period": "期间",
    "value": "赢单金额",
    "mean": "均值",
    "lower": "下限",
    "upper": "上限",
    "target": "目标值",
    "signal": "异常信号",
    "no-signal": "无",
    "outside": "超出正常波动范围",
    "run": "连续八点在同一侧",
    "near-limit": "四点中有三点接近界限",
    "change": "发生变化",
    "part": "组成",
    "amount": "金额",
    "interval": "95% 区间",
    "baseline": "2017年四季度目标值",
    "actual": "2017年四季度实际值",
    "residual": "未解释部分",
    "segment": "细分",
    "contribution": "影响额",
    "share": "影响占比",
    "rest": "其余部分",
    "category": "区域",
    "rate": "转化率变化的影响",
    "mix": "结构变化的影响",
    "both": "合计",
    "series": "指标",
    "asked": "累计应完成",
    "middle": "中间值",
    "half": "十次中有五次",
    "most": "十次中有八次",
    "group": "团队",
    "name": "名称",
    "flag": "备注",
}


def _english(value: float) -> str:
    sign, size = ("−" if value < 0 else ""), abs(value)
    return f"{sign}¥{size / 1e6:.2f} m" if size >= 1e6 else f"{sign}¥{size / 1e3:.0f} k"


def _chinese(value: float) -> str:
    return f"{'−' if value < 0 else ''}{abs(value) / 1e4:,.1f} 万元"


def _english_tick(value: float) -> str:
    return "0" if value == 0 else f"{value / 1e6:.3g} m".replace("-", "−")


def _chinese_tick(value: float) -> str:
    return "0" if value == 0 else f"{value / 1e4:,.0f}万".replace("-", "−")


def words(language: str, **labels: str) -> Wording:
    chinese = language.startswith("zh")
    figure = _chinese if chinese else _english
    return Wording(
        language=language,
        description="赢单金额低于目标值18.4%" if chinese else "Won revenue is 18.4% short of target",
        figure=figure,
        change=lambda value: ("+" if value > 0 else "") + figure(value),
        tick=_chinese_tick if chinese else _english_tick,
        labels=(CHINESE if chinese else ENGLISH) | labels,
        span="{low} 至 {high}" if chinese else "{low} to {high}",
    )


def points(language: str) -> list[Point]:
    """Twenty-four months: a run, a re-based process, an outlier, a missing month."""
    levels = [1.62, 1.55, 1.71, 1.66, 1.58, 1.69, 1.64, 1.60, 1.73, 1.67, 1.61, 1.66]
    levels += [1.30, 1.36, 1.28, 1.41, 1.33, 1.38, 1.29, 1.35, 1.40, 1.31, 1.02, 1.34]
    made = []
    for place, level in enumerate(levels):
        month, year = place % 12 + 1, 2016 + place // 12
        centre = 1.644 if place < 12 else 1.335
        value = None if place == 5 else level * 1e6
        made.append(
            Point(
                label=f"{year}年{month}月" if language.startswith("zh") else f"{year}-{month:02}",
                value=value,
                centre=centre * 1e6,
                lower=(centre - 0.21) * 1e6,
                upper=(centre + 0.21) * 1e6,
                target=1.6e6 if place < 12 else 1.7e6,
                signal={22: "outside", 14: "run", 15: "run", 18: "near-limit"}.get(place),
                judged="worse" if place in (14, 15, 22) else None,
                starts=place == 12,
            )
        )
    return made


def steps(language: str) -> list[Step]:
    if language.startswith("zh"):
        names = ["赢单率", "商机数", "平均成单金额"]
    else:
        names = ["Win rate", "Opportunities", "Average deal size"]
    return [
        Step(names[0], -790_000, -980_000, -600_000, "worse", "/measure/win_rate/"),
        Step(names[1], -420_000, -560_000, -270_000, "worse"),
        Step(names[2], 90_000, -40_000, 210_000, "better"),
    ]


BASELINE, ACTUAL = 6_090_000.0, 4_970_000.0


def segments(language: str) -> list[Segment]:
    names = (
        ["华中 · GTX", "华西 · MG Special", "华东 · 续约客户 · 大型企业与集团客户 · 直销渠道 · 第三梯队城市"]
        if language.startswith("zh")
        else [
            "Central · GTX",
            "West · MG Special",
            "East · Renewals · Large enterprises and groups · Direct · Third tier",
        ]
    )
    return [
        Segment(names[0], -611_000, "54%", -760_000, -430_000, "worse"),
        Segment(names[1], -178_000, "16%", -260_000, -90_000, "worse"),
        Segment(names[2], 64_000, "−6%", 10_000, 120_000, "better"),
    ]


def rest(language: str) -> Segment:
    return Segment("其余部分" if language.startswith("zh") else "Everything else", -395_000, "36%")


def effects(language: str) -> list[Effect]:
    names = ["华东", "华西", "华中"] if language.startswith("zh") else ["East", "West", "Central"]
    return [
        Effect(names[0], 120_000, -40_000),
        Effect(names[1], -60_000, 110_000),
        Effect(names[2], -420_000, -90_000, "worse"),
    ]


PERIODS = tuple(f"2017-{month:02}" for month in range(1, 13))


def series(language: str) -> list[Series]:
    chinese = language.startswith("zh")
    return [
        Series(
            "赢单金额" if chinese else "Won revenue",
            tuple(1e6 * value for value in (1.3, 1.4, 1.3, 1.4, 1.3, 1.4, 1.3, 1.35, 1.4, 1.3, 1.0, 1.3)),
        ),
        Series(
            "回款" if chinese else "Collected",
            (1.1e6, None, 1.2e6, 1.25e6, 1.2e6, 1.3e6, 1.25e6, 1.3e6, None, 1.3e6, 1.35e6, 1.4e6),
        ),
    ]


def fan_points(language: str) -> list:
    """Three months that are in, the last of which opens the fan, and two ahead."""
    from steelyard.charts.fan import Point

    names = ["Jan", "Feb", "Mar", "Apr", "May"] if language == "en" else ["1月", "2月", "3月", "4月", "5月"]
    asked, actual = (150.0, 300.0, 480.0, 690.0, 900.0), (160.0, 290.0, 440.0)
    points = [Point(name, value, ask) for name, value, ask in zip(names[:2], actual, asked, strict=False)]
    points.append(Point(names[2], 440.0, 480.0, 440.0, (440.0, 440.0), (440.0, 440.0)))
    ahead = [(630.0, (600.0, 660.0), (560.0, 700.0)), (820.0, (770.0, 870.0), (700.0, 950.0))]
    points += [
        Point(name, None, ask, *fan) for name, ask, fan in zip(names[3:], asked[3:], ahead, strict=True)
    ]
    return points


def spread_dots(language: str) -> list:
    """Two people so near that their dots stand on each other, and one who could not."""
    from steelyard.charts.dots import Dot

    flag = "out of reach" if language == "en" else "难以达成"
    return [
        Dot("East 华东", "Lin Yue 林悦", 1.08, is_full=True),
        Dot("East 华东", "Zhou Min 周敏", 1.081, is_full=True),
        Dot("East 华东", "Wang Wei 王伟", 0.41, flag=flag),
    ]


def charts(language: str) -> dict[str, dict]:
    """Every chart of the house, by name."""
    from steelyard.charts import bridge, dots, fan, mix, rows, trend, xmr
    from steelyard.charts import segments as cuts

    said = words(language)
    return {
        "xmr": xmr.chart(points(language), words=said),
        "bridge": bridge.chart(steps(language), baseline=BASELINE, actual=ACTUAL, words=said, is_target=True),
        "mix": mix.chart(effects(language), words=said),
        "segments": cuts.chart(segments(language), words=said, rest=rest(language)),
        "trend": trend.chart(series(language), periods=PERIODS, words=said),
        "sparkline": trend.sparkline(series(language)[0], periods=PERIODS, words=said),
        "fan": fan.chart(fan_points(language), target=900.0, words=said, from_zero=True),
        "dots": dots.chart(
            spread_dots(language), mark=1.0, words=said, headings=[rows.Heading("East 华东", "1 / 3")]
        ),
    }
