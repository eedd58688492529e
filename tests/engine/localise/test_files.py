"""The plain-file door: CSV, gzipped CSV and Parquet give one answer, broken files a refusal."""

import gzip
import json

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from steelyard.engine.localise.files import localise_file, read_leaves
from steelyard.errors import Refused

FIGURES = {"actual": "won", "expected": "target"}


@pytest.fixture
def table() -> pa.Table:
    rows = [
        {"region": region, "code": f"{number:03}", "won": 50.5 if region == "南" else 100.5, "target": 100.0}
        for region in ("北", "南", "东", "西")
        for number in range(8)
    ]
    return pa.Table.from_pylist(rows)


def test_every_format_gives_the_same_answer(table, tmp_path):
    plain, zipped, columns = tmp_path / "a.csv", tmp_path / "a.csv.gz", tmp_path / "a.parquet"
    pcsv.write_csv(table, plain)
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    pq.write_table(table, columns)

    answers = [localise_file(path, figures=FIGURES) for path in (plain, zipped, columns)]

    assert [answer.pop("file") for answer in answers] == [str(plain), str(zipped), str(columns)]
    assert all(answer.pop("cpu_seconds") >= 0 for answer in answers)
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["verdict"] == "found"
    assert answers[0]["segments"][0]["where"] == {"region": "南"}
    assert answers[0].keys() == {"gap", "segments", "rest", "verdict"}


def test_a_code_with_leading_zeros_stays_text(table, tmp_path):
    pcsv.write_csv(table, tmp_path / "a.csv")

    leaves = read_leaves(tmp_path / "a.csv", figures=list(FIGURES.values()))

    assert leaves.column("code")[0].as_py() == "000"


def test_only_the_dimensions_asked_for_are_cut_by(table, tmp_path):
    pcsv.write_csv(table, tmp_path / "a.csv")

    answer = localise_file(tmp_path / "a.csv", figures=FIGURES, dimensions=["region"])

    assert all(segment["where"].keys() <= {"region"} for segment in answer["segments"])


def test_the_answer_is_plain_json(table, tmp_path):
    pcsv.write_csv(table, tmp_path / "a.csv")

    answer = localise_file(tmp_path / "a.csv", figures=FIGURES)

    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "localise.unreadable-file"),
        (b"region,won,target\n", "localise.no-rows"),
        (b"region,won,target\nN,1,2\nS,1\n", "localise.unreadable-file"),
        (b"region,won,target\nN,abc,2\n", "localise.not-a-number"),
        (b"region,won,target\nN,,2\n", "localise.number-missing"),
        (b"region,won,target\nN,nan,2\n", "localise.number-missing"),
        (b"region,won\nN,1\n", "localise.no-such-column"),
        (b"region,won,target\n\xb1\xb1,1,2\n", "localise.unreadable-file"),
        (b"\x00\x01\x02\x03", "localise.unreadable-file"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, content, code):
    path = tmp_path / "broken.csv"
    path.write_bytes(content)

    with pytest.raises(Refused) as refusal:
        localise_file(path, figures=FIGURES)

    assert refusal.value.code == code


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        localise_file(tmp_path / "none.csv", figures=FIGURES)

    assert refusal.value.code == "localise.unreadable-file"


def test_a_byte_order_mark_is_no_part_of_a_name(table, tmp_path):
    pcsv.write_csv(table, tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + content)

    leaves = read_leaves(tmp_path / "b.csv", figures=list(FIGURES.values()))

    assert leaves.column_names[0] == "region"
