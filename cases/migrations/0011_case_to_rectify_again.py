from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_event_calendar_applied"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_to_rectify",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(
                    Q(
                        ("rectified_at__isnull", True),
                        ("rectified_at__lt", F("badly_rated_at")),
                        _connector="OR",
                    ),
                    ("badly_rated_at__isnull", False),
                    ("erased_at__isnull", True),
                    ("state", "closed"),
                ),
                fields=["hall", "-id"],
                name="case_to_rectify",
            ),
        ),
    ]
