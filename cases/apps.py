"""Application configuration of cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """What people do."""

    name = "cases"
    verbose_name = "反映事项"
    default_auto_field = "django.db.models.BigAutoField"
