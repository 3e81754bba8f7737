"""Addresses of the register."""

from django.urls import path

from portal.register import bringing, exporting, filling

app_name = "register"
urlpatterns = [
    path("", bringing.home, name="home"),
    path("import", bringing.bring, name="bring"),
    path("import/<int:pk>", bringing.run, name="run"),
    path("import/<int:pk>/start", bringing.start, name="start"),
    path("import/<int:pk>/rejected", bringing.rejected, name="rejected"),
    path("export", exporting.export, name="export"),
    path("fill", filling.fill, name="fill"),
    path("fill/<int:pk>", filling.template, name="template"),
    path("fill/<int:pk>/drop", filling.drop, name="drop"),
]
