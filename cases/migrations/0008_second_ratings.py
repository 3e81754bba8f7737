from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0007_causes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rating",
            name="rating_once_per_closing",
        ),
        migrations.AddField(
            model_name="rating",
            name="mended",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(
                fields=("case", "closing", "source", "mended"), name="rating_once_per_closing"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("badly_rated_at__isnull", False),
                    ("erased_at__isnull", True),
                    ("rectified_at__isnull", True),
                    ("state", "closed"),
                ),
                fields=["hall", "-id"],
                name="case_to_rectify",
            ),
        ),
    ]
