"""A site's own KPIs: added, versioned, taken back; what does not fit is refused and named."""

from typing import Any

import pytest

from steelyard.apps.accounts.models import User
from steelyard.apps.jobs.actions import run
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure.actions import retire_definition, save_definition
from steelyard.apps.measure.models import KpiDefinition, KpiPoint
from steelyard.apps.measure.queries.definitions import known, known_kpi, known_kpis, once_known_kpis
from steelyard.apps.measure.queries.figures import figures
from steelyard.apps.measure.queries.points import is_behind, newest_points
from steelyard.apps.measure.queries.versions import changed_on, versions_of
from steelyard.engine.kpi import catalogue
from steelyard.engine.kpi.catalogue import shipped_documents
from steelyard.errors import Refused
from tests.apps.measure.conftest import deals
from tests.apps.measure.declared import big_wins, share_of_big_wins

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stored(publish: Any) -> Any:
    """The facts without their points, for what asks the facts themselves."""
    return publish(opportunities=deals(), compute=False)


def compute() -> None:
    job = Job.objects.filter(kind="measure.points").order_by("-pk").first()
    assert job is not None
    run(job.pk, raising=True)


def refusal(analyst: User, document: dict[str, Any], *, based_on: int = 0) -> Refused:
    with pytest.raises(Refused) as refused:
        save_definition(analyst, document, based_on=based_on, reason="because")
    assert not KpiDefinition.objects.filter(kpi=document.get("id", "")).exists() or based_on
    return refused.value


