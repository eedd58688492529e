"""The SMART check against labelled goals: precision and recall of each letter, in Chinese and in English.

    python benchmarks/smart.py [--misses] [--skip-cli] [FILE ...]

Without FILE it reads smart_goals.jsonl, by which the rules may be mended, and smart_goals_held.jsonl, which
was kept apart until they were done: the second says what to expect of goals that nobody has seen.

Each line of a file is a goal as `steelyard smart` takes it, with an `id` and with what a person says of it
under `expect`. A letter that a person would leave open is not there and is not scored; `achievable` is null
without a history and is scored where it is not. Read a row so: of the goals that the check calls true
(false), the precision is the share that people call so, too; of those that people call so, the recall is
the share that it finds. The aim is 0.9 for each. The figures of "false" are the harder ones: they are the
faults that a person is shown. `--misses` prints every goal that is judged differently, with the check's
reasons. At the end the same goals go through the command line, which must say the same.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steelyard.engine.smart import LETTERS, SmartCheck, check
from steelyard.engine.smart.drafts import draft_of

HERE = Path(__file__).parent
FILES = (HERE / "smart_goals.jsonl", HERE / "smart_goals_held.jsonl")
LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
AIM = 0.9
HEAD = " " * 28 + "true: n  precision   recall   false: n  precision   recall"


@dataclass(frozen=True)
class Judged:
    """A goal with what people say of it and what the check says."""

    goal: dict[str, Any]
    found: SmartCheck

    def pair(self, letter: str) -> tuple[bool | None, bool | None]:
        return self.goal["expect"][letter], self.found.letters[letter].verdict

    @property
    def labelled(self) -> tuple[str, ...]:
        return tuple(name for name in LETTERS if name in self.goal["expect"])

    @property
    def missed(self) -> tuple[str, ...]:
        return tuple(name for name in self.labelled if self.pair(name)[0] != self.pair(name)[1])


def goals_of(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def rate(part: int, whole: int) -> str:
    """A share of a count, marked where it is short of the aim."""
    if not whole:
        return "–"
    return f"{'!' if part < AIM * whole else ''}{part / whole:.3f}"


def scored(pairs: list[tuple[bool | None, bool | None]], *, side: bool) -> tuple[str, str]:
    """Precision and recall of finding one side, from pairs of the label and the verdict."""
    hits = sum(label is side and verdict is side for label, verdict in pairs)
    called = sum(verdict is side for _, verdict in pairs)
    meant = sum(label is side for label, _ in pairs)
    return rate(hits, called), rate(hits, meant)


def print_scores(judged: list[Judged]) -> None:
    print(HEAD)
    for letter in LETTERS:
        for name, languages in LANGUAGES.items():
            told = [each for each in judged if each.goal["lang"] in languages and letter in each.labelled]
            pairs = [pair for each in told if (pair := each.pair(letter))[0] is not None]
            (true_p, true_r), (false_p, false_r) = (scored(pairs, side=side) for side in (True, False))
            sides = [sum(label is side for label, _ in pairs) for side in (True, False)]
            print(
                f"{letter:15} {name:6} {sides[0]:12} {true_p:>10} {true_r:>8}"
                f" {sides[1]:10} {false_p:>10} {false_r:>8}"
            )
    unasked = [each.pair("achievable")[1] for each in judged if "history" not in each.goal]
    print(f"achievable stays null without a history: {sum(v is None for v in unasked)} of {len(unasked)}")
    print(f"goals with every letter as labelled: {sum(not each.missed for each in judged)} of {len(judged)}")


def print_misses(judged: Iterable[Judged]) -> None:
    for each in judged:
        if not each.missed:
            continue
        fields = {k: v for k, v in each.goal.items() if k not in ("id", "lang", "text", "expect", "history")}
        print(f"\n{each.goal['id']} {each.goal['text']}{f'  {fields}' if fields else ''}")
        for letter in each.missed:
            label, verdict = each.pair(letter)
            reasons = ", ".join(
                f"{reason.code} {reason.params or ''}".strip()
                for reason in each.found.letters[letter].reasons
            )
            chance = (
                f", chance {each.found.chance:.3g}" if letter == "achievable" and each.found.chance else ""
            )
            print(f"    {letter}: people say {label}, the check {verdict}{chance}: {reasons}")


def said_by_command_line(goals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What `steelyard smart FILE --json` prints for these goals, one object a goal."""
    asked = [{name: value for name, value in goal.items() if name not in ("id", "expect")} for goal in goals]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "goals.jsonl"
        file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in asked), "utf-8")
        command = [str(Path(sys.executable).parent / "steelyard"), "smart", str(file), "--json"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def print_command_line(judged: list[Judged]) -> bool:
    """Whether the command line says the same of every goal, and which it does not."""
    said = said_by_command_line([each.goal for each in judged])
    if len(said) != len(judged):
        print(f"the command line answers {len(said)} of {len(judged)} goals")
        return False
    differing = [
        each.goal["id"]
        for each, line in zip(judged, said, strict=True)
        if any(line[name] is not letter.verdict for name, letter in each.found.letters.items())
    ]
    print(
        f"the command line says the same: {len(judged) - len(differing)} of {len(judged)} {differing or ''}"
    )
    return not differing


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("files", nargs="*", type=Path, metavar="FILE")
    options.add_argument("--misses", action="store_true", help="print every goal that is judged differently")
    options.add_argument("--skip-cli", action="store_true", help="leave the command line out")
    asked = options.parse_args()
    is_same = True
    for file in asked.files or [each for each in FILES if each.exists()]:
        judged = [Judged(goal, check(draft_of(goal))) for goal in goals_of(file)]
        print(f"\n{file.name}: {len(judged)} goals")
        print_scores(judged)
        if asked.misses:
            print_misses(judged)
        if not asked.skip_cli:
            is_same = print_command_line(judged) and is_same
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
