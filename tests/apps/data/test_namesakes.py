"""Two people of one name are asked about, never merged; an answer holds for the files of one source."""

from typing import Any

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions, queries
from steelyard.apps.data.actions import Answer
from steelyard.apps.data.models import Import, NameAnswer, Source
from steelyard.apps.data.queries.names import named, questions_seen_by, values_of
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.jobs.models import Job
from steelyard.apps.people.actions import import_organisation
from steelyard.apps.people.models import Membership, Person, Team
from steelyard.lake.imports.limits import Limits
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(db: None) -> dict[str, Person]:
    """王伟 of East and 王伟 of South, and Lin, whom nobody is confused with."""
    people = {}
    for code, name, team in (("P012", "王伟", "EAST"), ("P044", "王伟", "SOUTH"), ("P1", "Lin", "EAST")):
        people[code] = Person.objects.create(code=code, name=name, email=f"{code}@example.com")
        at, _ = Team.objects.get_or_create(code=team, defaults={"name": team})
        Membership.objects.create(person=people[code], team=at, valid_from=LONG_AGO)
    return people


def deal(number: int, owner: str, **more: str) -> dict[str, str]:
    fixed = {"opportunity_id": f"O{number}", "owner": owner, "stage": "won", "outcome": "won"}
    return {
        **fixed,
        "created_on": "2025-01-05",
        "closed_on": "2025-02-10",
        "amount": str(100 * number),
        **more,
    }


@pytest.fixture
def bring(take: Any) -> Any:
    """bring("CRM", rows) → opportunities of a source, published and checked."""

    def brought(source: str, rows: list[dict[str, str]]) -> Import:
        taken = take("opportunities", rows)
        mapping = {**taken.mapping, "source": source}
        actions.set_mapping(LOCAL_OPERATOR, taken, mapping)
        run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
        run_here(LOCAL_OPERATOR, "data.quality", {})
        taken.refresh_from_db()
        return taken

    return brought


def publish_answers() -> None:
    for job in Job.objects.filter(state=Job.State.QUEUED):
        from steelyard.apps.jobs.actions import run

        run(job.pk, raising=True)
    run_here(LOCAL_OPERATOR, "data.quality", {})


def won_by() -> dict[str, float]:
    """Person → won revenue of 2025, as the scorecard counts it."""
    from steelyard.engine.kpi import judge, summarise
    from steelyard.engine.periods import Period

    with queries.facts(queries.newest_versions()) as lake:
        summary = summarise(lake.tables, ["won_revenue"], periods=[Period.parse("2025")], by=["member"])
        return {row.by["member"]: float(row.value or 0) for row in judge(summary)}


def test_a_name_of_two_people_belongs_to_neither_and_is_asked_once(
    both: Any, bring: Any, analyst: Any
) -> None:
    bring("CRM", [deal(1, "王伟"), deal(2, " 王伟 "), deal(3, "Lin"), deal(4, "P044")])
    assert won_by() == {None: 300, "P1": 300, "P044": 400}
    [question] = questions_seen_by(analyst)
    assert (question.source, question.text, question.kind, question.rows) == ("CRM", "王伟", "several", 2)
    assert [person.code for person in question.people] == ["P012", "P044"]


def test_each_source_may_mean_another_and_what_was_imported_follows(
    both: Any, bring: Any, analyst: Any
) -> None:
    bring("CRM", [deal(1, "王伟")])
    bring("ERP", [deal(2, "王伟")])
    crm, erp = Source.objects.get(name="CRM"), Source.objects.get(name="ERP")
    actions.answer_names(analyst, [Answer(crm, "王伟", both["P012"]), Answer(erp, "王伟", both["P044"])])
    publish_answers()
    assert won_by() == {"P012": 100, "P044": 200}
    assert questions_seen_by(analyst) == []
    bring("CRM", [deal(5, "王伟")])
    assert won_by() == {"P012": 600, "P044": 200}
    assert Person.objects.count() == 3


def test_the_file_keeps_its_text_and_a_rebuild_gives_the_same(both: Any, bring: Any, analyst: Any) -> None:
    bring("CRM", [deal(1, "王伟")])
    actions.answer_names(analyst, [Answer(Source.objects.get(), "王伟", both["P012"])])
    publish_answers()
    versions = queries.newest_versions()
    with queries.lake().open(versions) as raw:
        assert raw.tables["opportunities"].owner.to_pyarrow().to_pylist() == ["王伟"]
    with queries.facts(versions) as answered:
        assert answered.tables["opportunities"].owner.to_pyarrow().to_pylist() == [named(both["P012"])]
    run_here(LOCAL_OPERATOR, "data.rebuild", {})
    assert won_by() == {"P012": 100}


