"""Answers to surveys by team: when the wave was held, and what a question asks for."""

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, needed
from steelyard.engine.organisation import Organisation

SMALLEST_GROUP = 5
_NUMBER = r"^\s*[（(]?(?:[qQ]?\d+(?:\.\d+)*)\s*[.)、．）:：]\s*"
_END = r"[\s.?!。？！]+$"
# A quarter, a half or a month of a year, or the year alone; a fiscal name has no place without a calendar.
_QUARTER = r"^\D{0,3}?(\d{4})\s*[-年/. ]*\s*(?:[qQ]|第)\s*([1-4一二三四])"
_HALF = r"^(\d{4})\s*[-年/. ]*\s*([hH][12]|上半|下半)"
_MONTH = r"^(\d{4})\s*[-年/.]\s*(\d{1,2})"
_YEAR = r"^(\d{4})\s*年?$"
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}


def survey_answers(tables: Tables, people: Organisation) -> Relation:
    """Answers to one question by one team in one wave, of groups of five or more.

    Columns: `held_on` (that of the file, else the last day of the quarter, month or year that the name of
    the wave begins with), `asks` (the tag of the question where the file has one, else its text without
    number and end mark, in small letters), `team` (a code; found by code or by unique name). A row counts
    its answers as records.
    """
    scores = needed(tables, "survey_scores", "wave", "team", "question", "answers", "favourable")
    scores = scores.filter(scores.answers >= SMALLEST_GROUP)
    asks = _asked(scores.question)
    if "tag" in scores.columns:
        asks = ibis.coalesce(scores.tag.strip().lower().nullif(""), asks)
    scores = scores.mutate(held_on=held_on(scores), asks=asks, answers=scores.answers.cast("int64"))
    table = _with_team(scores, tables, people)
    return Relation(table, ("survey_scores",), units=("team",), weight="answers", hidden=("asks",))


def held_on(scores: ir.Table) -> ir.DateValue:
    """The day of a wave as the file says it, else the last day of what its name begins with."""
    told = _day_of_wave(scores.wave)
    return ibis.coalesce(day_of(scores.held_on), told) if "held_on" in scores.columns else told


def _asked(question: ir.StringValue) -> ir.StringValue:
    text = question.lower().re_replace(_NUMBER, "").re_replace(_END, "").strip()
    return text.replace("&", "and").re_replace(r"[\s_]+", " ")


def _day_of_wave(wave: ir.StringValue) -> ir.DateValue:
    """The last day of what the name of a wave begins with; empty where it says no time."""
    name = wave.strip()
    is_fiscal = name.lower().startswith("fy")
    quarter = name.re_extract(_QUARTER, 2).substitute(_CHINESE)
    half = name.re_extract(_HALF, 2).lower().isin(["h1", "上半"]).ifelse("6", "12")
    cases = [
        (is_fiscal, ibis.null("date")),
        (name.re_search(r"^\d{4}-\d{2}-\d{2}"), name.left(10).try_cast("date")),
        (
            name.re_search(_QUARTER),
            _month_end(name.re_extract(_QUARTER, 1), (quarter.try_cast("int64") * 3).cast("string")),
        ),
        (name.re_search(_HALF), _month_end(name.re_extract(_HALF, 1), half)),
        (name.re_search(_MONTH), _month_end(name.re_extract(_MONTH, 1), name.re_extract(_MONTH, 2))),
        (name.re_search(_YEAR), _month_end(name.re_extract(_YEAR, 1), ibis.literal("12"))),
    ]
    return ibis.cases(*cases, else_=ibis.null("date"))


def _month_end(year: ir.StringValue, month: ir.StringValue) -> ir.DateValue:
    first = (year + "-" + month.lpad(2, "0") + "-01").try_cast("date")
    return (first + ibis.interval(months=1) - ibis.interval(days=1)).cast("date")


def _with_team(scores: ir.Table, tables: Tables, people: Organisation) -> ir.Table:
    """Put the code in the place of a team's unique name; a team that nobody knows has none."""
    if not people.is_known or "org_teams" not in tables:
        return scores.mutate(team=scores.team.strip().nullif(""))
    teams = tables["org_teams"]
    names = teams.group_by(_known=teams.name.strip().lower()).agg(_code=teams.team.min(), _n=teams.count())
    codes = teams.select(_known=teams.team.strip().lower(), _code=teams.team)
    unique = names.filter((names["_n"] == 1) & names["_known"].notin(codes["_known"])).drop("_n")
    known = ibis.union(codes, unique)
    table = scores.left_join(known, scores.team.strip().lower() == known["_known"])
    return table.mutate(team=table["_code"]).drop("_known", "_code")
