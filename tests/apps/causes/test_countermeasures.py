"""Countermeasures: weighed, compared, one chosen."""

import pytest
from django.urls import reverse

from steelyard.apps.causes import actions
from steelyard.apps.causes.models import Countermeasure
from steelyard.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FORM = {"text": "Let managers sign up to 10%", "impact": "4", "effort": "2", "risk": "2", "note": ""}


@pytest.fixture
def cause(leader, diagnosis):
    return actions.add_cause(leader, diagnosis, lens="process", text="Two signatures for every discount")


def at(cause, name, *keys):
    return reverse(name, args=[cause.diagnosis.public_id, *keys])


def add(actor, cause, text, impact, effort, risk):
    return actions.add_countermeasure(actor, cause, text=text, impact=impact, effort=effort, risk=risk)


def test_options_are_sorted_by_what_is_asked(leader, cause, log_in):
    add(leader, cause, "Small and easy", 2, 1, 1)
    add(leader, cause, "Large and hard", 5, 5, 4)
    add(leader, cause, "Large and easy", 5, 1, 2)
    orders = {
        "": ["Large and easy", "Small and easy", "Large and hard"],
        "impact": ["Large and easy", "Large and hard", "Small and easy"],
        "effort": ["Large and easy", "Small and easy", "Large and hard"],
        "risk": ["Small and easy", "Large and easy", "Large and hard"],
    }
    for order, names in orders.items():
        page = log_in(leader).get(at(cause, "countermeasures"), {"sort": order}).content.decode()
        assert sorted(names, key=page.index) == names, order


def test_one_is_chosen_and_then_another(leader, cause, log_in):
    first, second = add(leader, cause, "One", 3, 3, 3), add(leader, cause, "Two", 3, 3, 3)
    client = log_in(leader)
    for each in (first, second):
        client.post(at(cause, "choose_countermeasure", each.public_id))
        assert list(Countermeasure.objects.filter(chosen=True)) == [each]
    assert "Chosen: Two" in client.get(at(cause, "countermeasures")).content.decode()
    client.post(at(cause, "release_countermeasure", second.public_id))
    assert not Countermeasure.objects.filter(chosen=True).exists()


def test_the_form_adds_and_changes(leader, cause, log_in):
    client = log_in(leader)
    client.post(at(cause, "new_countermeasure"), FORM | {"cause": cause.public_id})
    made = Countermeasure.objects.get()
    change = FORM | {"cause": cause.public_id, "impact": "5", "version": 1}
    client.post(at(cause, "countermeasure", made.public_id), change)
    made.refresh_from_db()
    assert (made.impact, made.version) == (5, 2)
    late = client.post(at(cause, "countermeasure", made.public_id), change | {"text": "Late", "impact": "1"})
    assert late.status_code == 409
    assert 'name="impact" value="1"' in late.content.decode()


def test_a_weight_is_from_one_to_five(leader, cause, log_in):
    with pytest.raises(Refused):
        add(leader, cause, "x", 0, 3, 3)
    form = FORM | {"cause": cause.public_id, "risk": "6"}
    assert log_in(leader).post(at(cause, "new_countermeasure"), form).status_code == 422


def test_who_may_not_decide_does_not_choose(leader, cause, finance, log_in):
    made = add(leader, cause, "One", 3, 3, 3)
    assert log_in(finance).post(at(cause, "choose_countermeasure", made.public_id)).status_code == 404


def test_a_withdrawn_option_is_neither_chosen_nor_gone(leader, cause, log_in):
    made = add(leader, cause, "One", 3, 3, 3)
    client = log_in(leader)
    client.post(at(cause, "withdraw_countermeasure", made.public_id))
    assert client.post(at(cause, "choose_countermeasure", made.public_id)).status_code == 409
    assert "Bring back" in client.get(at(cause, "countermeasures")).content.decode()
