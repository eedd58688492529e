"""Cells of survey results: a wave, a team, a question; none of fewer answers than the floor."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.queries import facts, newest_snapshot
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.people.models import Team
from steelyard.errors import Refused

TABLE = "survey_scores"
FEWEST = 5
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One question in one team's answers of one wave."""

    wave: str
    team: str
    question: str
    answers: int
    favourable: float
    mean: float | None
    held_on: datetime.date | None
    snapshot: int
    team_name: str = ""

    @property
    def share(self) -> float:
        return self.favourable / self.answers

    def as_json(self) -> dict[str, Any]:
        """As evidence keeps it: the figure stays what it was when it was brought."""
        return {
            "kind": "survey",
            "wave": self.wave,
            "team": self.team,
            "team_name": self.team_name,
            "question": self.question,
            "answers": self.answers,
            "favourable": self.favourable,
            "share": self.share,
            "mean": self.mean,
            "snapshot": self.snapshot,
        }


def survey_cells(viewer: Any) -> list[Cell]:
    """Those of the viewer's teams in the newest data, the newest wave first."""
    authorize(viewer, "causes.see")
    snapshot = newest_snapshot()
    if snapshot is None or TABLE not in snapshot.versions:
        return []
    reach = reach_of(viewer)
    with facts(snapshot.versions) as lake:
        if TABLE not in lake.tables:
            return []
        table = lake.tables[TABLE]
        rows = table.filter(table.answers >= FEWEST).to_pyarrow().to_pylist()
    teams = dict(Team.objects.values_list("code", "name"))
    seen = [row for row in rows if reach.is_company or row["team"] in reach.led]
    cells = [_cell(row, snapshot.pk, teams) for row in seen]
    return sorted(
        cells, key=lambda each: (str(each.held_on or ""), each.wave, each.team, each.question), reverse=True
    )


def survey_cell(viewer: Any, *, wave: str, team: str, question: str) -> Cell:
    """One of them; a group under the floor and another's team are as unknown as what is not there."""
    asked = (wave, team, question)
    for each in survey_cells(viewer):
        if (each.wave, each.team, each.question) == asked:
            return each
    raise Refused("causes.no-survey-cell", 404)


def _cell(row: Row, snapshot: int, teams: Mapping[str, str]) -> Cell:
    return Cell(
        wave=str(row["wave"]),
        team=str(row["team"]),
        question=str(row["question"]),
        answers=int(row["answers"]),
        favourable=float(row["favourable"]),
        mean=None if row.get("mean") is None else float(row["mean"]),
        held_on=row.get("held_on"),
        snapshot=snapshot,
        team_name=teams.get(str(row["team"]), ""),
    )
