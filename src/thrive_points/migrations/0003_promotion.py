"""Find what a reversal leaves room for, and the paid instants around a late event."""

from django.conf import settings
from django.db import migrations, models

from thrive_points.sql.named import frozen_sql


class Migration(migrations.Migration):
    dependencies = [
        ("thrive_points", "0002_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddIndex(
            model_name="pointshistory",
            index=models.Index(
                fields=["user", "activity_type", "day", "occurred_at"],
                condition=models.Q(("outcome", "capped"), ("outcome", "reduced"), ("outcome", "promoted"), ("outcome", "reversed"), _connector="OR"),
                name="thrive_points_short_entry",
            ),
        ),
        frozen_sql("0003_promotion"),
    ]
