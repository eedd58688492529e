"""What is wrong with the data, what that does to figures, and what to do about it, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from steelyard.apps.data.words.columns import column_label, table_label
from steelyard.web import numbers

if TYPE_CHECKING:
    from steelyard.engine.quality import Finding

WORDS = {
    "quality.no-reason": gettext_lazy("Say in a few words why this is right as it is."),
    "quality.reason-too-long": gettext_lazy("A reason has at most %(most)s characters. Shorten it."),
    "quality.accepted-already": gettext_lazy("This finding was accepted already."),
    "names.nothing-chosen": gettext_lazy("Nothing was chosen, so nothing was saved."),
    "job.kind.data.quality": gettext_lazy("Checking the data"),
    "job.step.checking-quality": gettext_lazy("Looking for orphans, repeats, gaps and unknown names"),
}
# What a finding of an orphan names is looked for in the table of this column.
HOMES = {
    "invoice_id": "invoices",
    "credited_invoice_id": "invoices",
    "plan_id": "collection_plan",
    "contract_id": "contracts",
    "account_id": "accounts",
    "opportunity_id": "opportunities",
    "lead_id": "leads",
    "campaign_id": "campaigns",
}
MOST_TOLD = 2
Say = Callable[[int], str]


def _sentences() -> Mapping[str, Say]:
    """Rule → its sentence for so many rows; placeholders: n, table, column, other."""
    return {
        "orphan": lambda n: ngettext(
            "%(n)s row of “%(table)s” has a value in “%(column)s” that “%(other)s” does not know",
            "%(n)s rows of “%(table)s” have a value in “%(column)s” that “%(other)s” does not know",
            n,
        ),
        "duplicate": lambda n: ngettext(
            "%(n)s row of “%(table)s” repeats another one under a key of its own",
            "%(n)s rows of “%(table)s” repeat another one under keys of their own",
            n,
        ),
        "negative": lambda n: ngettext(
            "%(n)s row of “%(table)s” has a negative number in “%(column)s”",
            "%(n)s rows of “%(table)s” have a negative number in “%(column)s”",
            n,
        ),
        "no-amount": lambda n: ngettext(
            "%(n)s won opportunity has no amount or an amount of zero",
            "%(n)s won opportunities have no amount or an amount of zero",
            n,
        ),
        "no-quantity": lambda n: ngettext(
            "%(n)s order line has an amount but no quantity",
            "%(n)s order lines have an amount but no quantity",
            n,
        ),
        "more-than-whole": lambda n: ngettext(
            "%(n)s row of “%(table)s” has more in “%(column)s” than it can",
            "%(n)s rows of “%(table)s” have more in “%(column)s” than they can",
            n,
        ),
        "no-currency": lambda n: ngettext(
            "%(n)s row of “%(table)s” has no currency while others have one",
            "%(n)s rows of “%(table)s” have no currency while others have one",
            n,
        ),
        "no-rate": lambda n: ngettext(
            "%(n)s row of “%(table)s” is in a currency without an exchange rate for its day",
            "%(n)s rows of “%(table)s” are in a currency without an exchange rate for their day",
            n,
        ),
        "future": lambda n: ngettext(
            "%(n)s row of “%(table)s” lies in the future by “%(column)s”",
            "%(n)s rows of “%(table)s” lie in the future by “%(column)s”",
            n,
        ),
        "backwards": lambda n: ngettext(
            "In %(n)s row of “%(table)s” “%(column)s” lies before what comes first",
            "In %(n)s rows of “%(table)s” “%(column)s” lies before what comes first",
            n,
        ),
        "closed-undated": lambda n: ngettext(
            "%(n)s opportunity is won or lost without a day",
            "%(n)s opportunities are won or lost without a day",
            n,
        ),
        "open-past-close": lambda n: ngettext(
            "%(n)s opportunity is open though the day of its close has passed",
            "%(n)s opportunities are open though the day of their close has passed",
            n,
        ),
        "stale": lambda n: ngettext(
            "%(n)s opportunity is open for longer than nearly all others took, twice over",
            "%(n)s opportunities are open for longer than nearly all others took, twice over",
            n,
        ),
        "late": lambda n: ngettext(
            "%(n)s row of “%(table)s” came or changed more than a month after its time had been told",
            "%(n)s rows of “%(table)s” came or changed more than a month after their time had been told",
            n,
        ),
        "unknown-owner": lambda n: ngettext(
            "%(n)s row of “%(table)s” names somebody whom nobody knows",
            "%(n)s rows of “%(table)s” name somebody whom nobody knows",
            n,
        ),
        "ambiguous-owner": lambda n: ngettext(
            "%(n)s row of “%(table)s” has a name to which several people answer",
            "%(n)s rows of “%(table)s” have a name to which several people answer",
            n,
        ),
        "gap-day": lambda n: ngettext(
            "“%(table)s” has no row on %(n)s day that usually has some",
            "“%(table)s” has no row on %(n)s days that usually have some",
            n,
        ),
        "gap-week": lambda n: ngettext(
            "“%(table)s” has no row in %(n)s week, though nearly every week has some",
            "“%(table)s” has no row in %(n)s weeks, though nearly every week has some",
            n,
        ),
        "gap-month": lambda n: ngettext(
            "“%(table)s” has no row in %(n)s month, though nearly every month has some",
            "“%(table)s” has no row in %(n)s months, though nearly every month has some",
            n,
        ),
    }


SENTENCES = _sentences()
EFFECTS: Mapping[str, "str | Promise"] = {
    "orphan": gettext_lazy(
        "These rows count in no figure that needs both tables: what hangs together cannot be put together."
    ),
    "duplicate": gettext_lazy(
        "Sums and counts are too high by these rows, if they are the same thing twice."
    ),
    "negative": gettext_lazy("Sums are too low by these rows."),
    "no-amount": gettext_lazy("They count as won and add nothing: the average deal size is too low."),
    "no-quantity": gettext_lazy("Prices and margins per piece cannot be told for these rows."),
    "more-than-whole": gettext_lazy("A rate made of these two columns can come out above 100%."),
    "no-currency": gettext_lazy("Their amounts are taken as they stand, whatever currency they were in."),
    "no-rate": gettext_lazy("No sum over several currencies can be made in the periods of these rows."),
    "future": gettext_lazy("They count in periods that are still to come and move the last day of the data."),
    "backwards": gettext_lazy("Durations made of these two days are negative and pull averages down."),
    "closed-undated": gettext_lazy("They count in no period: won revenue and win rate leave them out."),
    "open-past-close": gettext_lazy(
        "The pipeline looks larger than it is, or somebody has not told how it ended."
    ),
    "stale": gettext_lazy("The pipeline and its coverage are held up by deals that hardly come any more."),
    "late": gettext_lazy("Figures of months that were reported already have changed since."),
    "unknown-owner": gettext_lazy("They count for the company, but for no team and no person."),
    "ambiguous-owner": gettext_lazy(
        "Until somebody says who is meant they count for the company alone, for no team and no person."
    ),
    "gap": gettext_lazy(
        "Figures of these days are too low if rows are missing, and right if nothing happened."
    ),
}
ADVICE: Mapping[str, "str | Promise"] = {
    "orphan": gettext_lazy("Import the rows that are named, or correct the number in the source."),
    "duplicate": gettext_lazy(
        "Look at some pairs. If they are the same thing, delete one of each in the source; if not, accept it."
    ),
    "negative": gettext_lazy(
        "If it is a credit note or a return, map the column that says so; else correct the source."
    ),
    "no-amount": gettext_lazy("Fill the amounts in the source, or map the column that has them."),
    "no-quantity": gettext_lazy("Fill the quantities in the source, or map the column that has them."),
    "more-than-whole": gettext_lazy("Check whether the two columns were mapped the wrong way round."),
    "no-currency": gettext_lazy("Map the currency, or give one value for all rows of the file."),
    "no-rate": gettext_lazy("Import exchange rates that begin before the first of these days."),
    "future": gettext_lazy("Check the order of day and month in the mapping, then the rows in the source."),
    "backwards": gettext_lazy(
        "Check the order of day and month in the mapping, then the rows in the source."
    ),
    "closed-undated": gettext_lazy("Fill the day of the close in the source, or map the column that has it."),
    "open-past-close": gettext_lazy("Ask the owners how these ended, or for a new day."),
    "stale": gettext_lazy("Ask the owners to close what will not come."),
    "late": gettext_lazy(
        "Nothing, if it was meant. If it happens often, agree on a day by which a month is closed."
    ),
    "unknown-owner": gettext_lazy("Say who is meant, or that it is a queue."),
    "ambiguous-owner": gettext_lazy("Say which of them is meant in this source."),
    "gap": gettext_lazy("Holidays look like this, too. If it was none, import the missing days."),
}


def finding_words(rule: str, table: str, column: str, count: int, grain: str = "") -> str:
    """A finding in one sentence, without its full stop."""
    sentence = SENTENCES[f"gap-{grain or 'day'}" if rule == "gap" else rule](count)
    return sentence % {
        "n": numbers.count(count),
        "table": table_label(table),
        "column": column_label(column),
        "other": table_label(HOMES.get(column, table)),
    }


def weighed(share: float, amount_share: float | None) -> str:
    """How much that is: of the amount where there is one, else of the rows."""
    if amount_share is not None:
        return _("%(share)s of the amount") % {"share": small_percent(amount_share)}
    return _("%(share)s of the rows") % {"share": small_percent(share)}


def small_percent(share: float) -> str:
    """As a percentage; what is there but would round to nothing is below the smallest figure."""
    return _("less than 0.1%") if 0 < share < 0.0005 else numbers.percent(share)


def told(finding: "Finding") -> str:
    """The sentence of a finding with its weight."""
    grain = finding.detail.get("grain", "")
    words = finding_words(finding.rule, finding.table, finding.column, finding.count, grain)
    if finding.rule == "gap":
        return words
    weight = weighed(finding.share, finding.amount_share)
    return _("%(finding)s (%(weight)s)") % {"finding": words, "weight": weight}


def headline(faults: int, remarks: int, *, source: str | None) -> str:
    """What a check came to, in one sentence."""
    if not faults and not remarks:
        return _("Nothing is wrong with the data, as far as the checks can tell.")
    parts = []
    if faults:
        parts.append(ngettext("%(n)s thing to mend", "%(n)s things to mend", faults) % {"n": faults})
    if remarks:
        parts.append(ngettext("%(n)s remark", "%(n)s remarks", remarks) % {"n": remarks})
    found = pgettext("two counts", " and ").join(parts)
    if source is None:
        return _("The data checks found %(found)s.") % {"found": found}
    return _("%(source)s: the data checks found %(found)s.") % {
        "source": source_label(source),
        "found": found,
    }


def source_label(source: str) -> str:
    return source or _("Without a source")


def gate_line(gate: Mapping[str, Any] | None) -> str:
    """What the data check says of a figure, in one line; nothing of one from before there were checks."""
    text = gate_text(gate)
    return _("Data check: %(text)s.") % {"text": text} if text else ""


def gate_text(gate: Mapping[str, Any] | None) -> str:
    """The same without the words before it and the full stop, for a line that is called Data check."""
    if not gate:
        return ""
    verdict, findings = gate["verdict"], gate["findings"]
    if verdict == "unchecked":
        return _("not done yet")
    if verdict == "passed":
        return _("passed, with what was accepted as it is") if gate["accepted"] else _("passed")
    parts = [_gate_part(each) for each in findings[:MOST_TOLD]]
    if more := len(findings) - len(parts):
        parts.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    shown = _joined(parts)
    if verdict == "failed":
        return _("not passed: %(findings)s") % {"findings": shown}
    count = ngettext("%(n)s remark: %(findings)s", "%(n)s remarks: %(findings)s", len(findings))
    return count % {"n": len(findings), "findings": shown}


def _gate_part(each: Mapping[str, Any]) -> str:
    words = finding_words(each["rule"], each["table"], each["column"], each["count"], each["grain"])
    if each["rule"] == "gap":
        return words
    weight = weighed(each["share"], each["amount_share"])
    return _("%(finding)s (%(weight)s)") % {"finding": words, "weight": weight}


def _joined(parts: Sequence[str]) -> str:
    return pgettext("between findings", "; ").join(parts)
