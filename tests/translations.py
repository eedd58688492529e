"""Are the translations complete? `--update` collects new strings into every .po instead of checking.

Names of folders (`web people`) limit both to these. Run by `make translations` and `make messages`.
Needs GNU gettext's xgettext.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "steelyard"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(([\w|]+)\)[a-z]|%[a-z%]|\{(\w*)\}")
HEADER = {
    "Project-Id-Version": "steelyard",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Words that two apps may say differently, each with its reason.
MAY_DIFFER: dict[str, str] = {}


def domains(named: set[str]) -> list[Path]:
    """The folders that have strings of their own: the web kit and every app, or those of them named."""
    apps = sorted(path for path in (PACKAGE / "apps").iterdir() if (path / "__init__.py").exists())
    chosen = [folder for folder in (PACKAGE / "web", *apps) if not named or folder.name in named]
    return [folder for folder in chosen if collected(folder)]


_collected: dict[Path, polib.POFile] = {}


def collected(folder: Path) -> polib.POFile:
    """What makemessages finds in a folder's Python and templates, in a copy, so that nothing is written."""
    if folder not in _collected:
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / folder.name
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("locale", "static", "__pycache__"))
            (copy / "locale").mkdir()
            make_messages(copy)
            found = copy / CATALOGUE
            _collected[folder] = polib.pofile(str(found)) if found.exists() else polib.POFile()
    return _collected[folder]


def make_messages(folder: Path) -> None:
    # -P: the folder itself must not be importable, for its names are those of the standard library.
    command = [sys.executable, "-P", "-m", "django", "makemessages", "--locale", "zh_Hans", "--no-location"]
    command += ["--no-wrap", "--verbosity", "0"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, env=environment, check=True)


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def update(folder: Path) -> int:
    """Merge into the folder's catalogue: translations stay, new strings come empty, unused ones go."""
    path = folder / CATALOGUE
    old = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = HEADER
    for entry in sorted(collected(folder), key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        known = old.get(key(entry))
        made = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural)
        made.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        made.msgstr = known.msgstr if known else ""
        if entry.msgid_plural:
            made.msgstr_plural = known.msgstr_plural if known and known.msgstr_plural else {0: ""}
        fresh.append(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return sum(not translations(entry) for entry in fresh)


def translations(entry: polib.POEntry) -> list[str]:
    """What stands in Chinese; empty when any form is missing."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return texts if texts and all(texts) else []


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text) if match.group(0) != "%%"}


def faults(folder: Path) -> Iterator[str]:
    name = folder.relative_to(PACKAGE)
    path = folder / CATALOGUE
    if not path.exists():
        yield f"{name}: has strings and no {CATALOGUE}"
        return
    kept = {key(entry): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
    source = {key(entry): entry for entry in collected(folder)}
    for missing in sorted(set(source) - set(kept), key=str):
        yield f"{name}: not in the catalogue: {missing[1]!r}"
    for unused in sorted(set(kept) - set(source), key=str):
        yield f"{name}: no longer in the source: {unused[1]!r}"
    for entry in kept.values():
        yield from faults_of(entry, name)


def faults_of(entry: polib.POEntry, name: Path) -> Iterator[str]:
    if entry.fuzzy:
        yield f"{name}: fuzzy: {entry.msgid!r}"
    texts = translations(entry)
    if not texts:
        yield f"{name}: not translated: {entry.msgid!r}"
    allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
    needed = placeholders(entry.msgid_plural or entry.msgid)
    for text in texts:
        if not needed <= placeholders(text) <= allowed:
            yield f"{name}: placeholders differ: {entry.msgid!r} → {text!r}"


def contradictions(folders: list[Path]) -> Iterator[str]:
    """The same words in two apps are the same words in Chinese."""
    said: dict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    for folder in folders:
        path = folder / CATALOGUE
        for entry in polib.pofile(str(path)) if path.exists() else []:
            for text in translations(entry):
                said[key(entry)].setdefault(text, str(folder.relative_to(PACKAGE)))
    for (_, msgid), texts in sorted(said.items(), key=str):
        if len(texts) > 1 and msgid not in MAY_DIFFER:
            yield f"{msgid!r} is said in several ways: {texts}"


def main() -> int:
    if not shutil.which("xgettext"):
        print("xgettext is not here: install GNU gettext (tests/setup.sh does it on Debian as root).")
        return 1
    named = {argument for argument in sys.argv[1:] if not argument.startswith("-")}
    folders = domains(named)
    if "--update" in sys.argv[1:]:
        for folder in folders:
            print(f"{folder.relative_to(PACKAGE)}: {update(folder)} to translate")
        return 0
    found = [fault for folder in folders for fault in faults(folder)] + list(contradictions(folders))
    print("\n".join(found) or f"{len(folders)} catalogues are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
