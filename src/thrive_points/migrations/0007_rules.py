"""Rollouts that pick members of their own, withdrawals, and a check at a transaction's end."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from thrive_points.sql.named import frozen_sql


class Migration(migrations.Migration):

    dependencies = [
        ("thrive_points", "0006_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='pointrule',
            name='rollout',
            field=models.PositiveIntegerField(blank=True, help_text='For a share: the revision that its rollout began with, which picks the members.', null=True),
        ),
        migrations.CreateModel(
            name='RuleWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateTimeField(help_text='From when on the revision decides nothing.')),
                ('reason', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='thrive_points.pointrule')),
            ],
            options={
                'verbose_name': 'rule withdrawal',
            },
        ),
        frozen_sql("0007_rules"),
    ]
