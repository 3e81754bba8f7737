"""Addresses of the citizen's room."""

from django.urls import path

from portal.citizen import filing, views

app_name = "citizen"
urlpatterns = [
    path("", views.home, name="home"),
    path("halls", views.halls, name="halls"),
    path("report/", filing.start, name="start"),
    path("report/<slug:step>", filing.report, name="report"),
    path("receipt", filing.receipt, name="receipt"),
    path("track", views.track, name="track"),
    path("track/<str:number>", views.case, name="case"),
    path("track/<str:number>/files/<uuid:uid>", views.file, name="file"),
]
