"""Talking about a record: whoever sees it, and nobody else; asked, answered, taken back, brought back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.comments import actions, kinds, queries
from steelyard.apps.comments.kinds import Record
from steelyard.apps.comments.models import Comment
from steelyard.errors import Refused

if TYPE_CHECKING:
    from django.test import Client

    from steelyard.apps.accounts.models import User
    from tests.conftest import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TALK = "/comments/on/shelf/a|b/"


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A kind of record that everybody sees but those whose names are in the set."""
    closed_to: set[str] = set()

    def look(viewer: Any, key: str) -> Record:
        if viewer.name in closed_to:
            raise Refused("access.denied", 404)
        return Record("shelf", key, f"Shelf {key}", "/somewhere/")

    monkeypatch.setitem(kinds._looks, "shelf", look)
    return closed_to


@pytest.fixture
def mate(organisation: "Organisation", log_in: "Callable[[User], Client]") -> "Client":
    return log_in(organisation.mate)


@pytest.fixture
def member_client(member: "User", log_in: "Callable[[User], Client]") -> "Client":
    return log_in(member)


def test_a_question_waits_until_somebody_else_answers(member_client: "Client", mate: "Client"):
    member_client.post(TALK, {"text": "Why did it fall?", "question": "yes"})
    asked = Comment.objects.get()
    assert asked.is_question
    assert (asked.kind, asked.key) == ("shelf", "a|b")
    assert b"Waits for an answer" in mate.get(TALK).content
    member_client.post(TALK, {"text": "I mean March.", "answers": asked.public_id})
    assert b"Waits for an answer" in mate.get(TALK).content
    mate.post(TALK, {"text": "The fair was moved.", "answers": asked.public_id})
    page = mate.get(TALK).content.decode()
    assert "Waits for an answer" not in page
    assert page.index("Why did it fall?") < page.index("I mean March.") < page.index("The fair was moved.")


def test_an_answer_that_was_taken_back_answers_nothing(organisation: "Organisation"):
    member, other = organisation.member, organisation.mate
    asked = actions.write_comment(member, kind="shelf", key="x", text="Why?", is_question=True)
    answer = actions.write_comment(other, kind="shelf", key="x", text="Rain.", answers=asked)
    record = kinds.record_seen_by(member, "shelf", "x")
    assert not queries.talks_on(member, record)[0].is_waiting
    actions.withdraw_comment(other, answer)
    assert queries.talks_on(member, record)[0].is_waiting
    actions.restore_comment(other, answer)
    assert not queries.talks_on(member, record)[0].is_waiting


def test_the_list_holds_what_waits_and_the_own_questions_that_were_answered(
    organisation: "Organisation", member_client: "Client", mate: "Client"
):
    first = actions.write_comment(organisation.member, kind="shelf", key="x", text="First?", is_question=True)
    actions.write_comment(organisation.member, kind="shelf", key="y", text="Second?", is_question=True)
    actions.write_comment(organisation.member, kind="shelf", key="y", text="No question.")
    actions.write_comment(organisation.mate, kind="shelf", key="x", text="Because.", answers=first)
    own, others = (client.get("/comments/").content.decode() for client in (member_client, mate))
    assert "1 question waits for an answer." in own
    assert "First?" in own
    assert "First?" not in others
    assert "Second?" in others
    assert "No question." not in own + others


def test_who_does_not_see_the_record_sees_no_word_of_it(
    shelf: set[str], organisation: "Organisation", mate: "Client"
):
    asked = actions.write_comment(
        organisation.member, kind="shelf", key="x", text="Secret?", is_question=True
    )
    shelf.add("Mate")
    assert mate.get(reverse("conversation", args=["shelf", "x"])).status_code == 404
    assert mate.post(reverse("conversation", args=["shelf", "x"]), {"text": "Me too"}).status_code == 404
    assert mate.post(reverse("withdraw_comment", args=[asked.public_id])).status_code == 404
    assert "Secret?" not in mate.get("/comments/").content.decode()
    assert Comment.objects.count() == 1


def test_a_kind_that_no_room_declares_is_unknown(member_client: "Client"):
    assert member_client.get("/comments/on/nothing/x/").status_code == 404


def test_only_the_author_takes_words_back(
    organisation: "Organisation", mate: "Client", member_client: "Client"
):
    said = actions.write_comment(organisation.member, kind="shelf", key="x", text="My words")
    address = reverse("withdraw_comment", args=[said.public_id])
    assert mate.post(address).status_code == 404
    assert member_client.post(address).status_code == 302
    talk = reverse("conversation", args=["shelf", "x"])
    assert "My words" not in mate.get(talk).content.decode()
    assert "Withdrawn by its author." in mate.get(talk).content.decode()
    member_client.post(reverse("restore_comment", args=[said.public_id]))
    assert "My words" in mate.get(talk).content.decode()


@pytest.mark.parametrize(("text", "words"), [("  ", "Write something first."), ("x" * 4001, "At most 4,000")])
def test_what_cannot_be_said_is_kept_in_the_form(member_client: "Client", text: str, words: str):
    answer = member_client.post(TALK, {"text": text}, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert not Comment.objects.exists()


def test_an_answer_belongs_to_the_record_of_its_question(organisation: "Organisation"):
    asked = actions.write_comment(organisation.member, kind="shelf", key="x", text="Why?", is_question=True)
    with pytest.raises(Refused, match=r"access\.denied"):
        actions.write_comment(organisation.mate, kind="shelf", key="y", text="So.", answers=asked)


def test_what_is_said_is_shown_as_text_and_leaves_an_audit_row(member_client: "Client"):
    member_client.post(TALK, {"text": "<script>alert(1)</script>"})
    page = member_client.get(TALK, headers={"hx-request": "true"}).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    entry = AuditEntry.objects.get(action="comments.write")
    assert "alert" not in str(entry.detail)


def test_an_administrator_alone_has_no_records_to_talk_about(
    administrator: "User", log_in: "Callable[[User], Client]"
):
    assert log_in(administrator).get(TALK).status_code == 404
    assert log_in(administrator).get("/comments/").status_code == 404
