"""Addresses of the counter's room."""

from django.urls import path

from portal.counter import additions, ending, handling, intake, mending, queues, registration, views

app_name = "counter"
urlpatterns = [
    path("", queues.queue, name="queue"),
    path("find", queues.find, name="find"),
    path("new", registration.new, name="new"),
    path("new/matters", registration.matters, name="matters"),
    path("new/earlier", registration.earlier, name="earlier"),
    path("registered", registration.registered, name="registered"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/why/<slug:clock>", views.why, name="why"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
    path("<str:number>/accept", intake.accept, name="accept"),
    path("<str:number>/redirect", intake.redirect, name="redirect"),
    path("<str:number>/slip", intake.slip, name="slip"),
    path("<str:number>/resolve", intake.resolve, name="resolve"),
    path("<str:number>/dispatch", handling.dispatch, name="dispatch"),
    path("<str:number>/carry", handling.carry, name="carry"),
    path("<str:number>/send_back", handling.send_back, name="send_back"),
    path("<str:number>/publish", handling.publish, name="publish"),
    path("<str:number>/close", ending.close, name="close"),
    path("<str:number>/call_back", ending.call_back, name="call_back"),
    path("<str:number>/contact_rater", mending.contact_rater, name="contact_rater"),
    path("<str:number>/rectify", mending.rectify, name="rectify"),
    path("<str:number>/reopen", ending.reopen, name="reopen"),
    path("<str:number>/supplement", additions.supplement, name="supplement"),
    path("<str:number>/withdraw", additions.withdraw, name="withdraw"),
]
