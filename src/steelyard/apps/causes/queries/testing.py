"""What was asked by a diagnosis, put together again, and the newest test of its lenses."""

from steelyard.apps.causes.models import LensRun
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.asking import Question
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import known_kpi

JOB = "causes.test"


def question_of(diagnosis: Diagnosis) -> Question:
    """The question with the teams that it was narrowed to when it was asked."""
    return Question(
        kpi=known_kpi(diagnosis.kpi),
        period=read_period(diagnosis.period),
        against=diagnosis.against,
        where=diagnosis.where,
        teams=tuple(diagnosis.teams),
    )


def newest_run(diagnosis: Diagnosis) -> LensRun | None:
    return diagnosis.lens_runs.first()
