"""PostgreSQL need not keep counts of limits through a crash, so it does not wait for the disk for them."""

from django.db import migrations


def set_unlogged(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE mlprep_limitcounter SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("mlprep", "0001_counts_and_leases")]
    operations = [migrations.RunPython(set_unlogged, migrations.RunPython.noop, elidable=True)]
