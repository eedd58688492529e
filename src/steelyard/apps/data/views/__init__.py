"""Pages of the data room."""

from .columns import columns, mapping_file, mapping_text, preview, use_source
from .files import discard, files, taken, upload
from .outcome import check, publish, rejects_file, result, undo
from .room import room, source, source_file, sources, template_file

__all__ = [
    "check",
    "columns",
    "discard",
    "files",
    "mapping_file",
    "mapping_text",
    "preview",
    "publish",
    "rejects_file",
    "result",
    "room",
    "source",
    "source_file",
    "sources",
    "taken",
    "template_file",
    "undo",
    "upload",
    "use_source",
]
