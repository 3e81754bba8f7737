"""All halls with address, telephone and hours."""

from __future__ import annotations


def test_every_hall_has_a_telephone_that_can_be_dialled(somebody):
    page = somebody.client.get("/halls").content.decode()
    assert page.count('class="bc-section"') == 25
    assert page.count('class="bc-telline"') == 25
    assert page.index("市政务服务中心") < page.index("东区街道政务服务大厅")


def test_the_page_costs_the_same_for_any_number_of_halls(somebody, django_assert_max_num_queries):
    somebody.client.get("/halls")
    with django_assert_max_num_queries(2):
        somebody.client.get("/halls")
