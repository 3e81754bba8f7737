"""Addresses of the supervisors' room."""

from django.urls import path

from portal.supervisor import acts, board, cards, openings, views

app_name = "supervisor"
urlpatterns = [
    path("", board.overdue, name="overdue"),
    path("open", openings.open_cases, name="open_cases"),
    path("cards", cards.cards, name="cards"),
    path("cards/<int:pk>", cards.card, name="card"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/dispatch", acts.dispatch, name="dispatch"),
    path("<str:number>/supervise", acts.supervise, name="supervise"),
    path("<str:number>/reopen", acts.reopen, name="reopen"),
    path("<str:number>/erase", acts.erase, name="erase"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
]
