"""Any two versions side by side, as sentences."""

from __future__ import annotations

import pytest

from tests.portal.administration.test_rules import save


def test_the_last_two_are_compared_unless_others_are_chosen(signed_in):
    save(2, "2999-01-01")
    save(3, "2999-02-01")
    client = signed_in("viewer")
    assert "两版的规则没有差别" in client.get("/a/rules/differences").content.decode()
    html = client.get("/a/rules/differences?from=1&to=3").content.decode()
    assert "第 1 版和第 3 版" in html
    assert "1 处不同" in html
    assert "一般事项：受理后 3 个工作日办结" in html
    assert "一般事项：受理后 2 个工作日办结" in html


def test_with_one_version_there_is_nothing_to_compare(signed_in):
    assert "现在只有一版规则" in signed_in("viewer").get("/a/rules/differences").content.decode()


@pytest.mark.parametrize(("address", "status"), [("?from=x&to=²", 200), ("?from=9", 404), ("?to=-1", 200)])
def test_an_address_that_we_did_not_write_does_no_harm(signed_in, address, status):
    save(2, "2999-01-01")
    assert signed_in("viewer").get(f"/a/rules/differences{address}").status_code == status
