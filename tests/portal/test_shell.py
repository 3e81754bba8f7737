"""The frame of every page: theme, title, hall at the foot, static pages."""

from __future__ import annotations

import pytest
from django.test import Client

PAGES = ("/accessibility", "/privacy", "/sitemap", "/accounts/login/")


def test_a_chosen_theme_lasts_and_leads_back_to_the_page(client: Client, city):
    response = client.post("/theme", {"theme": "elder", "next": "/privacy"})
    assert (response.status_code, response.headers["Location"]) == (302, "/privacy")
    cookie = response.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == ("elder", 365 * 24 * 3600, "Lax")
    assert 'data-theme="elder"' in client.get("/privacy").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_theme_switch_never_leads_to_another_site(client: Client, target: str):
    assert client.post("/theme", {"theme": "elder", "next": target}).headers["Location"] == "/"


def test_an_unknown_theme_is_the_standard_one(client: Client, city):
    assert client.post("/theme", {"theme": "neon"}).cookies["theme"].value == "standard"
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="standard"' in client.get("/privacy").text


def test_the_link_for_elders_sets_the_theme_and_the_switch_can_undo_it(client: Client, city):
    assert 'data-theme="elder"' in client.get("/?elder=1").text
    assert 'data-theme="elder"' in client.get("/").text
    response = client.post("/theme", {"theme": "standard", "next": "/?elder=1"})
    assert response.headers["Location"] == "/"
    assert 'data-theme="standard"' in client.get("/").text


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_language_title_skip_link_one_heading_and_help_at_its_foot(client, city, address):
    page = client.get(address).text
    assert '<html lang="zh-CN"' in page
    assert " – 岐安市“办不成事”窗口</title>" in page
    assert page.index('class="bc-skip"') < page.index("<header")
    assert page.count("<h1") == 1
    assert 'href="tel:070088001037"' in page[page.index("<footer") :]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_carries_inline_style_or_script(client, city, address):
    page = client.get(address).text
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")
    assert not [mark for mark in (" onclick=", " onload=", "hx-on", "javascript:") if mark in page]


def test_a_page_renders_before_there_is_a_hall(client: Client, db):
    assert client.get("/privacy").status_code == 200


def test_a_static_page_costs_one_query_for_the_hall(client, city, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/sitemap")
