"""Forms of the data room: files, how they are read, which column feeds which."""

from .columns import ColumnsForm
from .document import TABLE_NAMES, Feed, feeds_of, rules_of, with_rule, with_rules
from .questions import QuestionForm, answered
from .reading import ReadingForm
from .uploading import DatesForm, ReadForm, UploadForm, YamlForm
from .watching import WatchingForm

__all__ = [
    "TABLE_NAMES",
    "ColumnsForm",
    "DatesForm",
    "Feed",
    "QuestionForm",
    "ReadForm",
    "ReadingForm",
    "UploadForm",
    "WatchingForm",
    "YamlForm",
    "answered",
    "feeds_of",
    "rules_of",
    "with_rule",
    "with_rules",
]
