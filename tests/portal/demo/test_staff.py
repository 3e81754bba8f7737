"""Everybody who works in the sample city."""

from django.contrib.auth import authenticate, get_user_model

from cases.models import Department, Hall, Holding, Post
from cases.rules.grants import Role
from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.staff import UNATTENDED, load_staff


def test_every_hall_and_department_gets_people_and_twice_is_once(city):
    load_staff()
    before = (get_user_model().objects.count(), Post.objects.count(), Holding.objects.count())
    assert load_staff() == 0
    assert (get_user_model().objects.count(), Post.objects.count(), Holding.objects.count()) == before
    for hall in Hall.objects.all():
        roles = set(Post.objects.filter(hall=hall, holdings__isnull=False).values_list("role", flat=True))
        assert {Role.CLERK, Role.CLERK_LEAD} <= roles, hall
    for department in Department.objects.filter(has_account=True).exclude(code__in=UNATTENDED):
        held = Holding.objects.filter(post__department=department, post__role=Role.LIAISON)
        assert set(held.values_list("seat", flat=True)) == {"A", "B"}, department
        assert Post.objects.filter(department=department, role=Role.HEAD, rank=3).count() == 1, department
    assert not Holding.objects.filter(post__department__code__in=UNATTENDED).exists()


def test_demo_accounts_keep_their_people_and_posts(city):
    before = list(Holding.objects.order_by("pk").values_list("user__username", "post__title", "seat"))
    load_staff()
    kept = Holding.objects.filter(user__username__in=[name for name, _, _ in PEOPLE]).order_by("pk")
    assert list(kept.values_list("user__username", "post__title", "seat")) == before


def test_new_accounts_open_with_the_demo_password(city):
    load_staff()
    assert authenticate(username="s16a", password=PASSWORD).name
    names = list(get_user_model().objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)
