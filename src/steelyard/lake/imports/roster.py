"""From a list of people that names each one's team to the teams and memberships that it also tells."""

from collections.abc import Sequence
from typing import Any

from steelyard.lake.imports.suggest import Column, Rows, Suggestion, suggest


def with_teams(
    people: Suggestion, columns: Sequence[Column], *, file: str, head: Rows = ()
) -> dict[str, dict[str, Any]]:
    """Table → its columns: the people alone, or with the teams and memberships out of the same rows.

    A team has no code in such a list, so its name stands for it. A membership starts on the day that the
    file gives for it, else on the day of joining; where there is neither, that day is left to be said.
    """
    tables = {people.table: dict(people.columns)}
    if people.table != "people" or people.missing:
        return tables
    (found,) = suggest(columns, file=file, table="memberships", head=head)
    team = found.columns.get("team")
    if not isinstance(team, str) or team in people.columns.values():
        return tables
    start = found.columns.get("valid_from") or people.columns.get("joined_on")
    tables["teams"] = {"code": team, "name": team}
    tables["memberships"] = {"person": people.columns["code"], "team": team}
    if start:
        tables["memberships"]["valid_from"] = start
    return tables
