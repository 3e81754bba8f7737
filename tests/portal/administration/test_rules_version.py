"""One version of the rules: its provenance, its sentences, how it differs from the one before."""

from __future__ import annotations

import pytest

from tests.portal.administration.test_rules import save


def test_a_version_says_what_it_changed(signed_in):
    save(2, "2999-01-01")
    html = signed_in("viewer").get("/a/rules/2").content.decode()
    assert "与第 1 版的差别" in html
    assert html.count("一般事项：受理后 3 个工作日办结") == 1
    assert html.count("一般事项：受理后 2 个工作日办结") == 2
    for word in (
        "将生效",
        "2999年1月1日（周二）",
        "岐政数〔2026〕12号",
        "卓一鸣，2026年11月23日（周一）09:30",
    ):
        assert word in html


def test_the_first_version_has_none_before(signed_in):
    html = signed_in("viewer").get("/a/rules/1").content.decode()
    assert "的差别" not in html
    assert "现行" in html


@pytest.mark.parametrize("number", [0, 2, 99999999999999999999])
def test_there_is_no_other_version(signed_in, number):
    assert signed_in("viewer").get(f"/a/rules/{number}").status_code == 404
