"""Addresses of the citizen's room."""

from django.urls import path

from portal.citizen import additions, aftercare, filing, tracking, views

app_name = "citizen"
urlpatterns = [
    path("", views.home, name="home"),
    path("halls", views.halls, name="halls"),
    path("report/", filing.start, name="start"),
    path("report/caution", filing.caution, name="caution"),
    path("report/discard", filing.discard, name="discard"),
    path("report/<slug:step>", filing.report, name="report"),
    path("receipt", filing.receipt, name="receipt"),
    path("track", tracking.track, name="track"),
    path("track/leave", tracking.leave, name="leave"),
    path("track/<str:number>", tracking.case, name="case"),
    path("track/<str:number>/why", tracking.why, name="why"),
    path("track/<str:number>/supplement", additions.supplement, name="supplement"),
    path("track/<str:number>/withdraw", additions.withdraw, name="withdraw"),
    path("track/<str:number>/rate", aftercare.rate, name="rate"),
    path("track/<str:number>/reopen", aftercare.reopen, name="reopen"),
    path("track/<str:number>/files/<uuid:uid>", tracking.file, name="file"),
]
