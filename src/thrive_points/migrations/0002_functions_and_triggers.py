"""The PostgreSQL store's functions, and the triggers that keep the ledger append-only."""

from django.conf import settings
from django.db import migrations

from thrive_points.sql.named import vendor_sql


class Migration(migrations.Migration):
    dependencies = [
        ("thrive_points", "0001_initial"),
        # The functions write the XP layer's profile.
        ("thrive_circles", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        vendor_sql("thrive_points.sql", {"postgresql": "functions_postgresql.sql"}),
        vendor_sql(
            "thrive_points.sql",
            {"postgresql": "triggers_postgresql.sql", "sqlite": "triggers_sqlite.sql"},
        ),
    ]
