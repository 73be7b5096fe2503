"""Limits are counted by moments instead of windows; code before it counts on in the columns that it knows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mlprep', '0002_counts_are_not_logged'),
    ]

    operations = [
        migrations.AddField(
            model_name='limitcounter',
            name='last_at',
            field=models.BigIntegerField(db_default=0, help_text='The last moment, in microseconds since 1970'),
        ),
        migrations.AddField(
            model_name='limitcounter',
            name='moments',
            field=models.JSONField(help_text='Microseconds since 1970, in order', null=True),
        ),
    ]
