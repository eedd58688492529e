"""The report: the whole argument, the same on page and paper, and nothing that is not for everybody."""

import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from steelyard.apps.causes import actions

pytestmark = pytest.mark.django_db
NOTE = {"source": "Interview", "happened_on": datetime.date(2026, 1, 9)}


@pytest.fixture
def argued(leader, run):
    """A gap with causes, evidence, whys and options."""
    diagnosis = run.diagnosis
    cause = actions.add_tested_cause(leader, run, lens="skills", text="New people negotiate alone")
    told = {"kind": "interview", **NOTE}
    actions.add_evidence(leader, diagnosis, cause=cause, text="Nobody showed me how.", **told)
    actions.add_evidence(leader, diagnosis, cause=cause, text="For leads only.", audience="leads", **told)
    cause.refresh_from_db()
    actions.decide(leader, cause, status="confirmed", reason="Seen on visits.", based_on=cause.version)
    root = actions.add_why(leader, diagnosis, text="Fewer deals were won in East")
    actions.add_why(leader, diagnosis, text="Mentors have no time", parent=root, is_actionable=True)
    option = actions.add_countermeasure(leader, cause, text="Pair newcomers", impact=4, effort=2, risk=1)
    actions.add_countermeasure(leader, cause, text="Hire later", impact=2, effort=1, risk=3)
    actions.choose(leader, option)
    return diagnosis


ARGUMENT = (
    "won revenue is",
    "New people negotiate alone",
    "Nobody showed me how.",
    "Seen on visits.",
    "Fewer deals were won in East",
    "Mentors have no time",
    "Pair newcomers",
    "Hire later",
    "1 piece of evidence is not for everybody and is not in this report.",
)


def pages_of(client, diagnosis):
    answer = client.get(reverse("report_pdf", args=[diagnosis.public_id]))
    content = answer.getvalue() if answer.streaming else answer.content
    return content, [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_page_and_paper_tell_the_whole_argument(argued, leader, log_in):
    client = log_in(leader)
    page = client.get(reverse("report", args=[argued.public_id])).content.decode()
    content, pages = pages_of(client, argued)
    paper = " ".join(" ".join(pages).split())
    for text in ARGUMENT:
        assert text in page
        assert text in paper
    assert "For leads only." not in page + paper
    assert 2 <= len(pages) <= 5
    assert content == pages_of(client, argued)[0]


def test_nothing_is_changed_from_a_report(argued, leader, log_in):
    page = log_in(leader).get(reverse("report", args=[argued.public_id])).content.decode()
    body = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in body
    assert "Withdraw" not in body


def test_the_report_is_chinese_for_who_reads_chinese(argued, leader, log_in):
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    client = log_in(leader)
    page = client.get(reverse("report", args=[argued.public_id])).content.decode()
    paper = "".join("".join(pages_of(client, argued)[1]).split())
    for text in ("原因与证据", "五个为什么", "对策", "鱼骨图", "证据支持"):
        assert text in page
        assert text in paper


def test_without_any_test_or_cause_the_report_says_so(diagnosis, leader, log_in):
    client = log_in(leader)
    page = client.get(reverse("report", args=[diagnosis.public_id])).content.decode()
    assert "The lenses have not been tested on this gap yet." in page
    assert "The lenses have not been tested on this gap yet." in " ".join(
        " ".join(pages_of(client, diagnosis)[1]).split()
    )


def test_who_does_not_see_the_diagnosis_gets_no_report(argued, manager, member, log_in):
    for viewer in (manager, member):
        for name in ("report", "report_pdf"):
            assert log_in(viewer).get(reverse(name, args=[argued.public_id])).status_code == 404


def test_people_are_counted_in_what_is_passed_on_and_named_where_it_is_seen(argued, leader, log_in):
    client = log_in(leader)
    seen = client.get(reverse("lenses", args=[argued.public_id])).content.decode()
    assert "(Lin Yue 林悦 and Mate)" in seen
    page = client.get(reverse("report", args=[argued.public_id])).content.decode()
    paper = " ".join("".join(pages_of(client, argued)[1]).split())
    for told in (page, paper):
        assert "(2 people)" in told
        assert "Lin Yue" not in told
        assert "Mate" not in told
