"""Laws of what-if and of declared flows on logs that nobody here made."""

import numpy as np
import pytest

from steelyard.engine.process.declared import check_flow, flow_of_variant
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.variants import variants
from steelyard.engine.process.whatif import merge, parallelise, remove, simulate, staff
from steelyard.engine.process.whatif.apply import applied
from steelyard.engine.process.whatif.replay import replay_of
from steelyard.lake.event_logs import read_event_log
from tests.shared import SHARED

LOGS = (
    "procure_to_pay_sim",
    "wta_Production",
    "wta_PurchasingExample",
    "wta_manual_log_3",
    "running-example",
)


@pytest.fixture(params=LOGS, scope="module")
def log(request: pytest.FixtureRequest) -> EventLog:
    file = SHARED / "process" / f"{request.param}.csv.gz"
    if not file.exists():
        pytest.skip("the shared logs are not here")
    return log_of(read_event_log(file))


def test_an_unchanged_log_gives_its_own_times(log: EventLog) -> None:
    assert replay_of(log).cycles().tolist() == log.cycle_times().tolist()


def test_no_change_that_shortens_a_step_lengthens_a_case(log: EventLog) -> None:
    before = replay_of(log)
    pairs = [list(log.activities[at : at + 2]) for at in range(len(log.activities) - 1)]
    changes = [remove(name) for name in log.activities]
    changes += [kind(pair) for pair in pairs for kind in (merge, parallelise)]
    if log.performer is not None:
        changes += [staff(name, added=2) for name in log.activities[:3]]
    for change in changes:
        changed, _ = applied(before, [change], calendars=None, random=np.random.default_rng(0))
        assert np.all(changed.cycles() <= before.cycles())


def test_without_any_step_nothing_takes_time(log: EventLog) -> None:
    outcome = simulate(log, [remove(name) for name in log.activities], runs=3)
    assert outcome.after.mean_s.value == 0
    assert outcome.work_hours.after.value == 0


def test_the_cases_of_a_variant_keep_to_the_flow_that_it_becomes(log: EventLog) -> None:
    for variant in variants(log)[:5]:
        if len(set(variant.path)) < len(variant.path):
            continue
        check = check_flow(log, flow_of_variant(variant), endings=log.activities)
        assert (check.cases, check.adherent) == (len(log.cases), variant.count)
