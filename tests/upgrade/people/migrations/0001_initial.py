import uuid

from django.db import migrations, models

_FIELDS = [
    ("password", models.CharField(max_length=128, verbose_name="password")),
    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
    ("username", models.CharField(max_length=150, unique=True)),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="BigMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                *_FIELDS,
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="UuidMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                *_FIELDS,
            ],
            options={"abstract": False},
        ),
    ]
