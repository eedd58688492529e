"""Published cases and tables where nothing happened: a quick look, benchmarks/localise.py is the whole."""

import csv
import json
import tarfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pytest

from steelyard.engine.localise import localise
from steelyard.engine.localise.files import as_json
from tests.shared import SHARED

CASES = SHARED / "rca"


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Path:
    if not CASES.is_dir():
        pytest.skip(f"no published cases in {CASES}")
    folder = tmp_path_factory.mktemp("rca")
    for name in ("S", "L"):
        with tarfile.open(CASES / f"{name}.tar.xz") as archive:
            # Python before 3.11.4 knows no filters; the published cases are trusted there.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(folder)  # noqa: S202  by the filter, where there is one
    return folder


@pytest.mark.parametrize(("name", "least"), [("S", 0.8), ("L", 0.75)])
def test_the_true_causes_are_found(planted, name, least):
    hits = named = true = 0
    for row in csv.DictReader((planted / name / "injection_info.csv").open(encoding="utf-8")):
        table = pcsv.read_csv(planted / name / f"{row['timestamp']}.csv")
        dimensions = [column for column in table.column_names if column not in ("real", "predict")]
        answer = localise(table, dimensions=dimensions, actual="real", expected="predict")
        causes = {
            frozenset(tuple(part.split("=")) for part in cause.split("&")) for cause in row["set"].split(";")
        }
        found = {frozenset(segment.where.items()) for segment in answer.segments}
        hits, named, true = hits + len(found & causes), named + len(found), true + len(causes)

    assert 2 * hits / (named + true) >= least


def test_shuffled_published_rows_give_the_same_bytes(planted):
    path = sorted((planted / "S").glob("[0-9]*.csv"))[0]
    table = pcsv.read_csv(path)
    shuffled = table.take(pa.array(np.random.default_rng(1).permutation(table.num_rows)))
    shuffled = shuffled.select(sorted(shuffled.column_names, reverse=True))

    answers = {
        json.dumps(as_json(localise(each, dimensions=list("abcde"), actual="real", expected="predict")))
        for each in (table, shuffled)
    }
    assert len(answers) == 1


def test_few_false_alarms_where_nothing_happened():
    rng = np.random.default_rng(20)
    alarms = 0
    for _ in range(70):
        codes = np.indices([6, 5, 4]).reshape(3, -1)
        columns = {f"d{axis}": [f"v{code}" for code in row] for axis, row in enumerate(codes)}
        mean = rng.gamma(2, 4, codes.shape[1])
        trials = rng.poisson(15, codes.shape[1]) + 1
        kinds = (
            {"real": mean * 100 * (1 + rng.normal(0, 0.1, len(mean))), "predict": mean * 100},
            {"real": rng.poisson(mean), "predict": mean},
            {"an": rng.binomial(trials, 0.2), "ad": trials, "en": rng.binomial(trials, 0.2), "ed": trials},
        )
        for figures in kinds:
            asked = {"actual": "real", "expected": "predict"}
            if "an" in figures:
                asked = {
                    "actual_numerator": "an",
                    "actual_denominator": "ad",
                    "expected_numerator": "en",
                    "expected_denominator": "ed",
                }
            answer = localise(pa.table({**columns, **figures}), dimensions=["d0", "d1", "d2"], **asked)
            alarms += bool(answer.segments)

    assert alarms <= 0.07 * 210