def test_a_column_of_the_row_may_tell_them_apart(both: Any, bring: Any, analyst: Any) -> None:
    rows = [
        deal(1, "王伟", department="East"),
        deal(2, "王伟", department="south "),
        deal(4, "王伟", department=""),
    ]
    bring("CRM", [*rows, deal(8, "Lin", department="South")])
    told = values_of(analyst, source="CRM", text="王伟", column="department")
    assert "department" in told.columns
    assert dict(told.values) == {"east": 1, "south": 1}
    crm = Source.objects.get()
    by = {"East": both["P012"], "South": both["P044"]}
    actions.answer_names(analyst, [Answer(crm, "王伟", who, "department", at) for at, who in by.items()])
    publish_answers()
    assert won_by() == {"P012": 100, "P044": 200, None: 400, "P1": 800}


def test_an_answer_can_be_taken_back(both: Any, bring: Any, analyst: Any) -> None:
    bring("CRM", [deal(1, "王伟")])
    actions.answer_names(analyst, [Answer(Source.objects.get(), "王伟", both["P012"])])
    publish_answers()
    actions.withdraw_answer(analyst, NameAnswer.objects.get())
    publish_answers()
    assert won_by() == {None: 100}
    assert len(questions_seen_by(analyst)) == 1
    told = AuditEntry.objects.filter(action__in=["data.answer-name", "data.withdraw-name"])
    assert sorted(told.values_list("action", "detail__person")) == [
        ("data.answer-name", "P012"),
        ("data.withdraw-name", "P012"),
    ]


def test_a_queue_is_nobody_and_no_longer_asked_about(both: Any, bring: Any, analyst: Any) -> None:
    bring("CRM", [deal(1, "Inbox queue")])
    [question] = questions_seen_by(analyst)
    assert (question.kind, question.people) == ("nobody", ())
    actions.answer_names(analyst, [Answer(Source.objects.get(), "Inbox queue", None)])
    publish_answers()
    assert questions_seen_by(analyst) == []
    assert won_by() == {None: 100}


def test_the_dry_run_of_an_import_asks_before_anything_is_published(both: Any, take: Any) -> None:
    taken = take("opportunities", [deal(1, "王伟"), deal(2, "Lin"), deal(3, "Somebody")])
    run_here(LOCAL_OPERATOR, "data.check", {"public_id": taken.public_id})
    taken.refresh_from_db()
    assert [(each["text"], each["kind"], each["rows"]) for each in taken.counts["names"]] == [
        ("王伟", "several", 1),
        ("somebody", "nobody", 1),
    ]


PEOPLE = [
    {"code": "P7", "name": "王伟", "email": "a@x.cn"},
    {"code": "P8", "name": "王伟", "email": "b@x.cn"},
]


def test_a_list_with_two_of_one_name_keeps_two_people(db: None) -> None:
    told = import_organisation(LOCAL_OPERATOR, people=PEOPLE)
    assert told["people"]["created"] == 2
    assert sorted(Person.objects.values_list("code", "name")) == [("P7", "王伟"), ("P8", "王伟")]


def test_a_name_in_the_place_of_a_code_is_asked_about_instead_of_merged(both: Any) -> None:
    told = import_organisation(LOCAL_OPERATOR, people=[{"code": "王伟", "name": "王伟"}])
    assert told["people"]["rejects"] == [
        {"row": 1, "code": "people.namesake", "person": "王伟", "known": "P012"}
    ]
    assert Person.objects.count() == 3


def test_two_equal_rows_of_a_list_without_codes_are_both_set_aside(tmp_path: Any, db: None) -> None:
    path = tmp_path / "people.csv"
    path.write_text("姓名,部门\n王伟,东\n王伟,东\n林悦,东\n", encoding="utf-8")
    taken = actions.take_in(LOCAL_OPERATOR, [(path.name, path)], limits=Limits.browser(), table="people")
    mapping = {"source": "HR", "table": "people", "columns": {"code": "姓名", "name": "姓名"}}
    actions.set_mapping(LOCAL_OPERATOR, taken, mapping)
    run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    taken.refresh_from_db()
    assert (taken.counts["total"]["created"], taken.counts["total"]["rejected"]) == (1, 2)
    assert list(Person.objects.values_list("name", flat=True)) == ["林悦"]
    rejects = queries.rejects_of(LOCAL_OPERATOR, taken, limit=10)
    assert [each["code"] for each in rejects] == ["namesake", "namesake"]


def test_a_person_whose_code_is_the_name_does_not_take_the_other_ones_facts(bring: Any, db: None) -> None:
    Person.objects.create(code="王伟", name="王伟")
    Person.objects.create(code="P044", name="王伟")
    bring("CRM", [deal(1, "王伟")])
    assert won_by() == {None: 100}
    actions.answer_names(
        LOCAL_OPERATOR, [Answer(Source.objects.get(), "王伟", Person.objects.get(code="王伟"))]
    )
    publish_answers()
    assert won_by() == {"王伟": 100}
