"""Keep which zone held from when, beginning with the one each member has."""

from django.db import migrations, models

import thrive_points.calendar.fields


def begin(apps, schema_editor):
    """Begin every member's history with the zone they have chosen."""
    users = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    users.update(zones=models.F("timezone"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="zones",
            field=thrive_points.calendar.fields.ZonesField(of="timezone"),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
