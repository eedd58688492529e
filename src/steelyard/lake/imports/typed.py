"""The queries that turn rows of text into typed rows of a table."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from steelyard.lake import sql
from steelyard.lake.imports import cast
from steelyard.lake.imports.prepare import cell_name, relation
from steelyard.lake.imports.resolve import FileSet, OutColumn, TablePlan


def guarded(plan: TablePlan) -> str:
    """The typed rows, in a query that fails at the first defect."""
    wrong = [f"p{i} IS NOT NULL" for i in range(len(plan.columns))]
    wrong += [f"({_missing(plan, need)})" for need in plan.needs]
    checked = f"CASE WHEN {' OR '.join(wrong)} THEN error('defect')::BOOLEAN ELSE true END"
    return f"SELECT {_values(plan)} FROM ({cells(plan, thorough=False)}) WHERE {checked}"


def examined(plan: TablePlan, number: int) -> str:
    """The typed rows with their place and the list of what is wrong with each."""
    found = [_problem("_defect IS NOT NULL", "NULL::VARCHAR", "_defect", "NULL::VARCHAR")]
    for i, column in enumerate(plan.columns):
        code = f"coalesce(k{i}, p{i})"
        test = f"_defect IS NULL AND {code} IS NOT NULL"
        found.append(_problem(test, sql.text(_told(column)), code, f"left(r{i}, 80)"))
    for need in plan.needs:
        quiet = " AND ".join(f"p{i} IS NULL AND k{i} IS NULL" for i in need)
        told = sql.text("|".join(_told(plan.columns[i]) for i in need))
        test = f"_defect IS NULL AND {_missing(plan, need)} AND {quiet}"
        found.append(_problem(test, told, "'missing'", "NULL::VARCHAR"))
    problems = f"list_filter([{', '.join(found)}], x -> x IS NOT NULL)"
    control = ", ".join(
        f"CASE WHEN {cast.control_characters(f'r{i}')} THEN 'control-character' END AS k{i}"
        for i in range(len(plan.columns))
    )
    rows = f"SELECT *, {control} FROM ({cells(plan, thorough=True)})"
    return f"SELECT _file, _line, {number} AS _rule, {_values(plan)}, {problems} AS _problems FROM ({rows})"


def cells(plan: TablePlan, *, thorough: bool) -> str:
    """Place and defect, then for each column i: r{i} its text, v{i} its value, p{i} the code of a problem."""
    raw = ", ".join(
        f"{_raw(plan, column, thorough=thorough)} AS r{i}" for i, column in enumerate(plan.columns)
    )
    read = [
        cast.cell(
            f"r{i}", f"v{i}", kind=column.kind, rule=column.rule, allowed=column.allowed, thorough=thorough
        )
        for i, column in enumerate(plan.columns)
    ]
    values = ", ".join(
        f"CAST({each.value} AS {sql.DUCK[column.kind]}) AS v{i}"
        for i, (each, column) in enumerate(zip(read, plan.columns, strict=True))
    )
    problems = ", ".join(f"{each.problem} AS p{i}" for i, each in enumerate(read))
    rows = f"SELECT _file, _line, _defect, {raw} FROM ({_rows(plan)}){_where(plan, thorough=thorough)}"
    return f"SELECT *, {problems} FROM (SELECT *, {values} FROM ({rows}))"


def union(files: FileSet) -> str:
    """All rows of the files of one alias, with the number of the file."""
    parts = [f"SELECT {index}::INTEGER AS _file, * FROM ({relation(each)})" for index, each in files.files]
    return " UNION ALL BY NAME ".join(parts)


def _rows(plan: TablePlan) -> str:
    """The columns that are used, as "0.header" from the main files, "1.header" from the first joined, …"""
    used = {source for column in plan.columns for source in column.sources}
    used |= {(0, header) for header, _ in plan.where}
    picked = [f"s{n}.{cell_name(header)} AS {sql.name(f'{n}.{header}')}" for n, header in sorted(used)]
    joins = ""
    for number, pairs in enumerate(plan.joins, start=1):
        on = " AND ".join(
            f"{_matched(plan, 's0', left)} = {_matched(plan, f's{number}', right)}" for left, right in pairs
        )
        joins += f" LEFT JOIN ({union(plan.sets[number])}) s{number} ON {on}"
    places = "s0._file, s0._line, s0._defect"
    return f"SELECT {', '.join([places, *picked])} FROM ({union(plan.sets[0])}) s0{joins}"


def _matched(plan: TablePlan, side: str, header: str) -> str:
    """A join column after the mapping's own value map: both files then write a product the same way."""
    return cast.mapped(
        cast.trimmed(f"{side}.{cell_name(header)}", thorough=True), plan.values.get(header, {}), ""
    )


def _where(plan: TablePlan, *, thorough: bool) -> str:
    tests = []
    for header, wanted in plan.where:
        text = cast.trimmed(sql.name(f"0.{header}"), thorough=thorough)
        listed = ", ".join(sql.text(each) for each in wanted or ())
        tests.append(f"{text} IN ({listed})" if wanted else f"{text} IS NOT NULL")
    return f" WHERE _defect IS NOT NULL OR ({' AND '.join(tests)})" if tests else ""


def _raw(plan: TablePlan, column: OutColumn, *, thorough: bool) -> str:
    if column.rule.value is not None:
        return f"nullif({sql.text(column.rule.value)}, '')"
    padded = any(prepared.padded for files in plan.sets for _, prepared in files.files)
    parts = [
        cast.trimmed(sql.name(f"{n}.{header}"), thorough=thorough, padded=padded)
        for n, header in column.sources
    ]
    if len(parts) == 1:
        return parts[0]
    filled = f"coalesce({', '.join(parts)}) IS NOT NULL"
    joined = f" || {sql.text(column.rule.separator)} || ".join(f"coalesce({part}, '')" for part in parts)
    return f"CASE WHEN {filled} THEN {joined} END"


def _values(plan: TablePlan) -> str:
    return ", ".join(
        f"{f'CASE WHEN isfinite(v{i}) THEN v{i} END' if column.kind == 'number' else f'v{i}'} "
        f"AS {sql.name(column.name)}"
        for i, column in enumerate(plan.columns)
    )


def _missing(plan: TablePlan, need: tuple[int, ...]) -> str:
    return " AND ".join(cast.absent(f"v{i}", plan.columns[i].kind) for i in need)


def _problem(test: str, column: str, code: str, value: str) -> str:
    return f"CASE WHEN {test} THEN {{'column': {column}, 'code': {code}, 'value': {value}}} END"


def _told(column: OutColumn) -> str:
    """The column as the file calls it: that is where the reader will look."""
    return " + ".join(header for _, header in column.sources) or column.name
