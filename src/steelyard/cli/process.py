"""`steelyard process`: what follows what in an event log, where it waits, comes back, and is approved."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.engine.calendars import Calendars
    from steelyard.engine.process import EventLog

Column = Annotated[str | None, typer.Option(metavar="COL")]
EDGE = ("from", "to", "count", "median_wait_s", "mean_wait_s", "p90_wait_s", "total_wait_s")
CAUSES = ("contention_s", "batching_s", "prioritisation_s", "unavailability_s", "extraneous_s")
# What is known of the waiting beside its causes: where the hours come from, and why it may not be told.
BESIDE = ("unknown_s", "delay_s", "calendar", "verdict", "reasons")
SHOWN = 15


def process(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, XES, XLSX or Parquet; also .gz.")],
    case: Column = None,
    activity: Column = None,
    finished: Column = None,
    started: Column = None,
    performer: Column = None,
    outcome: Column = None,
    calendar: Annotated[
        Path | None, typer.Option(metavar="CAL.yaml", help="Working hours; inferred when left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Map the process behind an event log. Columns in XES or pm4py names need no options."""
    import pyarrow

    from steelyard.engine.process import log_of
    from steelyard.lake.event_logs import read_event_log

    began = time.process_time()
    calendars = None if calendar is None else _calendars(calendar)
    log = log_of(
        read_event_log(
            file,
            case=case,
            activity=activity,
            finished=finished,
            started=started,
            performer=performer,
            outcome=outcome,
        )
    )
    # The file's own columns are codes and times by now: what they took goes back before the work begins.
    pyarrow.default_memory_pool().release_unused()
    answer = answer_of(log, calendars=calendars)
    answer["cpu_seconds"] = float(f"{time.process_time() - began:.6g}")
    if as_json:
        print_json(answer)
    else:
        _show(file, answer)


def answer_of(log: "EventLog", *, calendars: "Calendars | None" = None) -> dict[str, Any]:
    """Everything that the verb says of a log, as JSON."""
    from steelyard.engine.process import discover, rework, variants
    from steelyard.engine.process.approvals import approvals
    from steelyard.engine.process.waiting import waiting_causes

    found = discover(log).as_json()
    waiting = waiting_causes(log, calendars=calendars).as_json()
    return {
        "cases": found["cases"],
        "events": found["events"],
        "edges": [{name: edge[name] for name in EDGE} for edge in found["edges"]],
        "starts": found["starts"],
        "ends": found["ends"],
        "variants": [{"path": list(way.path), "count": way.count} for way in variants(log)],
        "rework": rework(log).as_json(),
        "waiting": {name: waiting[name] for name in ("total_s", *CAUSES, *BESIDE)},
        "approvals": [step.as_json() for step in approvals(log, calendars=calendars)],
    }


def _calendars(path: Path) -> "Calendars":
    from steelyard.engine.calendars import Calendars

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("cli.unreadable-file", file=str(path)) from fault
    return Calendars.load(text)


def _show(file: str, answer: dict[str, Any]) -> None:
    edges = [
        (edge["from"], edge["to"], f"{edge['count']:,}", *(_span(edge[name]) for name in EDGE[3:]))
        for edge in answer["edges"][:SHOWN]
    ]
    title = f"{file}: {answer['cases']:,} cases, {answer['events']:,} events"
    print_table(title, ("from", "to", "count", "median wait", "mean wait", "p90", "total"), edges)
    ways = [(f"{way['count']:,}", " → ".join(way["path"])) for way in answer["variants"][:SHOWN]]
    print_table(f"{len(answer['variants']):,} variants", ("cases", "path"), ways)
    rows = [
        (line["kind"], line["activity"], line["via"], f"{line['cases']:,}", _span(line["hours"] * 3600))
        for line in answer["rework"]["lines"][:SHOWN]
    ]
    title = f"rework in {answer['rework']['cases']:,} cases"
    print_table(title, ("kind", "activity", "via", "cases", "time"), rows)
    _show_causes(answer["waiting"])
    steps = [
        (step["activity"], step["proposal"], f"{step['decisions']:,}", _share(step["approve_rate"]))
        for step in answer["approvals"]
    ]
    print_table(f"{len(steps)} approvals", ("step", "proposal", "decisions", "approved"), steps)


def _show_causes(waiting: dict[str, Any]) -> None:
    if waiting["total_s"] is None:
        print_table(f"waiting: {waiting['verdict']} ({', '.join(waiting['reasons'])})", ("cause", "time"), ())
        return
    causes = [(name.removesuffix("_s"), _span(waiting[name])) for name in ("total_s", *CAUSES)]
    print_table(f"waiting (calendar: {waiting['calendar']})", ("cause", "time"), causes)


def _share(part: float | None) -> str:
    """Nothing where a log does not tell what was decided."""
    return "" if part is None else f"{part:.1%}"


def _span(seconds: float | None) -> str:
    """A length of time in the greatest unit that it fills."""
    if seconds is None:
        return ""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:,.0f} s"
