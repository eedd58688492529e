"""Pages of the data room."""

from .columns import columns, mapping_file, mapping_text, preview, use_source
from .files import discard, files, taken, upload
from .names import names, names_by_column, withdraw_name
from .outcome import check, publish, rejects_file, result, undo
from .quality import accept, finding, finding_file, quality, withdraw
from .room import room, source, source_file, sources, template_file
from .snapshots import retired_file

__all__ = [
    "accept",
    "check",
    "columns",
    "discard",
    "files",
    "finding",
    "finding_file",
    "mapping_file",
    "mapping_text",
    "names",
    "names_by_column",
    "preview",
    "publish",
    "quality",
    "rejects_file",
    "result",
    "retired_file",
    "room",
    "source",
    "source_file",
    "sources",
    "taken",
    "template_file",
    "undo",
    "upload",
    "use_source",
    "withdraw",
    "withdraw_name",
]
