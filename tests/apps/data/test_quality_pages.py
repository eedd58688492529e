"""Data quality on the pages: findings by source, the rows, what is accepted, the gate, the answers."""

import csv
import io
import re
from typing import Any

import pytest
from django.urls import reverse

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions, queries
from steelyard.apps.data.models import NameAnswer, QualityAcceptance, QualityFinding, Snapshot
from steelyard.apps.data.queries.quality import gate_json, quality_gate, reads_behind
from steelyard.apps.data.words.quality import ADVICE, EFFECTS, SENTENCES, gate_line
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.people.models import Person
from steelyard.engine.kpi import catalogue
from steelyard.engine.quality.rules import OTHER_LIMITS, RULES

pytestmark = pytest.mark.django_db
ORPHANS = "2 rows of “Receipts” have a value in “invoice ID” that “Invoices” does not know"


@pytest.fixture
def source(take: Any) -> Any:
    """source(name, table, rows) → published as that source's."""

    def brought(name: str, table: str, rows: list[dict[str, str]]) -> None:
        taken = take(table, rows)
        actions.set_mapping(LOCAL_OPERATOR, taken, {**taken.mapping, "source": name})
        run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})

    return brought


def invoice(number: int) -> dict[str, str]:
    days = {"issued_on": f"2025-03-{number:02}", "due_on": f"2025-04-{number:02}"}
    return {"invoice_id": f"I{number}", "customer": f"C{number}", "amount": "100", **days}


def receipt(number: int, invoice: str, customer: str = "x") -> dict[str, str]:
    fixed = {"receipt_id": f"R{number}", "invoice_id": invoice, "amount": "100", "note": customer}
    return {**fixed, "received_on": f"2025-05-{number:02}"}


@pytest.fixture
def orphaned(source: Any) -> QualityFinding:
    """20 invoices of the ERP; of the bank's 10 receipts the last two name none of them."""
    source("ERP", "invoices", [invoice(n) for n in range(1, 21)])
    named = [receipt(n, f"I{n}") for n in range(1, 9)]
    source("Bank", "receipts", [*named, receipt(9, "I99", "=1+1"), receipt(10, "I98")])
    run_here(LOCAL_OPERATOR, "data.quality", {})
    return QualityFinding.objects.get(rule="orphan")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_page_says_what_it_is_what_it_does_and_what_to_do(
    orphaned: QualityFinding, analyst: Any, log_in: Any
) -> None:
    client = log_in(analyst)
    page = text(client.get(reverse("quality")))
    assert "The data checks found 1 thing to mend." in page
    assert f"{ORPHANS} (20.0% of the amount)" in page
    assert "Import the rows that are named" in page
    assert "To be mended." in page
    assert "Collection rate" in page
    assert "Bank" in page
    other = text(client.get(reverse("quality"), {"source": "ERP"}))
    assert "Nothing is wrong with the data" in other


def test_the_rows_are_shown_and_exported_harmless(
    orphaned: QualityFinding, analyst: Any, log_in: Any
) -> None:
    client = log_in(analyst)
    page = text(client.get(reverse("finding", args=[orphaned.public_id])))
    assert "R9" in page
    assert "R10" in page
    assert "R8" not in page
    answer = client.get(reverse("finding_csv", args=[orphaned.public_id]))
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["receipt_id"] for row in rows] == ["R10", "R9"]
    assert rows[1]["note"] == "'=1+1"
    assert client.get(reverse("finding_xlsx", args=[orphaned.public_id])).status_code == 200


def test_accepting_takes_a_reason_and_can_be_taken_back(
    orphaned: QualityFinding, analyst: Any, log_in: Any
) -> None:
    client, address = log_in(analyst), reverse("accept_finding", args=[orphaned.public_id])
    client.post(address, {"reason": " "})
    assert not QualityAcceptance.objects.exists()
    client.post(address, {"reason": "Deposits of last year"})
    page = text(client.get(reverse("quality")))
    assert "Nothing is wrong with the data" in page
    assert "Deposits of last year" in page
    run_here(LOCAL_OPERATOR, "data.quality", {})
    assert "Deposits of last year" in text(client.get(reverse("quality")))
    client.post(reverse("withdraw_acceptance", args=[QualityAcceptance.objects.get().pk]))
    assert "1 thing to mend" in text(client.get(reverse("quality")))
    told = AuditEntry.objects.filter(action__in=["data.accept-finding", "data.withdraw-acceptance"])
    assert told.count() == 2


def reads(kpi: str) -> Any:
    snapshot = Snapshot.objects.first()
    assert snapshot is not None
    return reads_behind(snapshot, catalogue()[kpi], definitions=catalogue())


def test_the_gate_says_whether_the_tables_behind_a_figure_are_sound(
    orphaned: QualityFinding, analyst: Any
) -> None:
    snapshot = Snapshot.objects.first()
    assert snapshot is not None

    def gate(kpi: str) -> dict[str, Any]:
        return gate_json(quality_gate(snapshot, reads(kpi)), snapshot)

    rate = gate("collection_rate")
    assert rate["verdict"] == "failed"
    assert gate_line(rate) == f"Data check: not passed: {ORPHANS} (20.0% of the amount)."
    assert gate("invoiced")["verdict"] == "passed"
    stored = gate("collection_rate")
    snapshot.quality_check.delete()
    assert gate("collection_rate") == stored  # checked there and then
    assert gate_line(gate_json(quality_gate(snapshot, {}, ask=False), snapshot)) == (
        "Data check: not done yet."
    )


def test_what_was_accepted_does_not_fail_the_gate(orphaned: QualityFinding, analyst: Any) -> None:
    snapshot = Snapshot.objects.first()
    assert snapshot is not None
    told = queries.quality.finding_seen_by(analyst, orphaned.public_id)  # type: ignore[attr-defined]
    actions.accept_finding(analyst, told, "Deposits")
    gate = quality_gate(snapshot, reads("collection_rate"))
    assert (gate.verdict, gate.accepted) == ("passed", 1)


