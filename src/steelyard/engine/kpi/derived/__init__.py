"""Relations behind the KPIs of process, customers and people, each with the tables that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steelyard.engine import organisation
from steelyard.engine.kpi.derived.marketing import campaign_results, content_results, lead_outcomes
from steelyard.engine.kpi.derived.survey import survey_answers
from steelyard.engine.kpi.relations import Relation, Tables
from steelyard.engine.organisation import Organisation


@dataclass(frozen=True)
class Derived:
    """How a relation is made of tables, and which facts it reads."""

    make: Callable[[Tables], Relation]
    reads: tuple[str, ...]


def _knowing(make: Callable[[Tables, Organisation], Relation]) -> Callable[[Tables], Relation]:
    """Hand the organisation on: as it was read with the tables, else read now."""

    def made(tables: Tables) -> Relation:
        people = getattr(tables, "people", None)
        return make(tables, people if people is not None else organisation.read(tables))

    return made


RELATIONS: Mapping[str, Derived] = {
    "campaign_results": Derived(campaign_results, ("campaign_days",)),
    "content_results": Derived(content_results, ("content_days",)),
    "lead_outcomes": Derived(lead_outcomes, ("leads",)),
    "survey_answers": Derived(_knowing(survey_answers), ("survey_scores",)),
}
