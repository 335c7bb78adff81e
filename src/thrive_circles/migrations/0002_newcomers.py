from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("thrive_circles", "0001_circles")]
    operations = [
        migrations.AddField(
            model_name="circle",
            name="overflow",
            field=models.BooleanField(
                db_default=False,
                help_text="Opened for newcomers where no other had room; the week may be unformed yet.",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="joined_at",
            field=models.DateTimeField(
                help_text="When a newcomer joined; null for those it was formed of.", null=True
            ),
        ),
    ]
