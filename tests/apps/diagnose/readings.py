"""Made-up readings: the cases that sentences must tell apart."""

from typing import Any

from steelyard.apps.diagnose.queries.reading import Driver, Mix, Reading, Segment, Since

WIN_RATE = Driver("win_rate", -790_000, 0.541, 0.63, -980_000, -600_000)
CLOSED = Driver("opportunities_closed", -330_000, 400, 440, -420_000, -240_000)
BIGGER = Driver("average_deal_size", 600_000, 62_000, 55_000, 400_000, 800_000)
NOISE = Driver("average_deal_size", 20_000, 55_400, 55_000, -90_000, 130_000)
TARGET = Driver("target", -500_000, 6_090_000, 5_590_000)
CENTRAL = Segment(
    {"region": "Central", "product": "GTX"}, -611_000, "win_rate", 0.31, 0.62, -760_000, -430_000, 0.002, 412
)
EAST = Segment({"region": "East"}, 64_000, "win_rate", 0.7, 0.6, 20_000, 108_000, 0.01, 88)


def reading(**more: Any) -> Reading:
    """Won revenue 18.4% short of target, a signal below, explained by the win rate in one segment."""
    made = {
        "kpi": "won_revenue",
        "period": "2017-Q4",
        "against": "target",
        "actual": 4_970_000.0,
        "baseline": 6_090_000.0,
        "baseline_period": "2016-Q4",
        "gap": -1_120_000.0,
        "signal": "signal",
        "signal_side": "below",
        "rules": ("outside",),
        "drivers": (WIN_RATE, NOISE),
        "cut": "win_rate",
        "dimensions": ("region", "product"),
        "segments": (CENTRAL,),
        "rest": -179_000.0,
        "currency": "CNY",
    }
    return Reading(**(made | more))


def above(**more: Any) -> Reading:
    return reading(
        **{
            "actual": 7_000_000.0,
            "gap": 910_000.0,
            "signal_side": "above",
            "drivers": (Driver("win_rate", 910_000, 0.7, 0.63, 700_000, 1_100_000),),
            "segments": (),
            "bright_spots": (EAST,),
        }
        | more
    )


CASES: dict[str, Reading] = {
    "one-driver-one-segment": reading(),
    "two-drivers": reading(
        drivers=(Driver("win_rate", -590_000, 0.56, 0.63, -700_000, -400_000), CLOSED),
        segments=(),
    ),
    "offsetting": reading(
        drivers=(Driver("win_rate", -1_720_000, 0.5, 0.63, -1_900_000, -1_500_000), BIGGER)
    ),
    "nothing-stands-out": reading(segments=(), rest=-790_000.0),
    "usual": reading(signal="no-signal", signal_side=None, rules=(), segments=()),
    "usual-but-a-segment": reading(signal="no-signal", signal_side=None, rules=()),
    "too-early": reading(signal="too-early", signal_side=None, rules=()),
    "above": above(),
    "on-target": reading(actual=6_090_000.0, gap=0.0, drivers=(), segments=()),
    "cancelled": reading(actual=6_090_000.0, gap=0.0, drivers=(WIN_RATE, BIGGER), segments=()),
    "target-too-high": reading(
        drivers=(TARGET, Driver("win_rate", -620_000, 0.58, 0.63, -700_000, -500_000))
    ),
    "all-noise": reading(drivers=(NOISE,), segments=()),
    "year-ago": reading(against="year-ago", baseline=5_500_000.0, gap=-530_000.0),
    "another-period": reading(against="period", baseline=5_500_000.0, gap=-530_000.0),
    "ratio": reading(
        kpi="win_rate",
        actual=0.541,
        baseline=0.63,
        gap=-0.089,
        drivers=(),
        segments=(Segment({"region": "Central"}, -0.06, "win_rate", 0.4, 0.6, -0.08, -0.04, 0.001, 300),),
    ),
    "mix": reading(
        kpi="win_rate",
        actual=0.541,
        baseline=0.63,
        gap=-0.089,
        drivers=(),
        segments=(),
        mixes=(Mix("region", -0.01, -0.079),),
    ),
    "lower-is-better": reading(
        kpi="dso", actual=52.0, baseline=45.0, gap=7.0, signal_side="above", drivers=(), segments=()
    ),
    "many": reading(kpi="opportunities", actual=300.0, baseline=400.0, gap=-100.0, drivers=(), segments=()),
    "other-way": reading(drivers=(), segments=(EAST,)),
    "no-baseline": reading(baseline=None, gap=None, drivers=(), segments=(), dimensions=()),
    "no-value": reading(actual=None, gap=None, drivers=(), segments=(), dimensions=()),
    "signal-the-other-way": reading(signal_side="above", rules=("run",)),
    "since": reading(
        since=Since("won_revenue", "2017-07", 1_900_000.0, 1_650_000.0, 0.01),
        since_segment=Since("segment", "2017-08", 0.62, 0.33, 0.004),
    ),
}
