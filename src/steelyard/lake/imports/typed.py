"""The queries that turn rows of text into typed rows of a table."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from dataclasses import replace

from steelyard.lake import sql
from steelyard.lake.imports import cast
from steelyard.lake.imports.prepare import cell_name, relation
from steelyard.lake.imports.resolve import Condition, FileSet, OutColumn, TablePlan


def guarded(plan: TablePlan) -> str:
    """The typed rows, in a query that fails at the first defect."""
    wrong = [f"p{i} IS NOT NULL" for i in range(len(plan.columns))]
    wrong += [f"({_missing(plan, need)})" for need in plan.needs]
    checked = f"CASE WHEN {' OR '.join(wrong)} THEN error('defect')::BOOLEAN ELSE true END"
    return f"SELECT {_values(plan)} FROM ({cells(plan, thorough=False)}) WHERE {checked}"


def examined(plan: TablePlan, number: int) -> str:
    """The typed rows with their place and the list of what is wrong with each."""
    # A defect of the row is a code, and for some a column and a part of its cell.
    what, where, part = (f"nullif(split_part(_defect, chr(31), {i}), '')" for i in (1, 2, 3))
    found = [_problem("_defect IS NOT NULL", where, what, part)]
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
    read = [_cell(column, f"{i}", thorough=thorough) for i, column in enumerate(plan.columns)]
    values = ", ".join(
        f"CAST({each.value} AS {sql.DUCK[column.kind]}) AS v{i}"
        for i, (each, column) in enumerate(zip(read, plan.columns, strict=True))
    )
    told = [
        each.problem if plan.groups else _or_too_few(plan, i, each.problem) for i, each in enumerate(read)
    ]
    less = {i: _cell(column, f"{i}_less", thorough=thorough) for i, column in _with_less(plan)}
    for i, column in _with_less(plan):
        raw += f", {_trimmed(plan, column.sources[1], thorough=thorough)} AS r{i}_less"
        values += f", CAST({less[i].value} AS {sql.DUCK[column.kind]}) AS v{i}_less"
        told[i] = f"coalesce({told[i]}, {less[i].problem})"
    problems = ", ".join(f"{problem} AS p{i}" for i, problem in enumerate(told))
    counted = "".join(
        f", {_holds(column.where, thorough=thorough)} AS w{i}"
        for i, column in enumerate(plan.columns)
        if column.rule.measure
    )
    rows = f"SELECT _file, _line, _defect, {raw}{counted} FROM ({_rows(plan)})"
    if plan.where:
        rows += f" WHERE _defect IS NOT NULL OR ({_holds(plan.where, thorough=thorough)})"
    lines = f"SELECT *, {problems} FROM (SELECT *, {values} FROM ({rows}))"
    if less:
        taken = ", ".join(f"CAST(v{i} - v{i}_less AS {sql.DUCK[plan.columns[i].kind]}) AS v{i}" for i in less)
        lines = f"SELECT * REPLACE ({taken}) FROM ({lines})"
    return _grouped(plan, lines) if plan.groups else lines


def _cell(column: OutColumn, suffix: str, *, thorough: bool) -> cast.Cell:
    raw, value = f"r{suffix}", f"v{suffix}"
    # A mark has its "otherwise" in the text already.
    rule = replace(column.rule, otherwise="") if column.rule.marks else column.rule
    return cast.cell(raw, value, kind=column.kind, rule=rule, allowed=column.allowed, thorough=thorough)


def _with_less(plan: TablePlan) -> list[tuple[int, OutColumn]]:
    return [(i, column) for i, column in enumerate(plan.columns) if column.rule.less]


def _grouped(plan: TablePlan, lines: str) -> str:
    """Lines that agree in all but the measures as one row, which stands on the first of them."""
    cells, keys = [], ["CASE WHEN _defect IS NOT NULL THEN struct_pack(f := _file, l := _line) END"]
    for i, column in enumerate(plan.columns):
        if column.rule.measure:
            cells += _measured(i, column)
        else:
            cells += [f"min(r{i}) AS r{i}", f"v{i}", f"p{i}"]
            keys += [f"v{i}", f"p{i}"]
    first = "min(struct_pack(f := _file, l := _line)) AS _first, min(_defect) AS _defect"
    rows = f"SELECT {first}, {', '.join(cells)} FROM ({lines}) GROUP BY {', '.join(keys)}"
    width = range(len(plan.columns))
    problems = ", ".join(f"{_or_too_few(plan, i, f'p{i}')} AS p{i}" for i in width)
    shown = ", ".join(f"r{i}, v{i}" for i in width)
    return f"SELECT _first.f AS _file, _first.l AS _line, _defect, {shown}, {problems} FROM ({rows})"


def _measured(i: int, column: OutColumn) -> list[str]:
    """The measure of a group, its text, and the first problem of its lines."""
    kind = sql.DUCK[column.kind]
    if column.rule.measure == "count":
        value = f"CAST(count(*) FILTER (w{i}) AS {kind})"
        return [f"CAST({value} AS VARCHAR) AS r{i}", f"{value} AS v{i}", f"NULL::VARCHAR AS p{i}"]
    # In a fixed order, so that a sum of fractions is the same whatever order the rows came in.
    how = "sum" if column.rule.measure == "sum" else "avg"
    total = f"list_aggregate(list_sort(list(v{i}) FILTER (w{i} AND v{i} IS NOT NULL)), '{how}')"
    wrong = f"w{i} AND p{i} IS NOT NULL"
    return [
        f"min(r{i}) FILTER ({wrong}) AS r{i}",
        f"CAST({total} AS {kind}) AS v{i}",
        f"min(p{i}) FILTER ({wrong}) AS p{i}",
    ]


def _or_too_few(plan: TablePlan, i: int, problem: str) -> str:
    """A problem, or that fewer stand behind a row than may be told; in a group, once it is counted."""
    column = plan.columns[i]
    fewest = plan.spec.minimum.get(column.name)
    if fewest is None:
        return problem
    return f"coalesce({problem}, CASE WHEN v{i} < {fewest} THEN 'small-group' END)"


def union(files: FileSet) -> str:
    """All rows of the files of one alias, with the number of the file."""
    parts = [f"SELECT {index}::INTEGER AS _file, * FROM ({relation(each)})" for index, each in files.files]
    return " UNION ALL BY NAME ".join(parts)


def _rows(plan: TablePlan) -> str:
    """The columns that are used, as "0.header" from the main files, "1.header" from the first joined, …"""
    used = {source for column in plan.columns for source in column.sources}
    used |= {(0, header) for header, _ in plan.where}
    used |= {(0, header) for column in plan.columns for header, _ in column.where}
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


def _holds(where: tuple[Condition, ...], *, thorough: bool) -> str:
    """Whether a line has the texts that conditions name."""
    tests = []
    for header, wanted in where:
        text = cast.trimmed(sql.name(f"0.{header}"), thorough=thorough)
        listed = ", ".join(sql.text(each) for each in wanted or ())
        tests.append(f"coalesce({text} IN ({listed}), false)" if wanted else f"{text} IS NOT NULL")
    return " AND ".join(tests) or "true"


def _raw(plan: TablePlan, column: OutColumn, *, thorough: bool) -> str:
    if column.rule.measure == "count":
        return "NULL::VARCHAR"
    if column.rule.value is not None:
        return f"nullif({sql.text(column.rule.value)}, '')"
    parts = [_trimmed(plan, source, thorough=thorough) for source in column.sources]
    if not column.rule.parts:
        return _without_empties(parts[0], column)
    if column.rule.is_first:
        return _without_empties(f"coalesce({', '.join(parts)})", column)
    if column.rule.marks:
        return _mark(parts, column)
    filled = f"coalesce({', '.join(parts)}) IS NOT NULL"
    joined = f" || {sql.text(column.rule.separator)} || ".join(f"coalesce({part}, '')" for part in parts)
    return f"CASE WHEN {filled} THEN {joined} END"


def _mark(parts: list[str], column: OutColumn) -> str:
    """The value that stands for the first column that is filled, else what is said for none."""
    arms = " ".join(
        f"WHEN {part} IS NOT NULL THEN {sql.text(mark)}"
        for part, mark in zip(parts, column.rule.marks, strict=True)
    )
    rest = sql.text(column.rule.otherwise) if column.rule.otherwise else "NULL"
    return f"CASE {arms} ELSE {rest} END"


def _trimmed(plan: TablePlan, source: tuple[int, str], *, thorough: bool) -> str:
    padded = any(prepared.padded for files in plan.sets for _, prepared in files.files)
    return cast.trimmed(sql.name("{}.{}".format(*source)), thorough=thorough, padded=padded)


def _without_empties(text: str, column: OutColumn) -> str:
    """The text, or none where the value map says that it stands for nothing."""
    empties = ", ".join(sql.text(old) for old, new in column.rule.values.items() if new == "")
    return f"CASE WHEN {text} NOT IN ({empties}) THEN {text} END" if empties else text


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
