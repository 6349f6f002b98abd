"""A process that confirms one batch and does nothing else, to be killed by tests/imports/test_killed.py.

`python -m tests.imports.confirm_once BATCH USER` says its database's process number when it is ready, begins at the
first line it is given, and says "done".
"""

from __future__ import annotations

import os
import sys

import django
from django.db import connection


def main(batch_pk: str, username: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "khoinghiep.settings"
    django.setup()
    from agencies.models import User  # models can be imported only now
    from targets.imports import staging
    from targets.models import ImportBatch

    batch, user = ImportBatch.objects.get(pk=batch_pk), User.objects.get(username=username)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        say(cursor.fetchone()[0])
    sys.stdin.readline()
    staging.confirm(batch, by=user, submit=True)
    say("done")


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
