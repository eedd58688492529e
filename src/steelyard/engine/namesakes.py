"""Owner texts that mean one person in the files of one source and another in those of the next."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

TABLE = "org_answers"
OWNERS = ("owner", "received_by", "performer", "person", "author", "by")
IMPORT = "_import"


def answered(tables: Mapping[str, ir.Table]) -> Mapping[str, ir.Table]:
    """Put the person that was answered in the place of a text that several, or nobody, answer to.

    Parameters
    ----------
    tables
        The lake's tables by name, with `org_answers (import, alias, column, value, person)` where questions
        were answered: in rows of that import the text `alias` means `person` (a text that names exactly
        one), where `column` is filled only if the row has `value` there. Each (import, alias, column,
        value) comes once; texts are compared without case and outer blanks.

    Returns
    -------
    Mapping
        The same tables; in those with an owner it is replaced where an answer fits. An answer by a column
        goes before one without.

    Notes
    -----
    Lazy; each table that has an owner is joined with the small table of answers, once for each column that
    answers depend on.
    """
    if TABLE not in tables:
        return tables
    answers = tables[TABLE]
    asked = answers.select("column").distinct().to_pyarrow()["column"].to_pylist()
    if not asked:
        return tables
    return {name: _answered(name, table, answers, asked) for name, table in tables.items()}


def _answered(name: str, table: ir.Table, answers: ir.Table, asked: list[str]) -> ir.Table:
    owner = next((each for each in OWNERS if each in table.columns), None)
    if owner is None or IMPORT not in table.columns or name.startswith(("org_", "_")):
        return table
    known = sorted(each for each in asked if each and each in table.columns)
    joined = table.mutate(_form=table[owner].strip().lower())
    for number, column in enumerate([*known, *([""] if "" in asked else [])]):
        own = answers.filter(answers["column"] == column).select(
            **{
                f"_i{number}": "import",
                f"_t{number}": "alias",
                f"_v{number}": "value",
                f"_p{number}": "person",
            }
        )
        fits = [joined[IMPORT] == own[f"_i{number}"], joined["_form"] == own[f"_t{number}"]]
        if column:
            fits.append(joined[column].cast("string").strip().lower() == own[f"_v{number}"])
        joined = joined.left_join(own, fits)
    people = [joined[each] for each in joined.columns if each.startswith("_p") and each[2:].isdecimal()]
    if not people:
        return table
    said = ibis.coalesce(*people, joined[owner])
    return joined.select(**{each: said if each == owner else joined[each] for each in table.columns})
