"""`steelyard smart`: is each goal of a file specific, measurable, achievable, relevant and timed?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.output import print_json
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.engine.smart import Draft, SmartCheck

LANGUAGES = {"zh": "zh-hans", "en": "en"}
SIGNS = {True: "✓", False: "!", None: "–"}


def smart(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="A goal a line, as a JSON object.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a goal.")] = False,
) -> None:
    """Check goals letter by letter, with reasons and repairs in the language of each goal."""
    from steelyard.engine.smart import check

    drafts = list(_drafts(file))
    _speak()
    for draft in drafts:
        found = check(draft)
        if as_json:
            print_json(answer_of(found, draft))
        else:
            _show(draft, found)


def answer_of(found: "SmartCheck", draft: "Draft") -> dict[str, Any]:
    """The verdicts, and reasons and repairs as sentences in the goal's language."""
    from django.utils import translation

    from steelyard.engine.smart.findings import LETTERS
    from steelyard.web import smart_words

    letters = found.letters
    with translation.override(LANGUAGES[found.lang]):
        return {
            **{name: letters[name].verdict for name in LETTERS},
            "reasons": [
                smart_words.reason(each, unit=draft.unit)
                for letter in letters.values()
                for each in letter.reasons
            ],
            # One repair may mend two letters.
            "repairs": list(
                dict.fromkeys(
                    smart_words.repair(each, unit=draft.unit)
                    for letter in letters.values()
                    for each in letter.repairs
                )
            ),
        }


def _drafts(file: Path) -> "list[Draft]":
    from steelyard.engine.smart.drafts import draft_of

    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("cli.unreadable-file", file=str(file)) from fault
    found = []
    for place, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            goal = json.loads(line)
            if not isinstance(goal, dict):
                raise Refused("smart.not-a-goal", file=file.name, line=place)
            found.append(draft_of(goal))
        except ValueError as fault:
            raise Refused("smart.not-a-goal", file=file.name, line=place) from fault
        except Refused as refused:
            raise Refused(refused.code, **{**refused.params, "file": file.name, "line": place}) from refused
    return found


def _speak() -> None:
    """Both languages, without a house: the goals say which one is spoken."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True, INSTALLED_APPS=["steelyard.web"])
        django.setup()


def _show(draft: "Draft", found: "SmartCheck") -> None:
    answer = answer_of(found, draft)
    letters = " ".join(f"{name} {SIGNS[letter.verdict]}" for name, letter in found.letters.items())
    print(f"{draft.text or draft.kpi}\n  {letters}")
    for line in (*answer["reasons"], *(f"→ {each}" for each in answer["repairs"])):
        print(f"  {line}")
