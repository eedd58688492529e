"""Tables that cannot be judged get a clear refusal; odd ones an answer that adds up."""

import math

import pyarrow as pa
import pytest

from steelyard.engine.localise import localise
from steelyard.errors import Refused

ODD = [
    {"d": ["a"], "real": [1.0], "predict": [2.0]},
    {"d": ["a", "b"], "real": [0.0, 0.0], "predict": [0.0, 0.0]},
    {"d": ["a", "b", "c"], "real": [5.0, 0.0, 7.0], "predict": [0.0, 0.0, 0.0]},
    {"d": ["a", "b", "c"], "real": [0.0, 0.0, 0.0], "predict": [5.0, 1.0, 7.0]},
    {"d": ["a", "b", "c"], "real": [-5.0, 3.0, -1e9], "predict": [2.0, -4.0, 1e9]},
    {"d": ["a", None, ""], "real": [5.0, 3.0, 1.0], "predict": [2.0, 4.0, 2.0]},
    {"d": ["a", "a", "a"], "real": [5.0, 3.0, 1.0], "predict": [2.0, 4.0, 2.0]},
    {"d": [1, 2, 3], "real": [1e-300, 1e300, 1.0], "predict": [1e300, 1e-300, 1.0]},
    {"d": [f"v{i}" for i in range(300)], "real": [7.0] * 300, "predict": [7.0] * 300},
]


@pytest.mark.parametrize("columns", ODD)
def test_an_odd_table_still_adds_up(columns):
    answer = localise(pa.table(columns), dimensions=["d"], actual="real", expected="predict")

    terms = [segment.contribution for segment in answer.segments] + [answer.rest]
    assert sum(terms) == pytest.approx(answer.gap, rel=1e-9, abs=1e-9 * sum(abs(term) for term in terms))
    assert all(0 <= segment.p <= 0.05 for segment in answer.segments)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (
            {"d": [], "real": pa.array([], pa.float64()), "predict": pa.array([], pa.float64())},
            "localise.no-rows",
        ),
        ({"d": ["a"], "real": [1.0]}, "localise.no-such-column"),
        ({"real": [1.0], "predict": [1.0]}, "localise.no-such-column"),
        ({"d": ["a"], "real": ["x"], "predict": [1.0]}, "localise.not-a-number"),
        ({"d": ["a"], "real": [True], "predict": [1.0]}, "localise.not-a-number"),
        ({"d": ["a"], "real": [None], "predict": [1.0]}, "localise.not-a-number"),
        ({"d": ["a", "b"], "real": [None, 2.0], "predict": [1.0, 1.0]}, "localise.number-missing"),
        ({"d": ["a", "b"], "real": [math.nan, 2.0], "predict": [1.0, 1.0]}, "localise.number-missing"),
        ({"d": ["a", "b"], "real": [math.inf, 2.0], "predict": [1.0, 1.0]}, "localise.number-missing"),
        ({"d": [["a"], ["b"]], "real": [1.0, 2.0], "predict": [1.0, 1.0]}, "localise.not-a-dimension"),
    ],
)
def test_a_table_that_cannot_be_judged_is_refused(columns, code):
    with pytest.raises(Refused) as refusal:
        localise(pa.table(columns), dimensions=["d"], actual="real", expected="predict")

    assert refusal.value.code == code


TABLE = pa.table(
    {"d": ["a", "b"], "e": ["x", "y"], "real": [1.0, 2.0], "predict": [1.0, 2.0], "none": [0.0, 0.0]}
)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"dimensions": [], "actual": "real", "expected": "predict"}, "localise.no-dimensions"),
        ({"dimensions": ["d", "d"], "actual": "real", "expected": "predict"}, "localise.column-named-twice"),
        (
            {"dimensions": ["d", "real"], "actual": "real", "expected": "predict"},
            "localise.column-named-twice",
        ),
        ({"dimensions": ["d"], "actual": "real"}, "localise.which-columns"),
        ({"dimensions": ["d"]}, "localise.which-columns"),
        (
            {"dimensions": ["d"], "actual": "real", "expected": "predict", "actual_numerator": "real"},
            "localise.which-columns",
        ),
        ({"dimensions": ["d"], "actual": "real", "expected": "predict", "alpha": 0}, "localise.bad-alpha"),
        (
            {
                "dimensions": ["d"],
                "actual_numerator": "real",
                "actual_denominator": "none",
                "expected_numerator": "real",
                "expected_denominator": "predict",
            },
            "localise.no-denominator",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(asked, code):
    with pytest.raises(Refused) as refusal:
        localise(TABLE, **asked)

    assert refusal.value.code == code


def test_too_many_dimensions_are_refused():
    table = pa.table({**{f"d{i}": ["a", "b"] for i in range(13)}, "real": [1.0, 2.0], "predict": [1.0, 2.0]})

    with pytest.raises(Refused) as refusal:
        localise(table, dimensions=[f"d{i}" for i in range(13)], actual="real", expected="predict")

    assert refusal.value.code == "localise.too-many-dimensions"
