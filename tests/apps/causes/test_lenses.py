"""The page of the lenses and the panel: what is said of a report, in both languages."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from steelyard.apps.causes.models import LENSES, LensRun
from steelyard.apps.causes.queries.reading import report_reading
from steelyard.apps.causes.words import codes, headline
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.jobs.models import Job
from steelyard.errors import Refused
from tests.apps.causes.reports import report

pytestmark = [pytest.mark.django_db]


def page(client, diagnosis, name="lenses"):
    return client.get(reverse(name, args=[diagnosis.public_id])).content.decode()


def test_the_page_ranks_and_says_what_stays_unexplained(run, leader, log_in):
    told = page(log_in(leader), run.diagnosis)
    assert "54% of the gap is explained by skills; 46% stays unexplained." in told
    assert "Found in East 华东, not in West." in told
    assert "It came before the result" in told
    assert told.index("lens-skills") < told.index("lens-goals")
    assert told.count("verdict-cannot-tell") >= 5
    for word in ("caused", "causes the", "due to"):
        assert word not in headline.headline(report_reading(run.result))


def test_what_is_missing_says_how_to_get_it(run, leader, analyst, log_in):
    told = page(log_in(analyst), run.diagnosis)
    assert "There are no targets yet." in told
    assert "Too few" in told
    assert reverse("import_upload") in told
    assert reverse("import_upload") not in page(log_in(leader), run.diagnosis)
    assert reverse("readiness") in page(log_in(leader), run.diagnosis)


def test_both_languages_are_whole(run, leader, log_in):
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    told = page(log_in(leader), run.diagnosis)
    assert "技能" in told
    assert "差异的 54% 可由技能解释" in told
    assert "stays unexplained" not in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unexplained": None}, "54% of the gap is explained by skills."),
        (
            {"lenses": [{**each, "verdict": "cannot-tell"} for each in report()["lenses"]]},
            "none of the lenses",
        ),
        (
            {"lenses": [{**each, "verdict": "not-supported"} for each in report()["lenses"]]},
            "No lens explains the gap: look",
        ),
    ],
)
def test_the_sentence_follows_what_can_be_stated(change, said):
    with override("en"):
        assert said in headline.headline(report_reading(report(**change)))


def test_the_panel_stands_in_the_diagnosis_and_offers_the_test(diagnosis, leader, log_in):
    client = log_in(leader)
    address = reverse("causes_panel", args=[diagnosis.public_id])
    assert address in page(client, diagnosis, "diagnosis")
    assert "Test the lenses" in page(client, diagnosis, "causes_panel")


def test_asking_for_the_test_asks_once_and_shows_how_far_it_is(diagnosis, leader, log_in):
    client = log_in(leader)
    for _ in range(2):
        client.post(reverse("test_lenses", args=[diagnosis.public_id]))
    job = Job.objects.get(kind="causes.test")
    told = page(client, diagnosis)
    assert reverse("job", args=[job.public_id]) in told
    assert "Test the lenses" not in told


def test_a_diagnosis_that_is_no_longer_the_actors_is_not_tested(diagnosis, manager):
    with pytest.raises(Refused) as refused:
        run_here(manager, "causes.test", {"diagnosis": diagnosis.public_id})
    assert refused.value.status == 404
    assert not LensRun.objects.exists()


CODE = re.compile(r'"((?:goals|process|skills|resources|morale|market|strategy|share|lens)\.[a-z-]+)"')
SOURCES = Path(__file__).parents[3] / "src" / "steelyard" / "engine" / "lenses"


def test_whatever_the_engine_says_has_its_sentence():
    said = {code for path in SOURCES.glob("*.py") for code in CODE.findall(path.read_text("utf-8"))}
    groups = {code.rpartition(".")[0] for code in codes.FACTS if code.count(".") > 1}
    known = {*codes.FACTS, *codes.CHECKS, *codes.CHARTS, *codes.SHARES, *codes.OTHERWISE, *groups}
    known |= {"lens.no-table", "lens.no-columns", "lens.too-few"}
    assert len(said) > 30
    assert said - known == set()


def test_a_real_test_is_kept_once_and_read_back(diagnosis, leader, log_in):
    """The engine itself, on facts that are too few for most lenses: the page holds all the same."""
    for _ in range(2):
        run_here(leader, "causes.test", {"diagnosis": diagnosis.public_id})
    kept = LensRun.objects.get()
    assert {each["lens"] for each in kept.result["lenses"]} == set(LENSES)
    assert kept.result["names"]["team"]
    told = page(log_in(leader), diagnosis)
    assert "Test the lenses" not in told
    assert "%(" not in told
