"""Every chart in both languages: valid for Altair, complete in words, the same on every run."""

import json

import altair
import pytest

from steelyard.charts import bridge, dots, fan, mix, rows, segments, trend, xmr
from steelyard.charts.theme import DARK, LIGHT, colour, painted
from steelyard.charts.xmr import Point, points_of
from steelyard.engine.signals import judge_signal
from tests.charts import made_up

LANGUAGES = ["en", "zh-hans"]
NAMES = list(made_up.charts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_altair_accepts_the_spec(name, language):
    spec = painted(made_up.charts(language)[name])
    assert altair.Chart.from_dict(spec, validate=True).to_dict()["description"] == spec["description"]


@pytest.mark.parametrize("name", NAMES)
def test_specs_name_roles_and_no_colours(name):
    text = json.dumps(made_up.charts("en")[name])
    assert "#" not in text
    assert "var(" not in json.dumps(painted(made_up.charts("en")[name], theme="dark"))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_figures_give_the_same_bytes(name):
    assert json.dumps(made_up.charts("en")[name]) == json.dumps(made_up.charts("en")[name])


@pytest.mark.parametrize("module", [xmr, bridge, segments, mix, trend, fan, dots])
def test_a_chart_asks_for_no_more_words_than_it_names(module):
    language = "en"
    only = {code: made_up.ENGLISH[code] for code in module.WORDS}
    words = made_up.words(language)
    words = type(words)(language, words.description, words.figure, words.change, words.tick, only)
    if module is xmr:
        made = (
            xmr.chart(made_up.points(language), words=words),
            xmr.table_of(made_up.points(language), words=words),
        )
    elif module is bridge:
        ends = {"baseline": made_up.BASELINE, "actual": made_up.ACTUAL, "words": words, "residual": 1.0}
        made = bridge.chart(made_up.steps(language), **ends), bridge.table_of(made_up.steps(language), **ends)
    elif module is segments:
        made = (
            segments.chart(made_up.segments(language), words=words),
            segments.table_of(made_up.segments(language), words=words),
        )
    elif module is mix:
        made = (
            mix.chart(made_up.effects(language), words=words),
            mix.table_of(made_up.effects(language), words=words),
        )
    elif module is fan:
        points = made_up.fan_points(language)
        made = fan.chart(points, target=900.0, words=words), fan.table_of(points, words=words)
    elif module is dots:
        drawn, headings = made_up.spread_dots(language), [rows.Heading("East 华东", "1 / 3")]
        made = (
            dots.chart(drawn, mark=1.0, words=words, headings=headings),
            dots.table_of(drawn, words=words),
        )
    else:
        lines = {"periods": made_up.PERIODS, "words": words}
        made = (
            trend.chart(made_up.series(language), **lines),
            trend.table_of(made_up.series(language), **lines),
        )
    assert all(made)


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_stand_out_from_the_card(palette):
    for role in ("ink", "muted", "accent", "better", "worse"):
        assert _contrast(palette[role], palette["card"]) >= 4.5, role
    assert _contrast(palette["limit"], palette["card"]) >= 3
    assert _contrast(palette["ink"], palette["band"]) >= 4.5


def _layer_values(spec: dict, kind: str) -> list[list[dict]]:
    return [layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == kind]


def test_limits_step_from_point_to_point_and_break_at_a_new_baseline():
    spec = xmr.chart(made_up.points("en"), words=made_up.words("en"))
    (band,) = _layer_values(spec, "area")
    assert {row["part"] for row in band} == {"0-0", "1-0"}
    before, after = band[23], band[24]
    assert before["x"] == after["x"] == 11.5
    assert before["y"] > after["y"]


def test_a_missing_month_breaks_the_line_and_is_no_zero():
    points = made_up.points("en")
    spec = xmr.chart(points, words=made_up.words("en"))
    values = next(rows for rows in _layer_values(spec, "line") if "signal" in rows[0])
    assert 5 not in {row["x"] for row in values}
    assert {row["part"] for row in values} == {"0", "1"}
    assert xmr.table_of(points, words=made_up.words("en")).rows[5][1] == "–"


def test_signals_differ_by_shape_and_take_colour_only_against_a_target():
    spec = xmr.chart(made_up.points("en"), words=made_up.words("en"))
    signals = next(layer for layer in spec["layer"] if "shape" in layer["encoding"])
    assert signals["encoding"]["shape"]["scale"]["range"] == ["diamond", "square", "triangle-up"]
    fills = {row["x"]: row["fill"] for row in signals["data"]["values"]}
    assert fills == {22: colour("worse"), 14: colour("worse"), 15: colour("worse"), 18: colour("ink")}


def test_points_come_from_what_the_engine_judged():
    values = [10.0, 11.0, 9.0, 10.0, 11.0, 9.5, 10.5, 30.0]
    signal = judge_signal(values)
    points = points_of(signal, values=values, labels=list("abcdefgh"), targets=[12.0] * 8)
    assert points[-1].signal == "outside"
    assert points[-1].judged == "better"
    assert [point.judged for point in points[:7]] == [None] * 7
    assert (
        points_of(signal, values=values, labels=list("abcdefgh"), targets=[12.0] * 8, direction="down")[
            -1
        ].judged
        == "worse"
    )


@pytest.mark.parametrize(
    "points", [[], [Point("2017-01", None)], [Point("2017-01", 3.0)], [Point("2017-01", 0.0)] * 2]
)
def test_hardly_any_points_still_make_a_chart(points):
    spec = painted(xmr.chart(points, words=made_up.words("en")))
    assert altair.Chart.from_dict(spec, validate=True)


def test_the_bridge_leads_from_baseline_to_actual():
    language = "en"
    steps = made_up.steps(language)
    spec = bridge.chart(
        steps, baseline=made_up.BASELINE, actual=made_up.ACTUAL, words=made_up.words(language)
    )
    (bars,) = _layer_values(spec, "rect")
    assert bars[0]["x"] == made_up.BASELINE
    assert [bar["x"] for bar in bars[1:]] == [bar["x2"] for bar in bars[:-1]]
    assert bars[-1]["x2"] == made_up.ACTUAL


def test_a_residual_has_its_own_bar_only_where_there_is_one():
    steps = made_up.steps("en")[:2]
    words = made_up.words("en")
    ends = {"baseline": made_up.BASELINE, "actual": made_up.ACTUAL, "words": words}
    without = bridge.table_of(steps, **ends)
    (bars,) = _layer_values(bridge.chart(steps, residual=90_000.0, **ends), "rect")
    assert [row[0] for row in without.rows] == [
        "Target Q4 2017",
        "Win rate",
        "Opportunities",
        "Actual Q4 2017",
    ]
    assert bars[-1]["name"] == "Not explained"
    assert bars[-1]["x2"] == made_up.ACTUAL


def test_without_a_target_the_bridge_is_ink():
    steps = [bridge.Step(step.name, step.contribution) for step in made_up.steps("en")]
    spec = bridge.chart(steps, baseline=made_up.BASELINE, actual=made_up.ACTUAL, words=made_up.words("en"))
    text = json.dumps(spec)
    assert colour("worse") not in text
    assert colour("better") not in text


def test_the_rest_is_hollow_and_last():
    spec = segments.chart(made_up.segments("en"), words=made_up.words("en"), rest=made_up.rest("en"))
    (bars,) = _layer_values(spec, "rect")
    assert bars[-1]["name"] == "Everything else"
    assert bars[-1]["fill"] == colour("card")
    assert bars[0]["fill"] == colour("worse")


def test_a_bar_opens_its_records():
    spec = bridge.chart(made_up.steps("en"), baseline=1.0, actual=2.0, words=made_up.words("en"))
    bars = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rect")
    assert bars["encoding"]["href"]["field"] == "href"
    assert bars["data"]["values"][0]["href"] == "/measure/win_rate/"


def test_no_segment_at_all_still_makes_a_chart():
    spec = painted(segments.chart([], words=made_up.words("en"), rest=made_up.rest("en")))
    assert altair.Chart.from_dict(spec, validate=True)


def test_a_fan_opens_where_the_actual_ends_and_its_table_leaves_that_out():
    points, words = made_up.fan_points("en"), made_up.words("en")
    spec = fan.chart(points, target=900.0, words=words)
    most, half = _layer_values(spec, "area")
    assert [row["x"] for row in most] == [2, 3, 4]
    assert most[0]["y"] == most[0]["y2"] == 440.0
    assert all(outer["y"] <= inner["y"] for outer, inner in zip(most, half, strict=True))
    rows_told = fan.table_of(points, words=words).rows
    assert rows_told[2][3:] == ("–", "–")
    assert rows_told[4][4] == "¥1 k to ¥1 k"


def test_without_a_forecast_there_is_no_fan():
    points = [fan.Point("Jan", 10.0, 12.0), fan.Point("Feb", None, 24.0)]
    assert _layer_values(fan.chart(points, target=24.0, words=made_up.words("en")), "area") == []


def test_dots_that_would_cover_each_other_stand_on_each_other():
    headings = [rows.Heading("East 华东", "1 / 3")]
    spec = dots.chart(made_up.spread_dots("en"), mark=1.0, words=made_up.words("en"), headings=headings)
    (drawn,) = [each for each in _layer_values(spec, "point") if len(each) == 3]
    by_name = {row["name"]: row for row in drawn}
    assert by_name["Lin Yue 林悦"]["y"] - by_name["Zhou Min 周敏"]["y"] == dots.STEP
    assert by_name["Wang Wei 王伟"]["fill"] == colour("card")
