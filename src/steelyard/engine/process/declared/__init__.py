"""A process as it is meant to be: declared flows, how a log keeps to them, and which way to make standard."""

from steelyard.engine.process.declared.check import check_flow, usual_endings
from steelyard.engine.process.declared.findings import (
    AdherenceMonth,
    Candidate,
    Deviation,
    FlowCheck,
    SlaLine,
    VariantChoice,
)
from steelyard.engine.process.declared.flow import Flow, Step
from steelyard.engine.process.declared.parsing import parse_flow
from steelyard.engine.process.declared.standard import best_variant, flow_of_variant
from steelyard.engine.process.declared.template import MARKETING_FLOW

__all__ = [
    "MARKETING_FLOW",
    "AdherenceMonth",
    "Candidate",
    "Deviation",
    "Flow",
    "FlowCheck",
    "SlaLine",
    "Step",
    "VariantChoice",
    "best_variant",
    "check_flow",
    "flow_of_variant",
    "parse_flow",
    "usual_endings",
]
