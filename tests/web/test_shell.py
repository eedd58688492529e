"""What stands around every page, and what answers when there is none."""

import re
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from steelyard.apps.accounts.models import User
from steelyard.errors import Refused
from steelyard.web import styles
from steelyard.web.refusals import refusal_page
from steelyard.web.words import has_words, sentence

LogIn = Callable[[User], Client]


def test_a_page_takes_nothing_from_elsewhere(log_in: LogIn, leader: User) -> None:
    response = log_in(leader).get("/kit/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = response.content.decode()
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)


def test_the_stylesheet_is_kept_for_good_under_the_name_of_its_content(client: Client) -> None:
    response = client.get(styles.address())
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--paper" in response.content.decode()
    assert client.get("/style/old.css")["Cache-Control"] == "no-cache"


def test_components_name_roles_and_never_colours_of_the_palette() -> None:
    palette = set(re.findall(r"(--[\w-]+):", (styles.FOLDER / "palette.css").read_text()))
    for path in styles.parts():
        if path.stem not in {"palette", "roles", "plot", "print"}:
            text = path.read_text()
            assert not re.search(r"#[0-9a-f]{3,8}\b", text), path.name
            assert not palette & set(re.findall(r"var\((--[\w-]+)\)", text)), path.name


@pytest.mark.django_db
def test_the_browsers_language_is_spoken_until_the_visitor_switches(client: Client, leader: User) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh-Hans"' in page.content.decode()
    assert "登录" in page.content.decode()
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    page = client.get("/accounts/login/", headers={"accept-language": "zh-CN"})
    assert 'lang="en"' in page.content.decode()


def test_an_account_keeps_its_language_and_look(log_in: LogIn, leader: User) -> None:
    client = log_in(leader)
    client.post("/language/", {"language": "zh-hans", "next": "/settings/"})
    client.post("/look/", {"theme": "dark", "next": "/settings/"})
    leader.refresh_from_db()
    assert (leader.language, leader.theme) == ("zh-hans", "dark")
    page = log_in(leader).get("/settings/", headers={"accept-language": "en"}).content.decode()
    assert 'lang="zh-Hans"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_switch_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    assert client.post("/language/", {"language": "en", "next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_nothing_changes_by_following_a_link(client: Client) -> None:
    assert client.get("/language/?language=en").status_code == 405
    answer = client.get("/look/?theme=dark")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Go back to the page of the form." in answer.content.decode()


def test_rooms_that_are_closed_or_not_built_are_not_shown(
    log_in: LogIn, make_user: Callable[..., User]
) -> None:
    page = log_in(make_user("administrator")).get("/settings/").content.decode()
    assert 'href="/people/"' in page
    assert 'href="/measure/"' not in page
    assert 'href="/aim/"' not in page


@pytest.mark.django_db
def test_unknown_pages_answer_in_the_look(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_a_form_without_its_token_is_told_what_to_do(leader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_is_a_page_or_for_htmx_a_fragment(rf: RequestFactory, leader: User) -> None:
    request = rf.get("/")
    request.user = leader
    refused = Refused("people.known-code", 409, code="east")
    page = refusal_page(request, refused)
    assert page.status_code == 409
    assert "The code east is taken" in page.content.decode()
    request.htmx = True
    fragment = refusal_page(request, refused).content.decode()
    assert "The code east is taken" in fragment
    assert "<html" not in fragment


def test_a_code_without_words_is_still_an_answer() -> None:
    assert not has_words("nothing.known")
    assert sentence(Refused("nothing.known")) == "This was refused (nothing.known)."


def test_a_sentence_survives_a_missing_parameter() -> None:
    assert "—" in sentence(Refused("people.known-code"))


def test_a_fault_shows_the_page_of_faults_without_details(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steelyard.web import views

    monkeypatch.setattr(views.styles, "current", lambda: 1 / 0)
    monkeypatch.setattr(views.styles, "address", lambda: "/style/x.css")
    client.raise_request_exception = False
    response = client.get("/style/x.css")
    assert response.status_code == 500
    assert "Something broke" in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()
