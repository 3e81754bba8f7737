"""Addresses of the supervisors' room."""

from django.urls import path

from portal.supervisor import acts, board, cards, cause_acts, causes, doubts, openings, views

app_name = "supervisor"
urlpatterns = [
    path("", board.overdue, name="overdue"),
    path("open", openings.open_cases, name="open_cases"),
    path("cards", cards.cards, name="cards"),
    path("cards/<int:pk>", cards.card, name="card"),
    path("doubts", doubts.doubts, name="doubts"),
    path("doubts/<int:pk>", doubts.doubt, name="doubt"),
    path("causes", causes.causes, name="causes"),
    path("causes/new", cause_acts.cause_new, name="cause_new"),
    path("causes/<int:pk>", causes.cause, name="cause"),
    path("causes/<int:pk>/join", cause_acts.cause_join, name="cause_join"),
    path("causes/<int:pk>/approve", cause_acts.cause_approve, name="cause_approve"),
    path("causes/<int:pk>/review", cause_acts.cause_review, name="cause_review"),
    path("causes/<int:pk>/end", cause_acts.cause_end, name="cause_end"),
    path("causes/<int:pk>/again", cause_acts.cause_again, name="cause_again"),
    path("causes/<int:pk>/leave", cause_acts.cause_leave, name="cause_leave"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/dispatch", acts.dispatch, name="dispatch"),
    path("<str:number>/supervise", acts.supervise, name="supervise"),
    path("<str:number>/reopen", acts.reopen, name="reopen"),
    path("<str:number>/erase", acts.erase, name="erase"),
    path("<str:number>/why/<slug:clock>", views.why, name="why"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
]
