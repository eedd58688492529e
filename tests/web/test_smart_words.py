"""Every reason and repair of the SMART check has its sentence, in both languages."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from steelyard.engine import smart
from steelyard.engine.smart import Reason, Repair
from steelyard.web import smart_words

SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(Path(smart.__file__).parent.glob("*.py")))
REFUSED = {"smart.not-a-goal", "smart.bad-field"}
CODES = set(re.findall(r'"(smart\.[a-z-]+)"', SOURCE)) - REFUSED


def test_every_code_has_words_and_no_other():
    assert set(smart_words.REASONS) | set(smart_words.REPAIRS) == CODES


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_can_be_made(language: str):
    params = {"words": ("a", "b"), "parent": "c", "end": date(2027, 3, 31), "found": 4, "needed": 6}
    with translation.override(language):
        told = [smart_words.reason(Reason(code, params | {"chance": 0.3})) for code in smart_words.REASONS]
        told += [
            smart_words.repair(Repair(code, "text", "value", {"chance": 0.6}))
            for code in smart_words.REPAIRS
            if code != "smart.split"
        ]
    assert not [each for each in told if "%(" in each or not each.strip()]


def test_figures_are_told_in_the_unit_of_the_kpi():
    repair = Repair("smart.set-target", "target", 0.61, {"target": 0.61, "chance": 0.6})
    with translation.override("en"):
        assert "61.0%" in smart_words.repair(repair, unit="percent")
        assert "about 60%" in smart_words.repair(repair, unit="percent")
    with translation.override("zh-hans"):
        split = Repair("smart.split", "split", ("甲", "乙"))
        assert smart_words.repair(split) == "拆成两个目标：“甲”和“乙”。"


def test_no_chance_is_told_as_certain():
    assert [smart_words.chance(share) for share in (0.001, 0.314, 0.999)] == ["<1%", "31%", ">99%"]
