"""`manage.py end_second_factor USER`: for the last administrator who lost phone and codes."""

from django.core.management.base import BaseCommand, CommandError
from django.http import HttpRequest

from agencies.access import second_factor
from agencies.models import User


class Command(BaseCommand):
    help = "Forget the phone and the recovery codes of an account; its sessions end, and the log says so."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username: str, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Không có tài khoản {username}.")
        user.end_sessions()
        second_factor.turn_off(user, request=HttpRequest(), by=user)
        self.stdout.write(f"Đã gỡ xác thực hai bước của {user.username}.")
