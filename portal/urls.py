"""All addresses of the portal: one room for one kind of person."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from portal import errors, health, views
from portal.accounts import views as accounts

admin.site.login = secure_admin_login(admin.site.login)  # one log-in page, with its limits and second factor

urlpatterns = [
    path("", include("portal.citizen.urls")),
    path("w/", include("portal.counter.urls")),
    path("d/", include("portal.desk.urls")),
    path("s/", include("portal.supervisor.urls")),
    path("a/", include("portal.administration.urls")),
    path("register/", include("portal.register.urls")),
    path("notices/", include("portal.notices.urls")),
    path("api/", include("portal.api.urls")),
    path("setup/", include("portal.opening.urls")),
    path("rooms", accounts.rooms, name="rooms"),
    path("unit", accounts.unit, name="unit"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin.site.urls),
    path("theme", views.theme, name="theme"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
    path("sitemap", views.sitemap, name="sitemap"),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler429 = errors.too_many  # allauth looks for it
handler500 = errors.server_error
