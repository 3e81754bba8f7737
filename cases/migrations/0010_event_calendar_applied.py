from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_event_moves_limits'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('kind', 'calendar_applied')), fields=['id'], name='event_calendar_applied'),
        ),
    ]
