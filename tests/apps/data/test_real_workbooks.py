"""What a workbook does not tell is asked on the page of columns; what was left out is shown."""

from pathlib import Path
from typing import Any

import pytest

from steelyard.apps.data.models import Import
from tests.apps.data.wizard import Wizard
from tests.lake.workbooks.expected import BOOKS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def uploaded(wizard: Wizard, book_id: str, folder: Path) -> str:
    book = next(each for each in BOOKS if each.id == book_id)
    book.write(folder / book.file)
    return wizard.upload((book.file, (folder / book.file).read_bytes()))


def asked(wizard: Wizard, address: str) -> Any:
    return wizard.client.get(f"{address}columns/").context["question"]


def test_rows_of_totals_are_counted_and_shown(wizard: Wizard, tmp_path: Path) -> None:
    address = uploaded(wizard, "collection-ledger", tmp_path)
    found = wizard.client.get(f"{address}files/").content.decode()
    assert "4 rows of totals, notes or details left out" in found
    assert "merged cells repeated in each row" in found
    assert "times 10000, as a title above says" in found
    result = wizard.check(address)
    assert result.context["total"]["created"] == 3
    page = result.content.decode()
    assert "4 rows of totals, notes or details left out" in page
    assert "制表人：赵敏" in page


@pytest.mark.parametrize(
    ("book_id", "code", "answer", "read"),
    [
        ("visits-without-year", "year", "2026", {"year": 2026}),
        ("outlined", "fill", "yes", {"fill": ["大区"]}),
        ("two-tables", "sheet", "1", {"sheets": ["回款计划"]}),
    ],
)
def test_the_question_is_asked_once(
    book_id: str, code: str, answer: str, read: Any, wizard: Wizard, tmp_path: Path
) -> None:
    address = uploaded(wizard, book_id, tmp_path)
    assert asked(wizard, address).question["code"] == code
    sent = {"do": "answer", "question-answer": answer}
    assert wizard.client.post(f"{address}columns/", sent).status_code == 302
    assert not asked(wizard, address).fields
    assert Import.objects.get().mapping["read"] == read
    total = wizard.check(address).context["total"]
    assert (total["rejected"], total["read"]) == (0, total["created"])


def test_an_answer_that_is_none_is_asked_again(wizard: Wizard, tmp_path: Path) -> None:
    address = uploaded(wizard, "visits-without-year", tmp_path)
    page = wizard.client.post(f"{address}columns/", {"do": "answer", "question-answer": "last"})
    assert page.status_code == 200
    assert "answer" in page.context["question"].errors


def test_each_file_is_asked_for_itself(wizard: Wizard, tmp_path: Path) -> None:
    book = next(each for each in BOOKS if each.id == "visits-without-year")
    book.write(tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    later = content.replace(b"G1", b"G3").replace(b"G2", b"G4")
    address = wizard.upload(("a.csv", content), ("b.csv", later))
    for year in ("2025", "2026"):
        wizard.client.post(f"{address}columns/", {"do": "answer", "question-answer": year})
    assert not asked(wizard, address).fields
    assert Import.objects.get().mapping["read"] == {
        "files": {"a.csv": {"year": 2025}, "b.csv": {"year": 2026}}
    }
    assert wizard.check(address).context["total"]["created"] == 4
