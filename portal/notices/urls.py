"""Addresses of the notices."""

from django.urls import path

from portal.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read", views.read, name="read"),
    path("<int:pk>/open", views.open_notice, name="open_notice"),
]
