"""Relations behind the KPIs of process, customers and people, each with the tables that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steelyard.engine import organisation
from steelyard.engine.kpi.derived.customers import contact_reach, feedback_scores, purchases
from steelyard.engine.kpi.derived.marketing import campaign_results, content_results, lead_outcomes
from steelyard.engine.kpi.derived.staff import leavers, skill_levels, staffing, tool_seats, tool_users
from steelyard.engine.kpi.derived.stages import stage_entries
from steelyard.engine.kpi.derived.survey import survey_answers
from steelyard.engine.kpi.derived.work import handoffs, work_cases, work_steps
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
    "contact_reach": Derived(contact_reach, ("activities",)),
    "content_results": Derived(content_results, ("content_days",)),
    "feedback_scores": Derived(feedback_scores, ("feedback",)),
    "handoffs": Derived(_knowing(handoffs), ("work_events",)),
    "lead_outcomes": Derived(lead_outcomes, ("leads",)),
    "leavers": Derived(_knowing(leavers), ()),
    "purchases": Derived(purchases, ("orders", "contracts", "opportunities")),
    "skill_levels": Derived(_knowing(skill_levels), ("skill_assessments",)),
    "staffing": Derived(_knowing(staffing), ()),
    "stage_entries": Derived(stage_entries, ("stage_changes",)),
    "survey_answers": Derived(_knowing(survey_answers), ("survey_scores",)),
    "tool_seats": Derived(_knowing(tool_seats), ("tool_use",)),
    "tool_users": Derived(_knowing(tool_users), ("tool_use",)),
    "work_cases": Derived(work_cases, ("work_events",)),
    "work_steps": Derived(work_steps, ("work_events",)),
}
