"""Filing page by page: what is kept, what is refused, what is asked in the elder theme."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cases.models import Case, Party
from tests.portal.citizen.conftest import STATEMENT, Citizen, errors_in, heading_of

PAGES = ["problem", "matter", "obstacle", "before", "files", "contact", "check"]


def test_a_whole_case_is_filed_on_seven_short_pages(somebody):
    somebody.fill()
    assert somebody.confirm().headers["Location"] == "/receipt"
    case = Case.objects.get()
    assert (case.hall.code, case.matter.code, case.obstacle.code) == ("H02", "M001", "material")
    assert (case.visits_before, case.tried_on.isoformat(), case.channel) == (3, "2026-03-02", "online")
    assert case.number[:6] == f"{timezone.localdate():%y%m%d}"


def test_four_answers_are_enough(somebody):
    somebody.pages |= {
        "matter": {"matter": "0"},
        "before": {"visits": "0"},
        "contact": {"name": "罗女士", "phone": "0700-88001037", "by": "call"},
    }
    case, _ = somebody.file()
    assert (case.hall.is_main, case.matter, case.visits_before, case.tried_on) == (True, None, 0, None)


@pytest.mark.parametrize("step", PAGES)
def test_each_page_has_one_heading_its_place_and_a_way_back(somebody, step):
    somebody.fill(step) if step != "problem" else None
    response = somebody.get(step)
    page = response.content.decode()
    assert heading_of(response)
    assert f"第 {PAGES.index(step) + 1} 步，共 7 步" in page
    assert 'class="bc-back"' in page
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("step", PAGES)
def test_a_page_costs_no_more_than_eight_queries(somebody, django_assert_max_num_queries, step):
    somebody.fill(step) if step != "problem" else None
    with django_assert_max_num_queries(8):
        somebody.get(step)


@pytest.mark.parametrize("step", PAGES[1:])
def test_a_page_opened_too_early_leads_to_the_first_unanswered_one(somebody, step):
    assert somebody.get(step).headers["Location"] == "/report/problem"
    somebody.send("problem")
    assert somebody.get("check").headers["Location"] == "/report/matter"


def test_a_page_that_does_not_exist_is_not_found(somebody):
    assert somebody.get("nonsense").status_code == 404


def test_what_was_typed_is_there_again_after_going_back_or_reloading(somebody):
    somebody.fill()
    assert STATEMENT in somebody.get("problem").content.decode()
    assert 'value="2026-03-02"' in somebody.get("before").content.decode()
    assert 'value="罗女士"' in somebody.get("contact").content.decode()


@pytest.mark.parametrize(
    ("step", "typed", "kept"),
    [
        ("problem", {"statement": "办不成"}, "办不成"),
        ("before", {"visits": "9", "tried_on": "记不清了"}, "记不清了"),
        ("contact", {"name": "罗女士", "phone": "1300000001", "by": "sms"}, "1300000001"),
    ],
)
def test_wrong_answers_are_kept_too_and_block_the_way(somebody, step, typed, kept):
    somebody.fill()
    response = somebody.client.post(f"/report/{step}", typed)
    assert response.status_code == 422
    assert kept in response.content.decode()
    assert kept in somebody.get(step).content.decode()
    assert somebody.get("check").headers["Location"] == f"/report/{step}"
    assert Case.objects.count() == 0


def test_the_draft_is_sealed_in_the_session(somebody):
    somebody.fill()
    stored = str(dict(somebody.client.session.items()))
    for secret in (STATEMENT[:6], "罗女士", "13000000014"):
        assert secret not in stored


def test_the_draft_outlives_the_browser_for_a_day_and_the_filed_case_does_not_keep_it(somebody):
    somebody.send("problem")
    assert somebody.client.session.get_expiry_age() == pytest.approx(24 * 3600, abs=60)
    somebody.file()
    assert somebody.client.session.get_expire_at_browser_close()
    assert somebody.get("problem").content.decode().count(STATEMENT) == 0


def test_later_keeps_what_was_typed_and_leads_home(somebody):
    response = somebody.client.post("/report/problem", {"statement": "写到一半", "later": "1"})
    assert response.headers["Location"] == "/"
    assert "写到一半" in somebody.get("problem").content.decode()


def test_a_change_from_the_check_page_comes_back_to_it(somebody):
    somebody.fill()
    assert "/report/contact?return=check" in somebody.get("check").content.decode()
    response = somebody.send("contact", "?return=check", name="罗先生")
    assert response.headers["Location"] == "/report/check"
    assert "罗先生" in somebody.get("check").content.decode()


BAD = [
    ("problem", {"statement": ""}, "请写一写您遇到的问题，一两句话就行。"),
    ("problem", {"statement": "  太短了  "}, "请再多写一点，至少 10 个字，我们才知道该找谁。"),
    ("problem", {"statement": "长" * 1001}, "最多写 1000 个字，现在是 1001 个。其余的可以到窗口补充。"),
    ("matter", {"matter": ""}, "请选一项，不清楚就选“不确定”。"),
    ("obstacle", {"obstacle": ""}, "请选一项，最接近的就行。"),
    ("before", {"visits": ""}, "请选一项，大概的次数就行。"),
    ("before", {"tried_on": "2199-01-01"}, "这一天还没有到，请检查日期。"),
    ("before", {"tried_on": "去年"}, "日期请写成 2026-11-20 这样，记不清可以不填。"),
    ("contact", {"name": ""}, "请写怎么称呼您，例如“罗女士”。"),
    ("contact", {"phone": ""}, "请写一个能找到您的电话。"),
    ("contact", {"phone": "130 0000 001"}, "手机号少了一位，应是 11 位数字。"),
    ("contact", {"phone": "88001037"}, "固定电话请加区号，如 0700-88001037。"),
    ("contact", {"by": ""}, "请选择我们怎么通知您。"),
    ("contact", {"phone": "0700-88001037"}, "这个电话收不到短信，请选打电话，或者换一个手机号。"),
    ("contact", {"credit_code": "91110000600037341L"}, "请写单位的全称。"),
    ("contact", {"organisation": "岐安市鼎盛五金厂"}, "请选您在单位是什么身份。"),
    (
        "contact",
        {
            "organisation": "岐安市鼎盛五金厂",
            "organisation_relation": "legal",
            "credit_code": "91110000600037341M",
        },
        "统一社会信用代码有一位不对，请对照营业执照再输一次。",
    ),
    ("contact", {"principal": "李奶奶"}, "请选您是这个人的什么人。"),
    ("contact", {"relation": "child"}, "请写您替谁反映。"),
    (
        "contact",
        {"organisation": "鼎盛五金厂", "organisation_relation": "legal", "principal": "李奶奶"},
        "替单位和替别人反映，请只填一样。",
    ),
]


@pytest.mark.parametrize(("step", "changes", "sentence"), BAD, ids=[f"{s}-{m[:8]}" for s, _, m in BAD])
def test_bad_input_is_named_in_the_summary_beside_the_field_and_in_the_title(
    somebody, step, changes, sentence
):
    somebody.fill(step) if step != "problem" else None
    response = somebody.send(step, **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert errors_in(response) == [sentence]
    assert page.count(sentence) == 2
    assert "<title>错误：" in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("value", ["999999", "abc", "0 OR 1=1", "-1"])
@pytest.mark.parametrize(
    ("step", "name"), [("matter", "matter"), ("obstacle", "obstacle"), ("before", "hall")]
)
def test_choices_that_were_not_offered_are_refused(somebody, step, name, value):
    somebody.fill(step)
    assert somebody.send(step, **{name: value}).status_code == 422


def test_a_null_character_is_no_error_page(somebody):
    assert (
        somebody.client.post("/report/problem", {"statement": "办不成\0办不成办不成办不成"}).status_code
        == 422
    )


def test_markup_in_the_text_stays_text(somebody):
    nasty = '"><img src=x onerror=alert(1)> 营业执照办不成'
    somebody.pages["problem"]["statement"] = nasty
    somebody.pages["contact"]["name"] = "罗女士"
    somebody.fill()
    assert "<img" not in somebody.get("check").content.decode()
    assert "<img" not in somebody.get("problem").content.decode()


def test_matters_are_proposed_from_the_text_and_unsure_is_always_there(somebody):
    somebody.send("problem")
    page = somebody.get("matter").content.decode()
    assert "营业执照设立登记（市市场监督管理局）" in page
    assert "不确定，请窗口帮我看" in page
    somebody.send("problem", statement="有一件说不清楚的事情想要请你们帮忙看看")
    page = somebody.get("matter").content.decode()
    assert page.count('type="radio"') == 1


def test_an_organisation_reports_through_a_person(somebody):
    somebody.pages["contact"] |= {
        "organisation": "岐安市鼎盛五金厂",
        "credit_code": "9111 0000 6000 3734 1l",
        "organisation_relation": "employee",
    }
    somebody.fill()
    assert "91110000600037341L" in somebody.get("check").content.decode()
    somebody.confirm()
    party = Party.objects.get()
    assert (party.part, party.is_organisation, party.relation) == ("reporter", True, "employee")
    assert party.credit_code_sealed


def test_a_daughter_reports_for_her_mother(somebody):
    somebody.pages["contact"] |= {
        "principal": "李奶奶",
        "relation": "child",
        "principal_phone": "0700-88001074",
    }
    somebody.file()
    reporter, principal = Party.objects.order_by("pk")
    assert (reporter.part, reporter.relation, reporter.notify_by) == ("reporter", "child", "sms")
    assert (principal.part, bool(principal.phone_sealed)) == ("principal", True)


def test_nothing_asks_for_an_identity_number(somebody):
    somebody.fill()
    asked = somebody.get("contact").content.decode() + somebody.get("before").content.decode()
    assert "身份证" not in asked


# --- the elder theme ---


def test_elders_are_asked_three_things(somebody):
    somebody.elder()
    assert somebody.fill() == "check"
    assert "第 3 步，共 3 步" in somebody.get("check").content.decode()
    contact = somebody.get("contact").content.decode()
    assert "第 2 步，共 3 步" in contact
    assert 'type="radio"' not in contact
    case, _ = somebody.file()
    party = Party.objects.get(case=case)
    assert (party.notify_by, case.matter, case.hall.is_main) == ("call", None, True)


def test_a_page_that_elders_are_not_asked_leads_on(somebody):
    somebody.elder().send("problem")
    assert somebody.get("matter").headers["Location"] == "/report/contact"


def test_answers_given_before_switching_to_the_elder_theme_stay(somebody):
    somebody.fill("obstacle")
    somebody.client.cookies["theme"] = "elder"
    somebody.send("contact", phone="13000000014", name="罗奶奶")
    assert "营业执照设立登记" in somebody.get("check").content.decode()
    somebody.confirm()
    assert Case.objects.get().matter.code == "M001"


def test_the_elder_contact_page_does_not_erase_what_it_does_not_ask(somebody):
    somebody.pages["contact"] |= {"principal": "李奶奶", "relation": "child"}
    somebody.fill()
    somebody.client.cookies["theme"] = "elder"
    somebody.client.post("/report/contact", {"phone": "13000000014", "name": "罗奶奶"})
    somebody.confirm()
    assert Party.objects.filter(part="principal").exists()


def test_two_people_at_two_computers_do_not_see_each_other(somebody, somebody_else):
    somebody.fill()
    assert somebody_else.get("check").headers["Location"] == "/report/problem"
    assert STATEMENT not in somebody_else.get("problem").content.decode()


def test_a_draft_sealed_with_a_key_that_is_gone_is_an_empty_draft(somebody, settings):
    somebody.send("problem")
    settings.FIELD_KEYS = {"k9": "9" * 64}
    assert somebody.get("problem").status_code == 200
    assert somebody.get("check").headers["Location"] == "/report/problem"


def test_the_form_is_refused_without_its_token(city):
    from django.test import Client

    strict = Citizen()
    strict.client = Client(enforce_csrf_checks=True)
    assert strict.send("problem").status_code == 403
