"""The flow that ships: the core process of a marketing team."""

from functools import cache
from importlib import resources

from steelyard.engine.process.declared.flow import Flow
from steelyard.engine.process.declared.parsing import parse_flow


@cache
def marketing_flow() -> Flow:
    """Insight, strategy, creative, campaign, tracking; a start to be fitted to the own team."""
    file = resources.files("steelyard.engine.process.declared") / "marketing.yaml"
    return parse_flow(file.read_text("utf-8"))


MARKETING_FLOW = marketing_flow()
