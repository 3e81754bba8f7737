"""Application configuration of the portal."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    """Pages, API, settings."""

    name = "portal"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.roles import grant_app_role

        post_migrate.connect(grant_app_role, sender=self, dispatch_uid="portal.roles")
