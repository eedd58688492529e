"""Who did the steps, by name for those who may read a person's figures, by team for everybody else."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from steelyard.apps.people.models import Team
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.queries.work import last_teams, work_of
from steelyard.engine.process.findings import HandOffs
from steelyard.engine.process.waiting import Waiting

UNKNOWN = "?"


def waiting_told(seen: Seen, found: Waiting) -> Waiting:
    """A person's queue is theirs and their managers' to see."""
    told = naming(seen)
    performers = tuple(replace(each, performer=told(each.performer)) for each in found.performers)
    return replace(found, performers=performers)


def handoffs_told(seen: Seen, found: HandOffs) -> HandOffs:
    """Between roles nobody is named."""
    if found.by == "role":
        return found
    told = naming(seen)
    lines = tuple(replace(each, giver=told(each.giver), taker=told(each.taker)) for each in found.lines)
    return replace(found, lines=lines)


def naming(seen: Seen) -> Callable[[str], str]:
    """Name → itself, or the team and a number: those of other teams stay apart, and nameless."""
    if seen.led is None:
        return str
    listed = names_to_read(seen, seen.led)
    return lambda name: listed.get(name, name)


def names_to_read(seen: Seen, led: frozenset[str]) -> dict[str, str]:
    work = work_of(seen.snapshot)
    teams = last_teams(work) if work else {}
    called = dict(Team.objects.values_list("code", "name"))
    numbers: dict[str, count[int]] = {}
    found = {}
    for name in sorted(seen.log.performers):
        team = teams.get(name, "")
        if team in led:
            continue
        label = called.get(team, UNKNOWN)
        found[name] = f"{label} {next(numbers.setdefault(label, count(1)))}"
    return found