@pytest.mark.parametrize("role", ["manager", "member", "administrator"])
def test_who_does_not_serve_the_whole_company_finds_nothing(
    role: str, orphaned: QualityFinding, request: pytest.FixtureRequest, log_in: Any
) -> None:
    client = log_in(request.getfixturevalue(role))
    for name in ("finding", "finding_csv", "finding_xlsx"):
        assert client.get(reverse(name, args=[orphaned.public_id])).status_code == 404
    assert client.get(reverse("quality")).status_code == 404


def test_a_leader_reads_but_does_not_accept_nor_answer(
    orphaned: QualityFinding, leader: Any, log_in: Any
) -> None:
    client = log_in(leader)
    page = text(client.get(reverse("quality")))
    assert "1 thing to mend" in page
    assert "Accept as it is" not in page
    assert (
        client.post(reverse("accept_finding", args=[orphaned.public_id]), {"reason": "x"}).status_code == 404
    )
    assert client.get(reverse("names")).status_code == 404
    assert client.get(reverse("finding", args=["no-such-finding"])).status_code == 404


def test_before_the_first_check_the_page_says_so(analyst: Any, log_in: Any) -> None:
    assert "have not been checked yet" in text(log_in(analyst).get(reverse("quality")))


@pytest.fixture
def two(source: Any) -> None:
    """Two people named 王伟, and deals of the CRM that name 王伟, a stranger and a queue."""
    for code in ("P012", "P044"):
        Person.objects.create(code=code, name="王伟")
    Person.objects.create(code="P1", name="Lin Yue")
    fixed = {"stage": "won", "created_on": "2025-01-05", "region": "East", "amount": "5"}
    owners = ["王伟", "Yue, Lin", "Queue 7"]
    source(
        "CRM",
        "opportunities",
        [{"opportunity_id": f"O{n}", "owner": o, **fixed} for n, o in enumerate(owners)],
    )
    run_here(LOCAL_OPERATOR, "data.quality", {})


def test_names_are_asked_about_with_who_may_be_meant(two: None, analyst: Any, log_in: Any) -> None:
    client = log_in(analyst)
    page = text(client.get(reverse("names")))
    assert "3 names in files are open: who is meant?" in page
    assert page.index("“王伟”") < page.index("“queue 7”")
    assert 'value="person:P012"' in page
    assert 'value="person:P1"' in page
    sent = {"source-0": "CRM", "text-0": "王伟", "choice-0": "person:P044"}
    sent |= {"source-1": "CRM", "text-1": "queue 7", "choice-1": "nobody"}
    sent |= {"source-2": "CRM", "text-2": "yue, lin", "choice-2": "other", "other-2": "lin yue"}
    client.post(reverse("names"), sent)
    found = NameAnswer.objects.values_list("text", "person__code")
    assert sorted(found, key=str) == [("queue 7", None), ("yue, lin", "P1"), ("王伟", "P044")]
    page = text(client.get(reverse("names")))
    assert "Every name in the files is known." in page
    client.post(reverse("withdraw_name", args=[NameAnswer.objects.get(text="王伟").public_id]))
    assert "1 name in files is open" in text(client.get(reverse("names")))


def test_a_new_person_is_added_under_the_code_given(two: None, analyst: Any, log_in: Any) -> None:
    sent = {"source-0": "CRM", "text-0": "queue 7", "choice-0": "new", "other-0": ""}
    client = log_in(analyst)
    assert "The column code is empty." in text(client.post(reverse("names"), sent))
    client.post(reverse("names"), {**sent, "other-0": "P9"})
    assert Person.objects.get(code="P9").name == "queue 7"


def test_a_name_may_depend_on_a_column(two: None, analyst: Any, log_in: Any) -> None:
    client, place = log_in(analyst), {"source": "CRM", "text": "王伟"}
    page = text(client.get(reverse("names_by_column"), {**place, "column": "region"}))
    assert 'name="value-0" value="east"' in page
    sent = {**place, "column": "region", "value-0": "east", "choice-0": "person:P012"}
    client.post(reverse("names_by_column"), sent)
    answer = NameAnswer.objects.get()
    assert (answer.column, answer.value, answer.person and answer.person.code) == ("region", "east", "P012")


@pytest.mark.parametrize("role", ["manager", "member", "finance", "leader"])
def test_only_who_keeps_people_or_data_answers(
    role: str, two: None, request: pytest.FixtureRequest, log_in: Any
) -> None:
    client = log_in(request.getfixturevalue(role))
    sent = {"source-0": "CRM", "text-0": "王伟", "choice-0": "person:P044"}
    assert client.post(reverse("names"), sent).status_code == 404
    assert client.get(reverse("names_by_column"), {"source": "CRM", "text": "王伟"}).status_code == 404
    assert not NameAnswer.objects.exists()


@pytest.mark.parametrize("role", ["administrator", "compensation"])
def test_who_keeps_people_answers_too(
    role: str, two: None, request: pytest.FixtureRequest, log_in: Any
) -> None:
    sent = {"source-0": "CRM", "text-0": "王伟", "choice-0": "person:P044"}
    log_in(request.getfixturevalue(role)).post(reverse("names"), sent)
    assert NameAnswer.objects.get().person == Person.objects.get(code="P044")


def test_every_rule_has_its_words() -> None:
    rules = {rule.id for rule in RULES} | set(OTHER_LIMITS)
    assert rules == set(EFFECTS) == set(ADVICE)
    assert rules == {name.partition("-")[0] if name.startswith("gap-") else name for name in SENTENCES}
