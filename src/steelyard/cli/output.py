"""How verbs print: a table for people, JSON for programs, a sentence for a refusal."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from steelyard.errors import Refused


def print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table whose figures stand to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    rows = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    for place, name in enumerate(columns):
        figures = bool(rows) and all(_is_figure(row[place]) for row in rows if row[place])
        table.add_column(name, justify="right" if figures else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def sentence(refusal: Refused) -> str:
    """The refusal in words. A verb on plain files opens no house, and its words are English."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False, INSTALLED_APPS=["steelyard.web"])
        django.setup()
        from steelyard.apps.data.words import WORDS
        from steelyard.web.words import know

        know(WORDS)
    from steelyard.web.words import sentence as in_words

    return str(in_words(refusal))


def _is_figure(text: str) -> bool:
    return text.strip("−-+%¥ .,0123456789") == ""
