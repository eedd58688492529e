"""The page of a job: its owner watches and stops it, and nobody else knows of it."""

from typing import Any

import pytest

from steelyard.apps.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HTMX = {"HX-Request": "true"}


def job_of(user: Any, **fields: Any) -> Job:
    return Job.objects.create(kind="data.check", actor=user, args={}, **fields)


def test_an_open_job_shows_its_step_and_asks_again(analyst: Any, log_in: Any) -> None:
    job = job_of(analyst, state="running", done=1, total=4, step="typing")
    page = log_in(analyst).get(f"/jobs/{job.public_id}/?next=/data/").content.decode()
    assert "Reading numbers and dates" in page
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = log_in(analyst).get(f"/jobs/{job.public_id}/", headers=HTMX).content.decode()
    assert part.lstrip().startswith("<div hx-get")


def test_a_job_that_is_done_goes_on_to_the_next_page(analyst: Any, log_in: Any) -> None:
    job, client = job_of(analyst, state="done", result={}), log_in(analyst)
    assert client.get(f"/jobs/{job.public_id}/?next=/data/")["Location"] == "/data/"
    asked = client.get(f"/jobs/{job.public_id}/?next=/data/", headers=HTMX)
    assert asked["HX-Redirect"] == "/data/"
    assert "done" in client.get(f"/jobs/{job.public_id}/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_next_page_is_one_of_this_site(target: str, analyst: Any, log_in: Any) -> None:
    job = job_of(analyst, state="done", result={})
    page = log_in(analyst).get(f"/jobs/{job.public_id}/", {"next": target})
    assert page.status_code == 200
    assert page.context["next"] == ""


def test_a_refusal_is_said_in_words(analyst: Any, log_in: Any) -> None:
    params = {"file": "a.csv", "limit": 209715200, "size": 300000000}
    job = job_of(analyst, state="refused", refusal={"code": "import.file-too-large", "params": params})
    client = log_in(analyst)
    page = client.get(f"/jobs/{job.public_id}/").content.decode()
    assert "286.1" in page
    assert "Split it by month or year" in page
    assert client.get(f"/jobs/{job.public_id}/", headers=HTMX)["HX-Refresh"] == "true"


def test_a_queued_job_is_cancelled_by_its_owner(analyst: Any, log_in: Any) -> None:
    job, client = job_of(analyst), log_in(analyst)
    assert client.get(f"/jobs/{job.public_id}/cancel/").status_code == 405
    answer = client.post(f"/jobs/{job.public_id}/cancel/", {"next": "/data/"})
    assert answer["Location"] == f"/jobs/{job.public_id}/?next=%2Fdata%2F"
    assert "cancelled" in client.get(answer["Location"]).content.decode()


def test_anothers_job_does_not_exist(analyst: Any, leader: Any, administrator: Any, log_in: Any) -> None:
    job, nobodys = job_of(analyst), job_of(None)
    for user in (leader, administrator):
        client = log_in(user)
        for found in (job, nobodys):
            assert client.get(f"/jobs/{found.public_id}/").status_code == 404
            assert client.post(f"/jobs/{found.public_id}/cancel/").status_code == 404
    job.refresh_from_db()
    assert not job.cancel_asked
