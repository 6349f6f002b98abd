"""The database itself refuses to change or delete what was approved."""

from django.db import migrations

from targets.models import ledger_guard


def install(apps, schema_editor):
    ledger_guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    ledger_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("targets", "0002_target_baseline_and_national")]

    operations = [migrations.RunPython(install, remove)]
