"""The references of flows, approvals and what-if name all that there is, and their examples can be read."""

import re
from pathlib import Path
from typing import get_args

from steelyard.engine.process.approvals import findings, proposals
from steelyard.engine.process.declared import parse_flow
from steelyard.engine.process.declared.findings import DeviationKind
from steelyard.engine.process.declared.flow import Flow, Step
from steelyard.engine.process.whatif import apply, queues
from steelyard.engine.process.whatif.changes import KINDS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
FLOWS = (REFERENCE / "flows.md").read_text("utf-8")
APPROVALS = (REFERENCE / "approvals.md").read_text("utf-8")
CODE = re.compile(r'\("([a-z]+(?:-[a-z]+)*)", (?:\{|figures|_told|asdict|found)')


def told(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_-]+)`", text))


def test_the_example_of_a_flow_is_read() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", FLOWS, flags=re.DOTALL)
    flow = parse_flow(example)
    assert [step.key for step in flow.steps] == ["ask", "offer", "call"]
    assert parse_flow(flow.as_yaml()) == flow


def test_every_key_and_deviation_is_told() -> None:
    keys = set(Flow.__dataclass_fields__) | set(Step.__dataclass_fields__) | set(get_args(DeviationKind))
    assert keys <= told(FLOWS)


def test_every_proposal_reason_change_and_note_is_told() -> None:
    sources = [Path(module.__file__ or "").read_text("utf-8") for module in (proposals, apply, queues)]
    codes = {code for source in sources for code in CODE.findall(source)}
    assert {"rarely-changes", "only-above", "not-never", "pool", "no-work-times", "same-person"} <= codes
    assert codes | set(get_args(findings.Proposal)) | set(KINDS) <= told(APPROVALS)
