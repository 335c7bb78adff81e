"""Triggers that let an erasure through, and guard XP events and rules as the ledger is."""

from django.conf import settings
from django.db import migrations

from thrive_points.sql.named import frozen_sql


class Migration(migrations.Migration):
    dependencies = [
        ("thrive_points", "0004_promotion"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [frozen_sql("0006_guards")]
