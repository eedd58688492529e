"""Which fonts the machine has: Chinese text without a Chinese font would print as boxes."""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

CHINESE_FILES = re.compile(
    r"CJK|SourceHan|NotoS(ans|erif)(SC|TC|HK)|PingFang|Songti|STHeiti|Hiragino Sans GB"
    r"|msyh|simsun|simhei|wqy|DroidSansFallback|LXGW|uming|ukai",
    re.IGNORECASE,
)
FONT_FOLDERS = {
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}
LINUX_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@cache
def has_cjk_font() -> bool:
    """Whether a font that covers Chinese is installed; asked once a process."""
    if shutil.which("fc-list"):
        listed = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=20, check=False
        )
        return bool(listed.stdout.strip())
    folders = FONT_FOLDERS.get(sys.platform, LINUX_FOLDERS)
    return any(_has_chinese_file(Path(folder).expanduser()) for folder in folders)


def has_chinese(text: str) -> bool:
    """Whether a text holds a character that only a CJK font can show.

    >>> has_chinese("Central · GTX"), has_chinese("华东 · GTX")
    (False, True)
    """
    return bool(re.search("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]", text))


def _has_chinese_file(folder: Path) -> bool:
    return folder.is_dir() and any(CHINESE_FILES.search(path.name) for path in folder.rglob("*.[to]t[fc]"))
