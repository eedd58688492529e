"""Column names as people write them, brought to one form."""

import re
import unicodedata

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^\w]+", re.UNICODE)


def normalise(header: str) -> str:
    """Lower case with underscores: "Close Date", "closeDate" and "ＣＬＯＳＥ＿ＤＡＴＥ" are one name."""
    plain = unicodedata.normalize("NFKC", header).strip()
    spaced = _OTHER.sub("_", _CAMEL.sub("_", plain))
    return re.sub(r"_+", "_", spaced).strip("_").casefold()
