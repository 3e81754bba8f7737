"""Addresses of opening: /setup."""

from __future__ import annotations

from django.urls import path

from portal.opening import views

app_name = "opening"
urlpatterns = [
    path("", views.setup, name="setup"),
    path("lists", views.lists, name="lists"),
]
