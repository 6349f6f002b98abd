"""Chasing what is owed: by hand, and every day by itself. A reminder is recorded first and mailed after (on commit).

A mail server that fails loses no reminder: it shows in the application all the same, and whoever sent it is told which
addresses were not reached.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Duty, Period, Reminder, Report
from targets.models.days import spell_day
from targets.models.words import lower_first

from . import mailing, rules
from .cells import Cell
from .completeness import cells

# When the daily run reminds. Later settings (R).
DAYS_BEFORE = 3
OVERDUE_FIRST_DAY = 1
OVERDUE_EVERY_DAYS = 7

Occasion = Reminder.Occasion


@dataclass
class Delivery:
    """What a round of reminders came to: those recorded, and the addresses that the mail server did not take."""

    reminders: list[Reminder] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def without_address(self) -> list[Reminder]:
        return [reminder for reminder in self.reminders if not reminder.addresses]


def suggested_text(period: Period) -> str:
    """What the composer offers; the officer may write something else."""
    return (
        f"Đề nghị đơn vị hoàn thành báo cáo {lower_first(period.name)} (hạn {spell_day(period.due_on)}). "
        "Liên hệ Hội LHPN tỉnh nếu cần hỗ trợ."
    )


@transaction.atomic
def remind(wanted: Iterable[Cell], text: str, *, by: User, at: dt.datetime | None = None) -> Delivery:
    """A provincial officer reminds agencies of one period. The same words twice on one day are sent once.

    Raises NotAllowed for anyone else, for an agency that owes nothing, and when there is nobody to remind.
    """
    wanted, text, at = list(wanted), text.strip(), at or timezone.now()
    rules.check_may_remind(by)
    rules.check_can_be_chased(wanted)
    if not text:
        raise rules.NotAllowed("Ghi nội dung nhắc.")
    period = wanted[0].period
    Period.objects.select_for_update().get(pk=period.pk)  # two presses of the button wait for each other
    said = {"occasion": Occasion.BY_HAND, "on": timezone.localdate(at), "text": text, "sent_by": by}
    already = set(Reminder.objects.filter(period=period, **said).values_list("agency_id", flat=True))
    addresses = addresses_of([cell.agency for cell in wanted])
    made = [
        Reminder(agency=cell.agency, period=period, sent_at=at, addresses="\n".join(addresses[cell.agency.pk]), **said)
        for cell in wanted
        if cell.agency.pk not in already
    ]
    delivery = Delivery(Reminder.objects.bulk_create(made))
    transaction.on_commit(partial(_mail, delivery))
    return delivery


def occasion_on(day: dt.date, due_on: dt.date) -> str | None:
    """Why an agency that owes is reminded on `day`, if it is: 3 days before, on the day, every 7th from the next."""
    days = (day - due_on).days
    if days == -DAYS_BEFORE:
        return Occasion.BEFORE
    if days == 0:
        return Occasion.DUE
    overdue = days >= OVERDUE_FIRST_DAY and (days - OVERDUE_FIRST_DAY) % OVERDUE_EVERY_DAYS == 0
    return Occasion.OVERDUE if overdue else None


def due_reminders(day: dt.date) -> list[tuple[Cell, str]]:
    """Whom to remind on `day`, of every plan's open periods, and on which occasion; those reminded already are out."""
    found = []
    for plan_id, duties in _duties_by_plan().items():
        periods = list(Period.objects.started(day).filter(plan=plan_id))
        for cell in cells(duties, periods, day).values():
            occasion = occasion_on(day, cell.due_on) if cell.can_be_chased else None
            if occasion:
                found.append((cell, occasion))
    done = set(Reminder.objects.filter(on=day).exclude(occasion=Occasion.BY_HAND).values_list("agency_id", "period_id"))
    return [(cell, occasion) for cell, occasion in found if (cell.agency.pk, cell.period.pk) not in done]


def remind_by_itself(cell: Cell, occasion: str, addresses: list[str], *, at: dt.datetime) -> Delivery:
    """One reminder of the daily run; nothing when another run recorded it first: the database keeps one a day."""
    delivery = Delivery()
    try:
        with transaction.atomic():
            delivery.reminders.append(
                Reminder.objects.create(
                    agency=cell.agency,
                    period=cell.period,
                    occasion=occasion,
                    on=cell.today,
                    text=_automatic_text(cell, occasion),
                    addresses="\n".join(addresses),
                    sent_at=at,
                )
            )
            transaction.on_commit(partial(_mail, delivery))
    except IntegrityError:
        return Delivery()
    return delivery


def see(reminder: Reminder, at: dt.datetime | None = None) -> int:
    """The agency has read it, and with it whatever came earlier about the same period."""
    earlier = Reminder.objects.filter(agency=reminder.agency_id, period=reminder.period_id, seen_at=None)
    return earlier.filter(sent_at__lte=reminder.sent_at).update(seen_at=at or timezone.now())


def to_see(agency: Agency) -> list[Reminder]:
    """What an agency's people have not read yet about reports they still owe: the newest for each period."""
    handed_in = Report.objects.filter(
        agency=OuterRef("agency"),
        period=OuterRef("period"),
        status__in=[Report.Status.SUBMITTED, Report.Status.APPROVED],
    )
    newest: dict[int, Reminder] = {}
    for reminder in Reminder.objects.unseen_by(agency).filter(~Exists(handed_in)):
        newest.setdefault(reminder.period_id, reminder)
    return list(newest.values())


def addresses_of(agencies: Iterable[Agency]) -> dict[int, list[str]]:
    """By agency: the contact's address, then those of its accounts in use; none twice, whatever its capitals."""
    agencies = list(agencies)
    found: dict[int, dict[str, str]] = {agency.pk: {} for agency in agencies}
    users = User.objects.filter(agency__in=agencies, is_active=True).order_by("pk").values_list("agency_id", "email")
    for pk, address in [*((agency.pk, agency.contact_email) for agency in agencies), *users]:
        if address:
            found[pk].setdefault(address.lower(), address)
    return {pk: list(addresses.values()) for pk, addresses in found.items()}


def _duties_by_plan() -> dict[int, list[Duty]]:
    by_plan: dict[int, list[Duty]] = {}
    for duty in Duty.objects.reporting().by_unit():
        by_plan.setdefault(duty.plan_id, []).append(duty)
    return by_plan


def _automatic_text(cell: Cell, occasion: str) -> str:
    name, due = lower_first(cell.period.name), spell_day(cell.due_on)
    if occasion == Occasion.BEFORE:
        return f"Còn {DAYS_BEFORE} ngày đến hạn nộp báo cáo {name} ({due})."
    if occasion == Occasion.DUE:
        return f"Hôm nay ({due}) là hạn nộp báo cáo {name}."
    late = f"Báo cáo {name} quá hạn {cell.days_overdue} ngày (hạn {due})."
    if cell.is_returned:
        return f"{late} Tỉnh đã trả lại báo cáo, đơn vị chưa nộp lại."
    return f"{late} Đề nghị nộp ngay để tỉnh kịp tổng hợp."


def _mail(delivery: Delivery) -> None:
    """One letter for each agency; who has no address sees the reminder in the application only."""
    delivery.failed = mailing.send(
        mailing.Letter(
            tuple(reminder.addresses.splitlines()),
            f"Nhắc báo cáo: {reminder.period.name}",
            render_to_string("emails/reminder.txt", {"reminder": reminder}),
        )
        for reminder in delivery.reminders
    )
