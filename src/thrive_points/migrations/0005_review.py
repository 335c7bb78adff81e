"""The review pages' doorway, and what lets PostgreSQL find the days they read."""

from django.db import migrations

from thrive_points.sql.named import vendor_sql


class Migration(migrations.Migration):
    dependencies = [("thrive_points", "0004_rule_guards")]
    operations = [
        migrations.CreateModel(
            name="PointsEconomy",
            fields=[],
            options={
                "verbose_name": "points economy",
                "verbose_name_plural": "points economy",
                "default_permissions": ("view",),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("thrive_points.pointshistory",),
        ),
        vendor_sql("thrive_points.sql", {"postgresql": "indexes_postgresql.sql"}),
    ]
