"""Addresses of the counter's room."""

from django.urls import path

from portal.counter import acts, queues, registration, views

app_name = "counter"
urlpatterns = [
    path("", queues.queue, name="queue"),
    path("find", queues.find, name="find"),
    path("new", registration.new, name="new"),
    path("new/matters", registration.matters, name="matters"),
    path("new/earlier", registration.earlier, name="earlier"),
    path("registered", registration.registered, name="registered"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/reveal", views.reveal, name="reveal"),
    path("<str:number>/files/<uuid:uid>", views.file, name="file"),
    path("<str:number>/accept", acts.accept, name="accept"),
    path("<str:number>/redirect", acts.redirect, name="redirect"),
    path("<str:number>/dispatch", acts.dispatch, name="dispatch"),
    path("<str:number>/publish", acts.publish, name="publish"),
    path("<str:number>/close", acts.close, name="close"),
]
