"""`steelyard reach`: the keys that it promises, from files as they come."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steelyard.cli import app
from steelyard.errors import Refused

HISTORY = [
    value + (7 * place) % 13 for place, value in enumerate([100, 104, 98, 110, 95, 102, 99, 107, 101] * 4)
]
KEYS = {"probability", "periods_left", "target", "so_far", "quantiles", "mean", "method", "n", "season"}


def run(*words: str) -> dict:
    done = CliRunner().invoke(app, ["reach", *words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "history.txt"
    path.write_text("\n".join(map(str, HISTORY)), encoding="utf-8")
    return path


def test_the_promised_keys_are_there(lines: Path) -> None:
    answer = run("--history", str(lines), "--target", "318", "--periods-left", "3")
    assert set(answer) == KEYS | {"calibration"}
    assert (answer["periods_left"], answer["target"], answer["n"]) == (3, 318, 36)
    assert 0 < answer["probability"] < 1
    low, middle, high = (answer["quantiles"][p] for p in ("0.1", "0.5", "0.9"))
    assert low < middle < high
    assert 300 < answer["mean"] < 340


def test_what_has_come_in_counts(lines: Path) -> None:
    plain = run("--history", str(lines), "--target", "318", "--periods-left", "3")
    later = run("--history", str(lines), "--target", "1318", "--periods-left", "3", "--so-far", "1000")
    assert later["probability"] == plain["probability"]
    assert later["mean"] == pytest.approx(plain["mean"] + 1000)


def test_every_form_of_file_is_the_same_history(lines: Path, tmp_path: Path) -> None:
    forms = {
        "list.json": json.dumps(HISTORY),
        "named.json": json.dumps({"history": HISTORY}),
        "table.csv": "month,value,note\n" + "\n".join(f"m,{value},n" for value in HISTORY),
        "last.tsv": "month\tsold\n" + "\n".join(f"m\t{value}" for value in HISTORY),
        "named.txt": "value\n" + "\n".join(map(str, HISTORY)),
    }
    expected = run("--history", str(lines), "--target", "318", "--periods-left", "3")
    for name, text in forms.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert run("--history", str(tmp_path / name), "--target", "318", "--periods-left", "3") == expected


def test_an_empty_place_is_a_month_not_known(tmp_path: Path) -> None:
    holed = tmp_path / "holed.txt"
    holed.write_text("\n".join(["100", "", *map(str, HISTORY)]), encoding="utf-8")
    assert run("--history", str(holed), "--target", "318", "--periods-left", "3")["n"] == 37


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("forecast.too-short", "1\n2\n3", ()),
        ("forecast.bad-line", "1\nx\n3", ()),
        ("forecast.no-column", "a,b\n1,2", ("--column", "c")),
        ("forecast.unreadable-file", "[1, 2", ()),
        ("forecast.bad-month", "1\n2\n3\n4\n5\n6\n7", ("--starts", "May")),
    ],
)
def test_what_cannot_be_is_refused(code: str, text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        CliRunner().invoke(
            app,
            ["reach", "--history", str(path), "--target", "9", "--periods-left", "3", *words],
            catch_exceptions=False,
        )
    assert refused.value.code == code


@pytest.mark.parametrize("words", [("--target", "nan"), ("--target", "1e400"), ("--so-far", "inf")])
def test_a_figure_without_an_end_is_refused(words: tuple[str, str], lines: Path) -> None:
    given = ["reach", "--history", str(lines), "--target", "318", "--periods-left", "3", *words, "--json"]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_people_read_a_table(lines: Path) -> None:
    done = CliRunner().invoke(
        app, ["reach", "--history", str(lines), "--target", "318", "--periods-left", "3"]
    )
    assert done.exit_code == 0
    assert "probability" in done.stdout
