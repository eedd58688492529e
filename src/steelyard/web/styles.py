"""One stylesheet from one file a component: joined in order when first asked for, no build step."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

FOLDER = Path(__file__).parent / "css"
# Tokens and the ground first, print last; the components between them in the order of their names.
FIRST = ("palette", "roles", "ground", "type", "shell")
LAST = ("print",)


def parts() -> list[Path]:
    files = {path.stem: path for path in FOLDER.glob("*.css")}
    middle = sorted(set(files) - set(FIRST) - set(LAST))
    return [files[name] for name in (*FIRST, *middle, *LAST)]


def joined() -> tuple[str, str]:
    """The text and the start of its digest, which is its address."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in parts())
    return text, hashlib.sha256(text.encode()).hexdigest()[:16]


kept = lru_cache(maxsize=1)(joined)


def current() -> tuple[str, str]:
    return joined() if settings.DEBUG else kept()


def address() -> str:
    return reverse("stylesheet", args=[current()[1]])
