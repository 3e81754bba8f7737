"""`manage.py up` in Django's list of commands. manage.py itself starts it before Django is imported."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.embedded import up


class Command(BaseCommand):
    """Start everything in the foreground."""

    help = "Run the portal: database, broker, web server, workers and beat. Ctrl+C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the same options as portal.embedded.up."""
        up.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse: by now Django has read the settings."""
        raise CommandError("请从命令行运行 manage.py up,不要用 call_command 调用。")
