"""Amounts in several currencies, brought to one at the rate of the day."""

from datetime import date

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Tables

CURRENCY, UNRATED = "_currency", "_unrated"
_AMOUNT, _RATE = "decimal(20, 4)", "decimal(18, 8)"


def convert(
    tables: Tables, table: ir.Table, *, amounts: list[str], day: str | None, base_currency: str | None
) -> ir.Table:
    """Convert sums that are grouped by currency (and by day, where there are rates).

    An empty currency is the base currency. With one currency only, nothing is converted, whatever it is.
    `_unrated` names a currency that has no rate on a day; its amounts are then not to be used.
    """
    currency = table[CURRENCY].strip().upper().nullif("")
    table = table.mutate(**{CURRENCY: currency})
    is_plain = table[CURRENCY].min().over() == table[CURRENCY].max().over()
    is_plain |= table[CURRENCY].isnull()
    if base_currency is not None:
        is_plain |= table[CURRENCY] == base_currency.strip().upper()
    table = table.mutate(_is_plain=is_plain.fill_null(True))
    if "exchange_rates" not in tables or day is None:
        return table.mutate(**{UNRATED: table["_is_plain"].ifelse(ibis.null("string"), table[CURRENCY])})
    rated = table.left_join(
        _spans(tables),
        lambda left, rates: [
            left[CURRENCY] == rates["_of"],
            left[day] >= rates["_from"],
            left[day] < rates["_to"],
        ],
    )
    needs_rate = ~rated["_is_plain"]
    converted = {
        name: needs_rate.ifelse(
            rated[name].cast(_AMOUNT) * rated["_rate"],
            rated[name].cast(_AMOUNT) * ibis.literal(1).cast(_RATE),
        )
        for name in amounts
    }
    missing = (needs_rate & rated["_rate"].isnull()).ifelse(rated[CURRENCY], ibis.null("string"))
    return rated.mutate(**converted, **{UNRATED: missing})


def _spans(tables: Tables) -> ir.Table:
    rates = tables["exchange_rates"]
    later = rates.valid_from.lead().over(
        ibis.window(group_by=rates.currency.strip().upper(), order_by=rates.valid_from)
    )
    return rates.select(
        _of=rates.currency.strip().upper(),
        _from=rates.valid_from,
        _to=later.coalesce(ibis.literal(date.max)),
        _rate=rates.rate.cast(_RATE),
    )
