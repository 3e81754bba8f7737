"""Addresses of the supervisors' room."""

from django.urls import path

from portal.supervisor import views

app_name = "supervisor"
urlpatterns = [
    path("", views.overdue, name="overdue"),
    path("open", views.open_cases, name="open_cases"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/dispatch", views.dispatch, name="dispatch"),
    path("<str:number>/erase", views.erase, name="erase"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
]
