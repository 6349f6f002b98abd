"""The database itself refuses to change or delete the log of the door."""

from django.db import migrations

from agencies.models import log_guard


def install(apps, schema_editor):
    log_guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    log_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_the_door")]

    operations = [migrations.RunPython(install, remove)]
