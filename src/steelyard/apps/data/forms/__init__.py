"""Forms of the data room: files, how they are read, which column feeds which."""

from .columns import ColumnsForm
from .document import TABLE_NAMES, Feed, feeds_of, rules_of, with_rule, with_rules
from .uploading import DatesForm, ReadForm, UploadForm, YamlForm

__all__ = [
    "TABLE_NAMES",
    "ColumnsForm",
    "DatesForm",
    "Feed",
    "ReadForm",
    "UploadForm",
    "YamlForm",
    "feeds_of",
    "rules_of",
    "with_rule",
    "with_rules",
]
