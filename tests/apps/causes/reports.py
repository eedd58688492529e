"""A report of the lenses as the engine gives it, made by hand: what pages must be able to show."""

from typing import Any

from steelyard.engine.lenses import (
    Check,
    Fact,
    LensFinding,
    LensReport,
    Missing,
    Place,
    Series,
)

SKILLS = LensFinding(
    lens="skills",
    verdict="supported",
    effect=-0.089,
    low=-0.131,
    high=-0.046,
    unit="percentage-points",
    n=412,
    p=0.0021,
    share=0.54,
    share_low=0.31,
    share_high=0.77,
    before=True,
    since="2025-09",
    place=Place({"team": "east"}, is_present=True, is_absent=True, elsewhere=({"team": "west"},)),
    facts=(
        Fact(
            "skills.group",
            {
                "group": "joined",
                "team": "east",
                "stage": "negotiation",
                "skill": "Negotiation",
                "people": ["p1", "p2"],
                "levels": -1.2,
                "shortfall": -0.089,
            },
        ),
    ),
    charts=(
        Series(
            "dots",
            "skills.conversion-by-member",
            (
                {"label": "p1", "y": 0.31, "low": 0.22, "high": 0.41, "n": 90},
                {"label": "p2", "y": 0.36, "low": 0.26, "high": 0.46, "n": 84},
                {"label": "p4", "y": 0.52, "low": 0.42, "high": 0.62, "n": 95},
            ),
        ),
    ),
    checks=(
        Check(
            "skills.assessed-lower", "holds", -1.2, -1.9, -0.5, "levels", 2, 0.001, {"stage": "negotiation"}
        ),
        Check(
            "skills.converts-lower",
            "holds",
            -0.089,
            -0.131,
            -0.046,
            "percentage-points",
            412,
            0.0021,
            {"stage": "negotiation"},
        ),
        Check("skills.other-stages-alike", "cannot-tell"),
    ),
)
MARKET = LensFinding(
    lens="market",
    verdict="not-supported",
    effect=-0.021,
    low=-0.058,
    high=0.016,
    unit="percentage-points",
    n=1440,
    p=0.26,
    facts=(Fact("market.conversion", {"step": "negotiation", "now": 0.48, "then": 0.5, "n": 1440}),),
    checks=(
        Check("market.fell", "fails", -0.021, -0.058, 0.016, "percentage-points", 1440, 0.26),
        Check("market.shared", "fails", p=0.003, params={"dimension": "team", "value": "east"}),
    ),
    charts=(
        Series(
            "bars",
            "market.lost-reasons",
            (
                {"label": "price", "column": "lost_reason", "now": 40, "then": 34},
                {"label": "no budget", "column": "lost_reason", "now": 22, "then": 25},
            ),
        ),
    ),
)


def cannot_tell(
    lens: str, table: str, *columns: str, code: str = "lens.no-table", **params: Any
) -> LensFinding:
    return LensFinding(lens, "cannot-tell", missing=(Missing(table, columns, code, params),))


def report(**more: Any) -> dict[str, Any]:
    """Skills explains 54 %, the market nothing, the others cannot tell."""
    findings = (
        cannot_tell("goals", "targets", "kpi", "period", "value"),
        cannot_tell("process", "work_events", "case_id", "activity", "finished_at"),
        SKILLS,
        cannot_tell("resources", "activities", "owner", code="lens.no-columns"),
        cannot_tell("morale", "survey_scores", code="lens.too-few", of="survey-waves", found=1, needed=2),
        MARKET,
        cannot_tell("strategy", "leads", "source"),
    )
    made = LensReport(
        kpi="won_revenue",
        unit="money",
        direction="up",
        period="2025-Q4",
        against="year-ago",
        baseline_period="2024-Q4",
        where={},
        actual=1_500_000,
        baseline=1_800_000,
        gap=-300_000,
        is_adverse=True,
        lenses=findings,
        order=("skills", "market", "goals", "process", "resources", "morale", "strategy"),
        unexplained=0.46,
        is_scaled=False,
    ).as_json()
    names = {"team": {"east": "East 华东", "west": "West"}, "member": {"p1": "Lin Yue 林悦", "p2": "Mate"}}
    return made | {"names": names} | more
