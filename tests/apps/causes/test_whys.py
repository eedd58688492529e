"""Five whys: branches, a stop, circles, blame, and two people at one answer."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from steelyard.apps.causes import actions
from steelyard.apps.causes.models import Why, Wording
from steelyard.apps.causes.queries.blame import blame_in, is_same
from steelyard.apps.causes.queries.tree import whys_in
from steelyard.errors import Refused

LINE = ("Fewer deals were won", "Offers went out late", "Every discount needs two signatures")


def at(diagnosis, name, *keys):
    return reverse(name, args=[diagnosis.public_id, *keys])


def chain(actor, diagnosis, *texts):
    why = None
    for text in texts:
        why = actions.add_why(actor, diagnosis, text=text, parent=why)
    return why


@pytest.mark.django_db
def test_a_tree_grows_by_branches_and_stops_at_what_can_be_acted_on(leader, diagnosis, log_in):
    client = log_in(leader)
    client.post(at(diagnosis, "new_why"), {"text": LINE[0]})
    root = Why.objects.get()
    below = f"{at(diagnosis, 'new_why')}?parent={root.public_id}"
    client.post(below, {"text": LINE[1]})
    client.post(below, {"text": LINE[2], "is_actionable": "on"})
    found = whys_in(diagnosis, [])
    assert [[each.why.text for each in branch.branches] for branch in found.trees[0].branches] == [
        list(LINE[1:])
    ]
    assert [end.is_open for end in found.ends] == [True, False]
    page = client.get(at(diagnosis, "whys")).content.decode()
    assert "1 of 2 branches can be acted on" in page
    assert "2 whys deep" in page


@pytest.mark.django_db
def test_a_circle_is_pointed_out_and_kept(leader, diagnosis, log_in):
    last = chain(leader, diagnosis, *LINE[:2])
    client = log_in(leader)
    address = f"{at(diagnosis, 'new_why')}?parent={last.public_id}"
    page = client.post(address, {"text": "Because fewer deals were won."}, follow=True).content.decode()
    assert "goes round in a circle" in page
    assert Why.objects.count() == 3


@pytest.mark.django_db
def test_a_tree_does_not_grow_for_ever(leader, diagnosis):
    last = chain(leader, diagnosis, *(f"answer {'abcdefghijkl'[n] * 4}" for n in range(10)))
    with pytest.raises(Refused) as refused:
        actions.add_why(leader, diagnosis, text="one more", parent=last)
    assert refused.value.code == "causes.too-deep"


@pytest.mark.django_db
def test_what_hangs_below_a_withdrawn_answer_goes_and_comes_with_it(leader, diagnosis, log_in):
    last = chain(leader, diagnosis, *LINE)
    client = log_in(leader)
    client.post(at(diagnosis, "withdraw_why", last.parent.public_id))
    page = client.get(at(diagnosis, "whys")).content.decode()
    assert LINE[2] not in page
    assert LINE[1] in page, "among the withdrawn"
    client.post(at(diagnosis, "restore_why", last.parent.public_id))
    assert LINE[2] in client.get(at(diagnosis, "whys")).content.decode()


@pytest.mark.django_db
def test_evidence_stands_beside_its_answer(leader, diagnosis, log_in):
    why = chain(leader, diagnosis, *LINE)
    note = {"text": "Two weeks", "source": "Interview", "happened_on": "2025-12-01", "audience": "all"}
    answer = log_in(leader).post(f"{at(diagnosis, 'new_evidence')}?why={why.public_id}", note)
    assert answer.url == f"{at(diagnosis, 'whys')}#why-{why.public_id}"
    assert "Two weeks" in log_in(leader).get(answer.url).content.decode()


@pytest.mark.django_db
def test_an_answer_becomes_a_cause(leader, diagnosis, log_in):
    why = chain(leader, diagnosis, *LINE)
    form = {"text": why.text, "lens": "process", "finding": "", "why": why.public_id}
    log_in(leader).post(at(diagnosis, "new_cause"), form)
    assert diagnosis.causes.get().why == why


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "is_blame"),
    [
        ("林悦太懒", True),
        ("Lin Yue was careless with the offers", True),
        ("他不负责任，客户都丢了", True),
        ("都怪销售部", True),
        ("It is his fault", True),
        ("She failed to call back", True),
        ("你的能力不行", True),
        ("Every discount needs two signatures", False),
        ("其他审批太慢", False),
        ("审批流程太慢，等了四天", False),
        ("Approvals are too slow at the second step", False),
        ("客户名单没有责任人", False),
        ("Nothing reminds anybody of an open offer", False),
        ("他们团队缺少报价模板", False),
    ],
)
def test_blame_is_told_from_faults_of_the_work(organisation, text, is_blame):
    assert (blame_in(text) is not None) == is_blame


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Because fewer deals were won", "Fewer deals were won.", True),
        ("因为报价发得太晚", "报价发得太晚了", True),
        ("Offers went out late", "Every discount needs two signatures", False),
        ("报价发得太晚", "每次折扣都要两人审批", False),
    ],
)
def test_the_same_said_twice_is_the_same(one, other, same):
    assert is_same(one, other) == same


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_at_one_answer_nobodys_words_are_lost(leader, analyst, diagnosis, log_in):
    """Both opened the form on version 1 and send at once; the second sees both texts and decides."""
    why = actions.add_why(leader, diagnosis, text="Offers went out late")
    start, answers = threading.Barrier(2), {}
    clients = {"from the leader": log_in(leader), "from the analyst": log_in(analyst)}

    def send(text):
        start.wait()
        answers[text] = clients[text].post(at(diagnosis, "why", why.public_id), {"text": text, "version": 1})
        connection.close()

    threads = [threading.Thread(target=send, args=[text]) for text in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    why.refresh_from_db()
    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    first = why.text
    second = next(text for text in clients if text != first)
    page = answers[second].content.decode()
    assert first in page
    assert second in page
    assert set(Wording.objects.values_list("text", "state")) == {
        ("Offers went out late", "former"),
        (second, "set-aside"),
    }
    decided = {"text": f"{first} and {second}", "version": 2}
    assert clients[second].post(at(diagnosis, "why", why.public_id), decided).status_code == 302
    why.refresh_from_db()
    assert (why.text, why.version) == (decided["text"], 3)


@pytest.mark.django_db
def test_the_page_of_both_texts_asks_on_the_version_that_stands(leader, analyst, diagnosis, log_in):
    why = actions.add_why(leader, diagnosis, text="Offers went out late")
    actions.change_why(analyst, why, text="Offers wait for a second look", is_actionable=False, based_on=1)
    page = log_in(leader).post(at(diagnosis, "why", why.public_id), {"text": "Offers wait", "version": 1})
    assert page.status_code == 409
    told = page.content.decode()
    assert 'name="version" value="2"' in told
    assert "analyst saved another text first" in told
