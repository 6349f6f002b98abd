"""`manage.py load_plan503`: the reference data of Kế hoạch 503/KH-UBND."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Load units, agencies and plan 503; creates what is missing, never overwrites."

    def handle(self, *args, **options):
        call_command("load_plan", "plan503", stdout=self.stdout)
