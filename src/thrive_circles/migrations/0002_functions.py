"""The PostgreSQL function that writes a standing and an XP event in one call."""

from django.conf import settings
from django.db import migrations

from thrive_points.sql.named import vendor_sql


class Migration(migrations.Migration):
    dependencies = [
        ("thrive_circles", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        vendor_sql("thrive_circles.sql", {"postgresql": "functions_postgresql.sql"}),
    ]
