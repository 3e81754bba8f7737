"""Addresses of the API."""

from django.urls import path

from portal.api.clocks import ClocksView, WhyView
from portal.api.deadline import DeadlineView

app_name = "api"
urlpatterns = [
    path("deadline", DeadlineView.as_view(), name="deadline"),
    path("cases/<str:number>/clocks", ClocksView.as_view(), name="clocks"),
    path("cases/<str:number>/clocks/<slug:clock>/why", WhyView.as_view(), name="why"),
]
