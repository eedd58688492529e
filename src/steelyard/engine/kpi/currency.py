"""Amounts in several currencies: which rate of which day each sum is to be multiplied by."""

from datetime import date

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Tables

CURRENCY, RATE, UNRATED = "_currency", "_rate", "_unrated"


def with_rates(tables: Tables, table: ir.Table, *, day: str | None, base_currency: str | None) -> ir.Table:
    """Put the rate of the day on sums that are grouped by currency (and by day, where there are rates).

    `_rate` is empty for an amount that stays as it is: one of the base currency or of none. A currency
    without a rate on its day stays as it is where it is the only one; else `_unrated` names it, and its
    amounts are not to be used. Multiplying is left to exact arithmetic outside.
    """
    table = table.mutate(**{CURRENCY: table[CURRENCY].strip().upper().nullif("")})
    is_only = table[CURRENCY].min().over() == table[CURRENCY].max().over()
    is_base = table[CURRENCY].isnull()
    if base_currency is not None:
        is_base |= table[CURRENCY] == base_currency.strip().upper()
    table = table.mutate(_is_base=is_base, _is_kept=is_base | is_only)
    if "exchange_rates" not in tables or day is None:
        rated = table.mutate(_given=ibis.null("float64"))
    else:
        rates = _spans(tables)
        rated = table.left_join(
            rates,
            [
                table[CURRENCY] == rates["_of"],
                table[day] >= rates["_from"],
                table[day] < rates["_to"],
            ],
        )
    is_unrated = ~rated["_is_kept"] & rated["_given"].isnull()
    return rated.mutate(
        **{
            RATE: rated["_is_base"].ifelse(ibis.null("float64"), rated["_given"]),
            UNRATED: is_unrated.ifelse(rated[CURRENCY], ibis.null("string")),
        }
    )


def _spans(tables: Tables) -> ir.Table:
    rates = tables["exchange_rates"]
    currency = rates.currency.strip().upper()
    later = rates.valid_from.lead().over(ibis.window(group_by=currency, order_by=rates.valid_from))
    return rates.select(
        _of=currency,
        _from=rates.valid_from,
        _to=later.coalesce(ibis.literal(date.max)),
        _given=rates.rate.cast("float64"),
    )
