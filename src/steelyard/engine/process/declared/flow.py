"""A flow as it is meant to be: its steps, who owns each, what it takes, and how long it may take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

# A text in both languages: {"en": …, "zh": …}.
Words = Mapping[str, str]
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Step:
    """One step: the activities of a log that belong to it, and what is agreed on it.

    `sla` counts working hours from the end of the step before; None is no promise. An `optional` step may
    be left out; one that `may_repeat` may come again without being a deviation.
    """

    key: str
    names: Words
    activities: tuple[str, ...]
    owner: Words | None = None
    input: Words | None = None
    output: Words | None = None
    sla: Decimal | None = None
    decision_right: Words | None = None
    checklist: tuple[Words, ...] = ()
    optional: bool = False
    may_repeat: bool = False

    def as_json(self) -> dict[str, Any]:
        """The step as its document spells it, without what is not said."""
        said: dict[str, Any] = {
            "key": self.key,
            "names": dict(self.names),
            "activities": list(self.activities),
            "owner": _words(self.owner),
            "input": _words(self.input),
            "output": _words(self.output),
            "sla": None if self.sla is None else format(self.sla.normalize(), "f"),
            "decision_right": _words(self.decision_right),
            "checklist": [dict(one) for one in self.checklist],
            "optional": self.optional or None,
            "may_repeat": self.may_repeat or None,
        }
        return {key: value for key, value in said.items() if value not in (None, [])}


@dataclass(frozen=True)
class Flow:
    """Steps in the order in which they are meant to come; it holds for cases from `effective_from` on."""

    key: str
    names: Words
    steps: tuple[Step, ...]
    version: int = 1
    effective_from: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The document that `parse_flow` reads back to an equal flow."""
        said: dict[str, Any] = {
            "key": self.key,
            "version": self.version,
            "names": dict(self.names),
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
            "steps": [step.as_json() for step in self.steps],
        }
        return {key: value for key, value in said.items() if value is not None}

    def as_yaml(self) -> str:
        """The same as YAML text."""
        return yaml.safe_dump(self.as_json(), allow_unicode=True, sort_keys=False, width=100)

    def step_codes(self, activities: Sequence[str]) -> list[int]:
        """For each activity of a log the place of its step, −1 where it belongs to none."""
        place = {_folded(name): index for index, step in enumerate(self.steps) for name in step.activities}
        return [place.get(_folded(name), -1) for name in activities]


def _words(words: Words | None) -> dict[str, str] | None:
    return None if words is None else dict(words)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
