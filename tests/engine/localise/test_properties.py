"""What holds for every table: parts add up, leaves are not counted twice, order does not matter."""

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.engine.localise import Localisation, localise
from steelyard.engine.localise.files import as_json

RATIO = {
    "actual_numerator": "an",
    "actual_denominator": "ad",
    "expected_numerator": "en",
    "expected_denominator": "ed",
}
SUM = {"actual": "real", "expected": "predict"}
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn, kind: str) -> pa.Table:
    """A random table of two to four dimensions, with one planted change or none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.lists(st.integers(2, 6), min_size=2, max_size=4))
    codes = np.indices(sizes).reshape(len(sizes), -1)
    kept = rng.uniform(size=codes.shape[1]) < draw(st.sampled_from([1.0, 0.6]))
    kept[0] = True
    codes = codes[:, kept]
    hit = codes[0] == rng.integers(sizes[0])
    if draw(st.booleans()):
        hit &= codes[1] == rng.integers(sizes[1])
    factor = np.where(hit, draw(st.sampled_from([1.0, 0.4, 1.8])), 1.0)
    columns = {f"d{axis}": [f"v{code}" for code in row] for axis, row in enumerate(codes)}
    return pa.table({**columns, **_figures(kind, codes.shape[1], factor, rng)})


def _figures(kind: str, n: int, factor: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    if kind == "ratio":
        trials, before = rng.poisson(30, n) + 1, rng.poisson(30, n) + 1
        events = rng.binomial(trials, np.clip(0.3 * factor, 0, 1))
        return {"an": events, "ad": trials, "en": rng.binomial(before, 0.3), "ed": before}
    if kind == "counts":
        mean = rng.gamma(2, 4, n)
        return {"real": rng.poisson(mean * factor), "predict": mean}
    base = rng.weibull(0.8, n) * 1000 * (rng.uniform(size=n) > 0.1)
    return {"real": base * factor * (1 + rng.normal(0, 0.05, n)), "predict": base}


def answer_for(table: pa.Table) -> Localisation:
    figures = RATIO if "ad" in table.column_names else SUM
    dimensions = [name for name in table.column_names if name not in figures.values()]
    return localise(table, dimensions=dimensions, **figures)


KINDS = pytest.mark.parametrize("kind", ["sum", "counts", "ratio"])


@KINDS
@QUICK
@given(data=st.data())
def test_contributions_and_rest_add_up_to_the_gap(kind, data):
    answer = answer_for(data.draw(tables(kind)))

    terms = [segment.contribution for segment in answer.segments] + [answer.rest]
    assert abs(sum(terms) - answer.gap) <= 1e-9 * max(1, sum(abs(term) for term in terms))


@KINDS
@QUICK
@given(data=st.data())
def test_no_leaf_is_counted_twice(kind, data):
    table = data.draw(tables(kind))
    answer = answer_for(table)

    leaves = table.to_pylist()
    under = [
        {i for i, leaf in enumerate(leaves) if all(leaf[name] == value for name, value in s.where.items())}
        for s in answer.segments
    ]
    together = set().union(*under) if under else set()
    assert sum(segment.n for segment in answer.segments) == len(together)
    assert all(segment.n <= len(each) for segment, each in zip(answer.segments, under, strict=True))


@KINDS
@QUICK
@given(data=st.data())
def test_the_order_of_rows_and_columns_does_not_matter(kind, data):
    table = data.draw(tables(kind))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    shuffled = table.take(pa.array(rng.permutation(table.num_rows)))
    shuffled = shuffled.select(
        [shuffled.column_names[i] for i in rng.permutation(len(shuffled.column_names))]
    )

    assert json.dumps(as_json(answer_for(shuffled))) == json.dumps(as_json(answer_for(table)))


@QUICK
@given(data=st.data())
def test_the_order_of_categories_does_not_matter(data):
    table = data.draw(tables("sum"))
    encoded = table.set_column(0, "d0", table.column("d0").dictionary_encode())
    backwards = pa.DictionaryArray.from_arrays(
        pa.array([5 - int(value[1:]) for value in table.column("d0").to_pylist()]),
        pa.array([f"v{5 - code}" for code in range(6)]),
    )

    answers = {
        json.dumps(as_json(answer_for(each)))
        for each in (table, encoded, table.set_column(0, "d0", backwards))
    }
    assert len(answers) == 1


@QUICK
@given(data=st.data())
def test_rows_of_one_leaf_are_added_up(data):
    table = data.draw(tables("ratio"))
    halves = [
        table.set_column(table.column_names.index(name), name, pa.array(part))
        for part_of in (lambda x: x // 2, lambda x: x - x // 2)
        for name in ("ad",)
        for part in (part_of(table.column(name).to_numpy()),)
    ]
    zeros = {name: pa.array(np.zeros(table.num_rows, dtype=np.int64)) for name in ("an", "en", "ed")}
    second = halves[1]
    for name, zero in zeros.items():
        second = second.set_column(second.column_names.index(name), name, zero)

    assert as_json(answer_for(pa.concat_tables([halves[0], second]))) == as_json(answer_for(table))


@QUICK
@given(data=st.data(), power=st.integers(-6, 12))
def test_another_unit_scales_the_contributions_only(data, power):
    table = data.draw(tables("sum"))
    factor = 2.0**power
    scaled = table
    for name in ("real", "predict"):
        values = pa.array(table.column(name).to_numpy() * factor)
        scaled = scaled.set_column(scaled.column_names.index(name), name, values)
    one, other = answer_for(table), answer_for(scaled)

    assert [segment.where for segment in one.segments] == [segment.where for segment in other.segments]
    for small, large in zip(one.segments, other.segments, strict=True):
        assert large.contribution == pytest.approx(small.contribution * factor)
        assert large.p == pytest.approx(small.p)
