"""Triggers that keep rule revisions and experiments immutable, and experiments apart."""

from django.db import migrations

from thrive_points.sql.named import vendor_sql


class Migration(migrations.Migration):
    dependencies = [("thrive_points", "0003_rule_shares_and_experiments")]
    operations = [
        vendor_sql(
            "thrive_points.sql",
            {"postgresql": "guards_postgresql.sql", "sqlite": "guards_sqlite.sql"},
        ),
    ]
