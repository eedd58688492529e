"""Documents of flows: read, written, refused with their place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.process.declared import MARKETING_FLOW, Flow, Step, parse_flow
from steelyard.errors import Refused

STEP = "{key: ask, names: Ask}"


def test_the_marketing_template_is_complete_in_both_languages() -> None:
    assert [step.key for step in MARKETING_FLOW.steps] == [
        "insight",
        "strategy",
        "creative",
        "campaign",
        "tracking",
    ]
    for step in MARKETING_FLOW.steps:
        assert step.sla is not None
        assert len(step.checklist) >= 3
        for words in (step.names, step.owner, step.input, step.output, step.decision_right, *step.checklist):
            assert words is not None
            assert words["en"].isascii()
            assert not words["zh"].isascii()


def test_activities_of_both_languages_belong_to_the_template() -> None:
    found = MARKETING_FLOW.step_codes(
        ["市场洞察", " strategy", "CREATIVE  work", "投放", "效果追踪", "lunch"]
    )
    assert found == [0, 1, 2, 3, 4, -1]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("key: [", "flow.unreadable", None),
        ("- a", "flow.not-a-mapping", ""),
        ("{key: a, names: A}", "flow.missing-key", "steps"),
        ("{key: a, names: A, steps: []}", "flow.no-steps", "steps"),
        ("{key: a, names: A, steps: {}}", "flow.not-a-list", "steps"),
        ("{key: a, names: A, steps: [ask]}", "flow.not-a-mapping", "steps[0]"),
        ("{key: A b, names: A, steps: [" + STEP + "]}", "flow.bad-key", "key"),
        ("{key: a, names: {en: A}, steps: [" + STEP + "]}", "flow.missing-key", "names.zh"),
        ("{key: a, names: A, mood: 1, steps: [" + STEP + "]}", "flow.unknown-key", "mood"),
        ("{key: a, names: A, version: 0, steps: [" + STEP + "]}", "flow.not-a-number", "version"),
        (
            "{key: a, names: A, effective_from: soon, steps: [" + STEP + "]}",
            "flow.not-a-date",
            "effective_from",
        ),
        ("{key: a, names: A, steps: [" + STEP + ", " + STEP + "]}", "flow.used-twice", "steps[1].key"),
        (
            "{key: a, names: A, steps: [" + STEP + ", {key: b, names: B, activities: [' ask ']}]}",
            "flow.used-twice",
            "steps[1].activities",
        ),
        ("{key: a, names: A, steps: [{key: b, names: B, sla: -1}]}", "flow.not-a-number", "steps[0].sla"),
        ("{key: a, names: A, steps: [{key: b, names: B, sla: nan}]}", "flow.not-a-number", "steps[0].sla"),
        (
            "{key: a, names: A, steps: [{key: b, names: B, owner: {en: x}}]}",
            "flow.missing-key",
            "steps[0].owner.zh",
        ),
        (
            "{key: a, names: A, steps: [{key: b, names: B, optional: maybe}]}",
            "flow.not-a-truth",
            "steps[0].optional",
        ),
        (
            "{key: a, names: A, steps: [{key: b, names: B, checklist: [[]]}]}",
            "flow.not-text",
            "steps[0].checklist[0]",
        ),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, code: str, place: str | None) -> None:
    with pytest.raises(Refused) as refused:
        parse_flow(text)
    assert refused.value.code == code
    assert refused.value.params.get("place") == place


texts = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20
    )
    .map(str.strip)
    .filter(bool)
)
words = st.fixed_dictionaries({"en": texts, "zh": texts})


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    count = draw(st.integers(1, 5))
    steps = tuple(
        Step(
            key=f"step-{index}",
            names=draw(words),
            activities=tuple(f"activity {index} {each}" for each in range(draw(st.integers(1, 3)))),
            owner=draw(st.none() | words),
            input=draw(st.none() | words),
            output=draw(st.none() | words),
            sla=draw(st.none() | st.decimals(Decimal("0.25"), 999, places=2)),
            decision_right=draw(st.none() | words),
            checklist=tuple(draw(st.lists(words, max_size=3))),
            optional=draw(st.booleans()),
            may_repeat=draw(st.booleans()),
        )
        for index in range(count)
    )
    return Flow("flow", draw(words), steps, draw(st.integers(1, 99)), draw(st.none() | st.dates()))


@given(flows())
def test_what_is_written_is_read_back_the_same(flow: Flow) -> None:
    assert parse_flow(flow.as_yaml()) == flow
    assert parse_flow(flow.as_json()) == flow
