"""Evidence: who may read it, what a survey cell and a file may be, taking back and bringing back."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from steelyard.apps.causes import actions
from steelyard.apps.causes.models import Evidence
from steelyard.apps.causes.queries.seen import standing_evidence
from steelyard.apps.causes.queries.surveys import survey_cells
from steelyard.apps.comments.kinds import record_seen_by
from steelyard.apps.comments.models import Comment
from steelyard.apps.diagnose.actions import start_diagnosis
from steelyard.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = datetime.date(2025, 12, 3)
NOTE = {
    "text": "We wait four days for the second signature.\nEvery time.",
    "source": "Interview with the East team",
    "happened_on": "2025-12-03",
    "audience": "all",
}


def at(diagnosis, name, *keys):
    return reverse(name, args=[diagnosis.public_id, *keys])


def bring(actor, diagnosis, **more):
    given = {
        "kind": "interview",
        "text": "We wait",
        "source": "Interview",
        "happened_on": DAY,
        "lens": "process",
    }
    return actions.add_evidence(actor, diagnosis, **(given | more))


def test_a_note_stands_beside_its_lens_with_source_and_day(leader, diagnosis, log_in):
    client = log_in(leader)
    address = at(diagnosis, "new_evidence") + "?lens=process&kind=retrospective"
    assert client.post(address, NOTE).url == at(diagnosis, "lenses") + "#lens-process"
    made = Evidence.objects.get()
    assert (made.kind, made.lens, made.happened_on) == ("retrospective", "process", DAY)
    page = client.get(at(diagnosis, "lenses")).content.decode()
    for told in ("second signature", "Interview with the East team", "Dec. 3, 2025", "brought by leader"):
        assert told in page


def test_the_audience_holds_everywhere(leader, analyst, diagnosis, make_user, log_in):
    cause = actions.add_cause(leader, diagnosis, lens="process", text="Two signatures")
    bring(leader, diagnosis, audience="leads", text="for leads")
    bring(leader, diagnosis, audience="author", text="for me", cause=cause)
    bring(leader, diagnosis, text="for all")
    other_leader = make_user("leader", name="Other")
    for who, seen in ((leader, 3), (other_leader, 2), (analyst, 1)):
        assert len(standing_evidence(who, diagnosis)) == seen
        client = log_in(who)
        pages = [at(diagnosis, name) for name in ("lenses", "fishbone", "whys", "causes_panel")]
        pages.append(at(diagnosis, "cause", cause.public_id))
        told = "".join(client.get(path).content.decode() for path in pages)
        assert ("for leads" in told) == (seen > 1)
        assert ("for me" in told) == (who == leader)
        assert ("1 piece of evidence" in told) == (who == leader), "a count tells of what it counts"


def test_what_is_hidden_cannot_be_touched_either(leader, analyst, diagnosis, log_in):
    hidden = bring(leader, diagnosis, audience="author")
    client = log_in(analyst)
    for name in ("withdraw_evidence", "restore_evidence"):
        assert client.post(at(diagnosis, name, hidden.public_id)).status_code == 404
    assert client.get(at(diagnosis, "evidence_file", hidden.public_id)).status_code == 404


def test_its_author_withdraws_it_and_brings_it_back(leader, diagnosis, finance, log_in):
    made = bring(leader, diagnosis, cause=actions.add_cause(leader, diagnosis, lens="process", text="x"))
    assert log_in(finance).post(at(diagnosis, "withdraw_evidence", made.public_id)).status_code == 404
    client = log_in(leader)
    client.post(at(diagnosis, "withdraw_evidence", made.public_id))
    assert standing_evidence(leader, diagnosis) == []
    page = client.get(at(diagnosis, "cause", made.cause.public_id)).content.decode()
    assert "Bring back" in page
    client.post(at(diagnosis, "restore_evidence", made.public_id))
    assert standing_evidence(leader, diagnosis) == [made]


def test_what_will_be_said_tomorrow_is_no_evidence(leader, diagnosis, log_in):
    answer = log_in(leader).post(
        at(diagnosis, "new_evidence") + "?lens=process", NOTE | {"happened_on": "2999-01-01"}
    )
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_a_survey_cell_keeps_the_floor_and_the_teams(leader, manager, diagnosis):
    everything = {(cell.wave, cell.team, cell.question) for cell in survey_cells(leader)}
    assert ("2025-H2", "west", "I would recommend us") not in everything
    assert ("2025-H2", "marketing", "I have what I need") in everything
    assert {cell.team for cell in survey_cells(manager)} == {"east", "west"}
    with pytest.raises(Refused) as refused:
        actions.add_survey_cell(
            leader, diagnosis, wave="2025-H2", team="west", question="I would recommend us", lens="morale"
        )
    assert refused.value.code == "causes.no-survey-cell"


def test_a_survey_cell_is_picked_and_told(leader, diagnosis, organisation, log_in):
    client = log_in(leader)
    address = at(diagnosis, "new_evidence") + "?lens=morale&kind=survey"
    cells = survey_cells(leader)
    chosen = next(n for n, cell in enumerate(cells) if (cell.wave, cell.team) == ("2025-H2", "east"))
    client.post(address, {"cell": str(chosen), "text": "", "audience": "all"})
    made = Evidence.objects.get()
    assert (made.figure["favourable"], made.figure["answers"]) == (5.0, 12)
    page = client.get(at(diagnosis, "lenses")).content.decode()
    assert "42% of 12 answers favourable (East, 2025-H2)" in page


def test_another_teams_survey_cell_is_not_shown_to_a_manager(leader, manager, snapshot):
    own = start_diagnosis(manager, kpi="won_revenue", period="2025-Q4", against="year-ago")
    for team in ("east", "marketing"):
        actions.add_survey_cell(
            leader, own, wave="2025-H2", team=team, question="I have what I need", lens="morale"
        )
    assert [each.figure["team"] for each in standing_evidence(manager, own)] == ["east"]
    assert len(standing_evidence(leader, own)) == 2


def test_a_file_is_kept_apart_and_only_taken_along(leader, analyst, diagnosis, manager, log_in, data_folder):
    client = log_in(leader)
    bad = SimpleUploadedFile("../../notes<b>.html", b"<script>alert(1)</script>", content_type="text/html")
    form = NOTE | {"file": bad, "text": ""}
    assert client.post(at(diagnosis, "new_evidence") + "?lens=process&kind=file", form).status_code == 302
    made = Evidence.objects.get()
    assert made.file_name == "notes<b>.html"
    kept = list((data_folder / "evidence" / "quarantine" / "originals").iterdir())
    assert [path.name for path in kept] == [made.file_sha256]
    answer = log_in(analyst).get(at(diagnosis, "evidence_file", made.public_id))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert log_in(manager).get(at(diagnosis, "evidence_file", made.public_id)).status_code == 404
    actions.withdraw_evidence(leader, made)
    assert client.get(at(diagnosis, "evidence_file", made.public_id)).status_code == 404


def test_a_file_beyond_the_limit_is_refused(leader, diagnosis, log_in, monkeypatch):
    monkeypatch.setattr("steelyard.apps.causes.actions.evidence.FILE_SIZE", 10)
    form = NOTE | {"file": SimpleUploadedFile("long.txt", b"x" * 11)}
    answer = log_in(leader).post(at(diagnosis, "new_evidence") + "?lens=process&kind=file", form)
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_what_was_said_in_the_conversation_can_be_cited(leader, diagnosis, log_in):
    cause = actions.add_cause(leader, diagnosis, lens="process", text="Two signatures")
    said = Comment.objects.create(kind="cause", key=cause.public_id, text="Legal takes a week", author=leader)
    gone = Comment.objects.create(
        kind="diagnosis",
        key=diagnosis.public_id,
        text="Taken back",
        author=leader,
        withdrawn_at=timezone.now(),
    )
    client = log_in(leader)
    address = f"{at(diagnosis, 'new_evidence')}?cause={cause.public_id}&kind=comment"
    page = client.get(address).content.decode()
    assert "Legal takes a week" in page
    assert "Taken back" not in page
    assert "Legal takes a week</textarea>" in client.get(f"{address}&cite={said.public_id}").content.decode()
    assert "Taken back" not in client.get(f"{address}&cite={gone.public_id}").content.decode()


def test_a_cause_is_talked_about_by_who_sees_its_diagnosis(leader, manager, diagnosis):
    cause = actions.add_cause(leader, diagnosis, lens="process", text="Two signatures")
    assert record_seen_by(leader, "cause", cause.public_id).label == "Two signatures"
    with pytest.raises(Refused) as refused:
        record_seen_by(manager, "cause", cause.public_id)
    assert refused.value.status == 404


def test_what_stood_beside_a_lens_comes_back_there(leader, analyst, diagnosis, log_in):
    made = bring(leader, diagnosis, text="We wait for legal")
    client = log_in(leader)
    address = at(diagnosis, "lenses")
    client.post(at(diagnosis, "withdraw_evidence", made.public_id))
    assert "Evidence withdrawn" in client.get(address).content.decode()
    client.post(at(diagnosis, "restore_evidence", made.public_id))
    page = client.get(address).content.decode()
    assert "We wait for legal" in page
    assert "Evidence withdrawn" not in page
