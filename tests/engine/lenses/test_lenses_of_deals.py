"""Market and strategy on deals alone: worked by hand."""

from datetime import date

import pytest

from steelyard.engine import lenses

NOW, THEN = date(2024, 10, 1), date(2023, 10, 1)
REGIONS = ("east", "north", "south", "west")


def reported(tables, kpi="win_rate", **asked):
    return lenses.test_lenses(tables, kpi, period="2024-Q4", **asked)


def test_a_fall_in_every_region_is_the_markets(firm):
    for region in REGIONS:
        firm.close(THEN, owner=f"p-{region}", won=30, lost=30, region=region)
        firm.close(NOW, owner=f"p-{region}", won=15, lost=45, region=region)
    report = reported(firm.tables())
    found = report.lens("market")
    assert found.verdict == "supported"
    assert found.effect == pytest.approx(-0.25)
    assert found.share == pytest.approx(1.0)
    assert report.order[0] == "market"
    assert report.unexplained == pytest.approx(0.0)
    assert not report.lens("strategy").is_supported


def test_a_fall_in_one_region_is_not(firm):
    for region in REGIONS:
        firm.close(THEN, owner=f"p-{region}", won=30, lost=30, region=region)
        won = 5 if region == "east" else 30
        firm.close(NOW, owner=f"p-{region}", won=won, lost=60 - won, region=region)
    found = reported(firm.tables()).lens("market")
    assert found.verdict == "not-supported"
    assert next(check.verdict for check in found.checks if check.code == "market.shared") == "fails"


def test_other_reasons_for_losing_are_told(firm):
    for start, reasons in ((THEN, ("price", "timing")), (NOW, ("price", "price"))):
        for reason in reasons:
            firm.close(start, owner="ann", won=0, lost=30, lost_reason=reason, region="east")
        firm.close(start, owner="ann", won=60, lost=0, region="west")
    found = reported(firm.tables()).lens("market")
    check = next(check for check in found.checks if check.code == "market.reasons-moved")
    assert check.verdict == "holds"
    assert (check.params["column"], check.params["value"], check.effect) == ("lost_reason", "price", 0.5)


def test_a_mix_that_moved_is_the_strategys(firm):
    # Direct wins half, online a tenth, in both years; online grows from a fifth to three fifths.
    firm.close(THEN, owner="ann", won=80, lost=80, source="direct")
    firm.close(THEN, owner="ann", won=4, lost=36, source="online")
    firm.close(NOW, owner="ann", won=40, lost=40, source="direct")
    firm.close(NOW, owner="ann", won=12, lost=108, source="online")
    report = reported(firm.tables())
    found = report.lens("strategy")
    assert found.verdict == "supported"
    assert found.effect == pytest.approx(0.26 - 0.42)
    assert found.share == pytest.approx(1.0)
    assert found.place.where == {"source": "online"}
    assert not report.lens("market").is_supported


def test_a_mix_that_stayed_is_not(firm):
    for start in (THEN, NOW):
        firm.close(start, owner="ann", won=40, lost=40, source="direct")
        firm.close(start, owner="ann", won=12, lost=108, source="online")
    found = reported(firm.tables()).lens("strategy")
    assert (found.verdict, found.effect) == ("not-supported", pytest.approx(0.0))


def test_a_handful_of_deals_cannot_tell(firm):
    for start in (THEN, NOW):
        firm.close(start, owner="ann", won=3, lost=4, source="direct")
    report = reported(firm.tables())
    assert {each.verdict for each in report.lenses} == {"cannot-tell"}
    assert report.lens("market").missing[0].code == "lens.too-few"
    assert report.lens("market").missing[0].params == {
        "of": "opportunities-closed",
        "found": 7,
        "needed": 20,
    }


def test_what_is_missing_is_named(firm):
    for start in (THEN, NOW):
        firm.close(start, owner="ann", won=30, lost=30, source="direct")
    report = reported(firm.tables())
    missing = {each.lens: [one.table for one in each.missing] for each in report.lenses}
    assert missing["morale"] == ["survey_scores"]
    assert missing["process"] == ["work_events"]
    assert missing["skills"] == ["stage_changes", "skill_assessments", "memberships"]
    assert missing["goals"] == ["targets"]
    assert all(
        each.verdict == "cannot-tell" for each in report.lenses if each.lens in missing and each.p is None
    )


def test_shuffled_rows_give_the_same_bytes(firm):
    for region in REGIONS:
        firm.close(THEN, owner=f"p-{region}", won=30, lost=30, region=region, source="direct")
        firm.close(NOW, owner=f"p-{region}", won=15, lost=45, region=region, source="online")
        firm.join(f"p-{region}", region)
    straight = reported(firm.tables(stages=True)).as_json()
    turned = reported(firm.tables(stages=True, order=lambda n: [(7 * k + 3) % n for k in range(n)])).as_json()
    assert straight == turned


def test_shares_never_exceed_the_whole(firm):
    # The mix moves and every region falls: both are supported.
    for region in REGIONS:
        firm.close(THEN, owner=f"p-{region}", won=64, lost=16, region=region, source="direct")
        firm.close(THEN, owner=f"p-{region}", won=16, lost=24, region=region, source="online")
        firm.close(NOW, owner=f"p-{region}", won=20, lost=20, region=region, source="direct")
        firm.close(NOW, owner=f"p-{region}", won=8, lost=72, region=region, source="online")
    report = reported(firm.tables())
    shares = [each.share for each in report.lenses if each.share is not None]
    assert {"market", "strategy"} <= {each.lens for each in report.lenses if each.is_supported}
    assert sum(shares) <= 1 + 1e-9
    assert report.unexplained == pytest.approx(max(0.0, 1 - sum(shares)))


def test_a_gap_for_the_better_leaves_nothing_to_explain(firm):
    firm.close(THEN, owner="ann", won=20, lost=60, source="direct")
    firm.close(NOW, owner="ann", won=60, lost=20, source="direct")
    report = reported(firm.tables())
    assert (report.is_adverse, report.unexplained) == (False, None)


def test_progress_names_every_lens(firm):
    firm.close(THEN, owner="ann", won=20, lost=60).close(NOW, owner="ann", won=60, lost=20)
    seen = []
    reported(firm.tables(), progress=lambda lens, done, of: seen.append((lens, done, of)))
    assert seen == [(lens, place, 7) for place, lens in enumerate(lenses.LENSES)]


def test_a_place_that_deals_do_not_know_cannot_be_told(firm, rows_of):
    firm.close(THEN, owner="ann", won=40, lost=40).close(NOW, owner="ann", won=40, lost=40)
    leads = rows_of(
        [(f"l{n}", start, "fair") for n, start in enumerate([THEN] * 20 + [NOW] * 10)],
        ("lead_id", "created_on", "booth"),
    )
    asked = {"period": "2024-Q4", "where": {"booth": "fair"}}
    report = lenses.test_lenses({**firm.tables(), "leads": leads}, "leads", **asked)
    assert (report.gap, report.is_adverse) == (-10, True)
    assert report.lens("market").missing[0].columns == ("booth",)