def test_an_own_kpi_is_computed_for_every_unit(published: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    assert is_behind(newest_points())
    compute()
    assert not is_behind(newest_points())
    quarter = KpiPoint.objects.filter(kpi="big_wins", period="2025-Q4")
    values = {(point.unit_kind, point.unit): point.value for point in quarter}
    assert values[("company", "")] == 3
    assert values[("team", "marketing")] == 3
    (found,) = figures(analyst, ["big_wins"], periods=["2025-Q4"], by=["team"])
    assert [(row.by["team"], row.value) for row in found.rows] == [("marketing", 3)]


def test_an_own_kpi_may_be_made_of_others(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    save_definition(analyst, share_of_big_wins(), based_on=0)
    (found,) = figures(analyst, ["share_of_big_wins"], periods=["2025-Q4"])
    assert found.rows[0].value == pytest.approx(1 / 3)


def test_a_new_version_counts_and_the_old_one_stays_written(stored: Any, analyst: User):
    first = save_definition(analyst, big_wins(), based_on=0)
    assert changed_on("big_wins") is None
    lower = big_wins(where={"outcome": "won", "amount": {"more": 150}})
    second = save_definition(analyst, lower, based_on=1, reason="smaller deals count, too")
    assert (first.version, second.version) == (1, 2)
    first.refresh_from_db()
    assert first.document["where"]["amount"] == {"more": 499}
    assert known_kpi("big_wins").version == 2
    newest, before = versions_of("big_wins", with_drafts=False)
    assert newest.is_in_force
    assert not before.is_in_force
    assert [(each.key, each.before, each.after) for each in newest.changes] == [
        ("where.amount.more", 499, 150)
    ]
    assert changed_on("big_wins") == second.valid_from
    (found,) = figures(analyst, ["big_wins"], periods=["2025-Q4"])
    assert found.rows[0].value == 6


def test_a_shipped_kpi_changed_here_can_be_taken_back(stored: Any, analyst: User):
    own = dict(shipped_documents()["opportunities_won"])
    own["where"] = {"outcome": "won", "amount": {"more": 150}}
    save_definition(analyst, own, based_on=1, reason="small ones do not count")
    assert "opportunities_won" in known().own
    (changed,) = figures(analyst, ["opportunities_won"], periods=["2025-Q4"])
    assert (changed.kpi.version, changed.rows[0].value) == (2, 6)
    retire_definition(analyst, "opportunities_won", based_on=2, reason="we had it wrong")
    assert known_kpi("opportunities_won") == catalogue()["opportunities_won"]
    (back,) = figures(analyst, ["opportunities_won"], periods=["2025-Q4"])
    assert (back.kpi.version, back.rows[0].value) == (1, 9)
    assert [each.state for each in versions_of("opportunities_won", with_drafts=False)] == [
        "retired",
        "published",
        "shipped",
    ]


def test_a_retired_own_kpi_is_computed_no_more_and_still_told(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    retire_definition(analyst, "big_wins", based_on=1, reason="nobody reads it")
    assert "big_wins" not in known_kpis()
    assert once_known_kpis()["big_wins"].names["zh"] == "大单数"
    save_definition(analyst, big_wins(), based_on=2, reason="somebody does")
    assert known_kpi("big_wins").version == 3


def test_what_another_kpi_is_made_of_is_not_retired(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    save_definition(analyst, share_of_big_wins(), based_on=0)
    with pytest.raises(Refused) as refused:
        retire_definition(analyst, "big_wins", based_on=1, reason="away")
    assert refused.value.params == {"kpi": "share_of_big_wins", "key": "big_wins", "reason": "unknown-kpi"}


def test_a_draft_counts_for_nobody(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0, is_draft=True)
    assert "big_wins" not in known_kpis()
    assert not Job.objects.filter(kind="measure.points", state="queued").exists()
    assert [each.state for each in versions_of("big_wins", with_drafts=True)] == ["draft"]
    assert versions_of("big_wins", with_drafts=False) == []


def test_of_two_who_edit_at_once_the_second_is_told(stored: Any, analyst: User, make_user: Any):
    other = make_user("analyst", name="Other")
    save_definition(other, big_wins(), based_on=0)
    save_definition(other, big_wins(direction="down"), based_on=1, reason="first")
    with pytest.raises(Refused) as refused:
        save_definition(analyst, big_wins(direction="band"), based_on=1, reason="second")
    assert (refused.value.code, refused.value.status) == ("kpi.edited-meanwhile", 409)
    assert refused.value.params == {"kpi": "big_wins", "version": 2, "by": "Other"}
    assert known_kpi("big_wins").direction == "down"


def test_a_circle_is_refused(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    save_definition(analyst, share_of_big_wins(), based_on=0)
    circle = share_of_big_wins(id="big_wins", unit="count", formula="share_of_big_wins * opportunities_won")
    found = refusal(analyst, circle, based_on=1)
    assert (found.code, found.params["names"]) == ("formula.cycle", ["big_wins", "share_of_big_wins"])


@pytest.mark.parametrize(
    ("document", "code", "named"),
    [
        (share_of_big_wins(formula="won_revenue + win_rate"), "kpi.invalid", {"reason": "units-differ"}),
        (share_of_big_wins(formula="big_wins + 1"), "kpi.invalid", {"reason": "unknown-kpi"}),
        (share_of_big_wins(formula="1 + 1"), "kpi.invalid", {"reason": "names-no-kpi"}),
        (big_wins(table="oportunities"), "kpi.unknown-table", {"table": "oportunities"}),
        (big_wins(date="closed"), "kpi.unknown-column", {"key": "date", "column": "closed"}),
        (big_wins(date="stage"), "kpi.column-kind", {"column": "stage", "wanted": "date"}),
        (
            big_wins(kind="sum", unit="money", measure={"sum": "owner"}),
            "kpi.column-kind",
            {"column": "owner", "wanted": "number"},
        ),
        (big_wins(where={"outcome": "wom"}), "kpi.never-met", {"column": "outcome", "value": "wom"}),
        (big_wins(where={"colour": "red"}), "kpi.unknown-column", {"key": "where.colour"}),
        (big_wins(id="won_revenue"), "kpi.invalid", {"key": "id", "reason": "used-twice"}),
        (big_wins(id="targets"), "kpi.invalid", {"key": "id", "reason": "taken"}),
        (big_wins(id="new"), "kpi.invalid", {"key": "id", "reason": "taken"}),
        (big_wins(id="target"), "kpi.invalid", {"key": "id", "reason": "taken"}),
        (big_wins(id="Big Wins"), "kpi.invalid", {"key": "id"}),
        (big_wins(valid_from="2999-01-01"), "kpi.invalid", {"reason": "in-the-future"}),
        (big_wins(valid_from="soon"), "kpi.invalid", {"reason": "no-date"}),
        (big_wins(shape="round"), "kpi.invalid", {"key": "shape", "reason": "unknown-key"}),
    ],
)
def test_what_cannot_be_computed_is_refused_and_named(
    stored: Any, analyst: User, document: dict[str, Any], code: str, named: dict[str, Any]
):
    found = refusal(analyst, document)
    assert (found.code, {key: found.params[key] for key in named}) == (code, named)


def test_the_unit_of_a_series_stays(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    found = refusal(analyst, big_wins(unit="days"), based_on=1)
    assert found.params == {"kpi": "big_wins", "key": "unit", "reason": "unit-stays"}


def test_a_version_says_why_and_what(stored: Any, analyst: User):
    save_definition(analyst, big_wins(), based_on=0)
    with pytest.raises(Refused, match="no-reason"):
        save_definition(analyst, big_wins(direction="down"), based_on=1)
    assert refusal(analyst, big_wins(), based_on=1).code == "kpi.nothing-changed"


def test_who_may_not_define_finds_nothing(stored: Any, leader: User, manager: User, member: User):
    for viewer in (leader, manager, member):
        with pytest.raises(Refused) as refused:
            save_definition(viewer, big_wins(), based_on=0)
        assert refused.value.status == 404


def test_what_no_longer_fits_is_left_out_and_said(stored: Any, analyst: User):
    """A release may take away what an own KPI is made of: the site goes on with the rest."""
    save_definition(analyst, big_wins(), based_on=0)
    row = KpiDefinition.objects.create(
        kpi="orphan",
        version=1,
        document=share_of_big_wins(id="orphan", version=1, formula="gone / opportunities_won"),
        state="published",
        valid_from="2025-01-01",
    )
    assert "big_wins" in known_kpis()
    assert "orphan" not in known_kpis()
    assert known().broken["orphan"].params["reason"] == "unknown-kpi"
    retire_definition(analyst, row.kpi, based_on=1, reason="its KPI is gone")
    assert not known().broken


def test_a_diagnosis_names_the_versions_it_was_made_with(stored: Any, analyst: User):
    from steelyard.apps.diagnose.actions import start_diagnosis

    save_definition(analyst, big_wins(), based_on=0)
    save_definition(analyst, share_of_big_wins(), based_on=0)
    asked = {"kpi": "share_of_big_wins", "period": "2025-Q4", "against": "previous"}
    made = start_diagnosis(analyst, **asked)
    assert made.kpi_versions == {"share_of_big_wins": 1, "big_wins": 1, "opportunities_won": 1}
    again = start_diagnosis(analyst, **asked)
    assert again.pk == made.pk
    save_definition(analyst, big_wins(where={"outcome": "won"}), based_on=1, reason="all of them")
    later = start_diagnosis(analyst, **asked)
    assert later.kpi_versions["big_wins"] == 2
    made.refresh_from_db()
    assert made.kpi_versions["big_wins"] == 1
