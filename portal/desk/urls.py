"""Addresses of the department's room."""

from django.urls import path

from portal.desk import acts, views

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/answer", acts.answer, name="answer"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
]
