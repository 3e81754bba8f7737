"""Application configuration of escalation."""

from django.apps import AppConfig


class EscalationConfig(AppConfig):
    """What time does."""

    name = "escalation"
    verbose_name = "时限"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from escalation import receivers

        receivers.connect()
