"""The newest assessments of people in skills."""

from dataclasses import dataclass

from steelyard.engine.kpi.relations import day_of
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.people import staff_of

# Where the file does not say which level is needed.
USUAL_LEVEL = 3.0


@dataclass(frozen=True)
class Level:
    """The newest assessment of a person in a skill."""

    held: float
    needed: float


def levels_of(case: Case) -> dict[str, dict[str, Level]]:
    """Skill → member → the newest assessment up to the end of the period."""
    rows = case.tables["skill_assessments"]
    columns = ["person", "skill", "assessed_on", "level", *(["needed"] if "needed" in rows.columns else [])]
    known = rows.filter(rows.level.notnull() & (day_of(rows.assessed_on) < case.period.end)).select(*columns)
    aliases = staff_of(case).aliases
    found: dict[str, dict[str, Level]] = {}
    listed = known.to_pyarrow().to_pylist()
    for row in sorted(
        listed, key=lambda row: (row["assessed_on"], row["skill"], row["person"], row["level"])
    ):
        member = aliases.get(str(row["person"]).strip().lower())
        needed = row.get("needed")
        level = Level(float(row["level"]), USUAL_LEVEL if needed is None else float(needed))
        if member is not None:
            found.setdefault(row["skill"].strip(), {})[member] = level
    return found
