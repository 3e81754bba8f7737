"""Addresses of the department's room."""

from django.urls import path

from portal.desk import acts, cards, inbox, views

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("sign", inbox.sign_all, name="sign_all"),
    path("signed", inbox.signed, name="signed"),
    path("cards", cards.cards, name="cards"),
    path("cards/<int:pk>", cards.card, name="card"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/sign", acts.sign, name="sign"),
    path("<str:number>/contact", acts.contact, name="contact"),
    path("<str:number>/answer", acts.answer, name="answer"),
    path("<str:number>/why/<slug:clock>", views.why, name="why"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
]
