"""The functions, triggers, constraints and indexes beyond those Django makes."""

from django.conf import settings
from django.db import migrations

from thrive_points.sql.named import frozen_sql


class Migration(migrations.Migration):
    dependencies = [
        ("thrive_points", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [frozen_sql("0002_functions")]
