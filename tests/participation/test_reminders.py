"""Chasing by hand and by itself: who is told, once, by which addresses, and what is seen."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from targets.models import Reminder
from targets.participation import log, reminders
from targets.participation.rules import NotAllowed
from targets.reports import workflow

from .conftest import moment

pytestmark = pytest.mark.django_db
REFUSED = "tests.participation.test_reminders.RefusingServer"


class RefusingServer(BaseEmailBackend):
    """Takes no letter to anyone at hong.vn, as a full mailbox would."""

    def send_messages(self, letters):
        if any(address.endswith("@hong.vn") for letter in letters for address in letter.to):
            raise ConnectionRefusedError
        return len(letters)


class NoServer(BaseEmailBackend):
    def open(self):
        raise TimeoutError


@pytest.fixture
def addressed(own_district, reporter, colleague, other_district):
    """Hạ Lang has a contact and two accounts, one with the contact's own address in capitals; Bảo Lâm has none."""
    own_district.contact_email = "vanphong@halang.vn"
    own_district.save()
    reporter.email, colleague.email = "VANPHONG@halang.vn", "lien@halang.vn"
    reporter.save()
    colleague.save()
    return own_district


@pytest.fixture
def told(own_district, period, reviewer):
    """`told(at)` -> a reminder by hand to Hạ Lang."""

    def tell(at="2024-06-21 08:00", **more):
        values = {"agency": own_district, "period": period, "occasion": "by_hand", "on": moment(at).date(),
                  "text": "Đề nghị nộp báo cáo", "sent_by": reviewer, "sent_at": moment(at)}  # fmt: skip
        return Reminder.objects.create(**values | more)

    return tell


def daily(date: str, *options: str) -> list[str]:
    out = StringIO()
    call_command("send_reminders", "--date", date, *options, stdout=out)
    return out.getvalue().splitlines()


# By hand


def test_one_letter_for_each_agency_to_its_contact_and_its_accounts_in_use(
    addressed, cell, other_district, reviewer, colleague, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        wanted = [cell("2024-06-25"), cell("2024-06-25", agency=other_district)]
        delivery = reminders.remind(wanted, " Đề nghị nộp báo cáo ", by=reviewer)
    (letter,) = mail.outbox
    assert letter.to == ["vanphong@halang.vn", "lien@halang.vn"]
    assert letter.subject == "Nhắc báo cáo: 6 tháng đầu năm 2024"
    assert "Đề nghị nộp báo cáo\n" in letter.body
    assert [(r.agency, r.occasion, r.text, r.sent_by) for r in Reminder.objects.order_by("pk")] == [
        (addressed, "by_hand", "Đề nghị nộp báo cáo", reviewer),
        (other_district, "by_hand", "Đề nghị nộp báo cáo", reviewer),
    ]
    assert ([r.agency for r in delivery.without_address], delivery.failed) == ([other_district], [])


def test_an_account_that_is_switched_off_gets_no_letter(addressed, colleague):
    colleague.is_active = False
    colleague.save()
    assert reminders.addresses_of([addressed]) == {addressed.pk: ["vanphong@halang.vn"]}


@pytest.mark.parametrize("server", [REFUSED, f"{__name__}.NoServer"])
def test_a_mail_server_that_fails_loses_no_reminder_and_its_addresses_are_told(
    server, addressed, cell, reviewer, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = server
    addressed.contact_email = "day@hong.vn"
    addressed.save()
    with django_capture_on_commit_callbacks(execute=True):
        delivery = reminders.remind([cell("2024-06-25", agency=addressed)], "Nộp", by=reviewer)
    assert delivery.failed == ["day@hong.vn", "VANPHONG@halang.vn", "lien@halang.vn"]
    assert Reminder.objects.get().addresses.splitlines() == delivery.failed


def test_the_page_tells_the_officer_which_addresses_were_not_reached(
    addressed, as_, reviewer, settings, monkeypatch, period, plan
):
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"
    monkeypatch.setattr(transaction, "on_commit", lambda callback: callback())  # a test never commits
    commune = plan.duties.get(agency__code="hoi-lhpn-xa-co-ba").agency
    commune.contact_email = "coba@caobang.vn"
    commune.save()
    sent = {"don_vi": [commune.pk], "noi_dung": "Đề nghị nộp"}
    page = as_(reviewer).post(f"{reverse('completeness:remind')}?den=2025-H2", sent, follow=True)
    assert [str(m) for m in page.context["messages"]] == [
        "Đã gửi nhắc 1 đơn vị.",
        "Không gửi được thư đến: coba@caobang.vn. Lời nhắc vẫn hiện khi đơn vị đăng nhập.",
    ]
    assert Reminder.objects.get().period.code == "2025-H2"


def test_the_same_words_twice_on_a_day_are_sent_once(cell, reviewer, second_reviewer):
    wanted = [cell("2024-06-25")]
    reminders.remind(wanted, "Nộp", by=reviewer)
    assert reminders.remind(wanted, "Nộp", by=reviewer).reminders == []
    reminders.remind(wanted, "Nộp ngay", by=reviewer)
    reminders.remind(wanted, "Nộp", by=second_reviewer)
    assert Reminder.objects.count() == 3


@pytest.mark.parametrize("who", ["reporter", "leader", "administrator"])
def test_only_the_provinces_officers_chase(who, cell, request):
    with pytest.raises(NotAllowed, match="Chỉ cán bộ Hội LHPN tỉnh"):
        reminders.remind([cell("2024-06-25")], "Nộp", by=request.getfixturevalue(who))
    assert not Reminder.objects.exists()


def test_nobody_and_nothing_are_not_sent(cell, reviewer):
    for wanted, text in (([], "Nộp"), ([cell("2024-06-25")], "  ")):
        with pytest.raises(NotAllowed):
            reminders.remind(wanted, text, by=reviewer)


def test_who_handed_in_is_not_chased(handed_in, cell, reviewer):
    handed_in("2024-06-18 09:00")
    with pytest.raises(NotAllowed, match="không còn phải nộp"):
        reminders.remind([cell("2024-06-25")], "Nộp", by=reviewer)


def test_the_composer_ticks_the_late_ones_and_offers_the_words(as_, reviewer, plan, told):
    page = as_(reviewer).get(reverse("completeness:grid"), {"den": "2025-H2"})
    form = page.context["form"]
    assert (
        form["noi_dung"].value().startswith("Đề nghị đơn vị hoàn thành báo cáo 6 tháng cuối năm 2025 (hạn 19/12/2025).")
    )
    assert [ticked for _, ticked in form.offered] == [True] * 57
    assert "Gửi nhắc 57 đơn vị" in page.content.decode()


def test_who_was_reminded_today_is_offered_but_not_ticked(as_, reviewer, plan, told):
    commune = plan.duties.get(agency__code="hoi-lhpn-xa-co-ba").agency
    last = plan.periods.get(code="2025-H2")
    told(agency=commune, period=last, on=timezone.localdate(), sent_at=timezone.now())
    form = as_(reviewer).get(reverse("completeness:grid"), {"den": "2025-H2"}).context["form"]
    assert {cell.agency for cell, ticked in form.offered if not ticked} == {commune}


def test_a_reminder_to_nobody_keeps_the_words_typed(as_, reviewer):
    page = as_(reviewer).post(f"{reverse('completeness:remind')}?den=2025-H2", {"noi_dung": "Nộp sớm"})
    assert (page.status_code, page.context["form"].errors) == (422, {"don_vi": ["Chọn ít nhất một đơn vị."]})
    assert "Nộp sớm</textarea>" in page.content.decode()


def test_an_agency_that_has_ended_or_whose_period_is_closed_is_not_offered(as_, reviewer, plan):
    """Bảo Lâm owes the second half of 2022, but no longer exists."""
    page = as_(reviewer).get(reverse("completeness:grid"), {"den": "2022-H2"})
    assert [cell.agency.code for cell, _ in page.context["form"].offered] == ["hoi-lhpn-tinh"]
    plan.periods.filter(code="2022-H2").update(closed_at=timezone.now(), closed_by=reviewer)
    page = as_(reviewer).get(reverse("completeness:grid"), {"den": "2022-H2"})
    assert page.context["form"].offered == []
    assert "Kỳ đã khóa" in page.content.decode()


def test_more_time_lets_an_agency_be_chased_though_the_period_is_closed(cell, more_time, period, reviewer):
    period.closed_at, period.closed_by = moment("2024-06-20 08:00"), reviewer
    period.save()
    assert cell("2024-06-25").can_be_chased is False
    more_time("2024-06-30", granted="2024-06-21 08:00")
    assert (cell("2024-06-30").can_be_chased, cell("2024-07-01").can_be_chased) == (True, False)


def test_the_log_says_who_saw_it_and_who_handed_in_since(period, told, other_district, handed_in):
    told("2024-06-16 08:00", occasion="before", sent_by=None)
    first = told("2024-06-21 08:00", seen_at=moment("2024-06-21 09:00"))
    told("2024-06-21 08:00", agency=other_district)
    handed_in("2024-06-22 09:00")
    by_hand, automatic = log.rounds(period)
    assert (by_hand.by, by_hand.seen, by_hand.handed_in, len(by_hand.told)) == (first.sent_by, 1, 1, 2)
    assert (automatic.by, automatic.seen, automatic.handed_in) == (None, 0, 1)
    assert by_hand.names == "Hạ Lang, Bảo Lâm"


# In the application


def test_a_reporter_sees_the_own_agencys_reminder_until_it_is_marked_read(as_, reporter, told, other_district):
    reminder = told(text="Nộp trước thứ Sáu")
    told(agency=other_district, text="Lời nhắc của huyện khác")
    page = as_(reporter).get(reverse("mine")).content.decode()
    assert ("Nộp trước thứ Sáu" in page, "Lời nhắc của huyện khác" in page) == (True, False)
    as_(reporter).post(reverse("completeness:seen", args=[reminder.pk]))
    reminder.refresh_from_db()
    assert reminder.seen_at is not None
    assert "Nộp trước thứ Sáu" not in as_(reporter).get(reverse("mine")).content.decode()


def test_only_the_newest_about_a_period_is_shown_and_reading_it_reads_the_older_ones(own_district, told, plan):
    told("2024-06-16 08:00", occasion="before", sent_by=None)
    newest = told("2024-06-21 08:00")
    later = told("2024-06-22 08:00", period=plan.periods.get(code="2024-H2"))
    assert reminders.to_see(own_district) == [later, newest]
    assert reminders.see(newest) == 2
    assert reminders.to_see(own_district) == [later]


def test_what_was_handed_in_meanwhile_needs_no_reminder_any_more(own_district, told, handed_in, reviewer):
    told()
    report = handed_in("2024-06-22 09:00")
    assert reminders.to_see(own_district) == []
    workflow.return_(report, by=reviewer, version=report.version, reason="Đối chiếu")
    assert len(reminders.to_see(own_district)) == 1


def test_another_district_cannot_mark_it_read(as_, stranger, told):
    reminder = told()
    assert as_(stranger).post(reverse("completeness:seen", args=[reminder.pk])).status_code == 404
    reminder.refresh_from_db()
    assert reminder.seen_at is None


# By itself


@pytest.mark.parametrize(
    ("day", "occasion"),
    [
        ("2024-06-15", None), ("2024-06-16", "before"), ("2024-06-17", None), ("2024-06-18", None),
        ("2024-06-19", "due"), ("2024-06-20", "overdue"), ("2024-06-21", None), ("2024-06-26", None),
        ("2024-06-27", "overdue"), ("2024-06-28", None), ("2024-07-04", "overdue"),
    ],
)  # fmt: skip
def test_the_days_of_the_daily_run(day, occasion):
    assert reminders.occasion_on(dt.date.fromisoformat(day), dt.date(2024, 6, 19)) == occasion


def test_the_daily_run_reminds_whoever_still_owes(handed_in, addressed, django_capture_on_commit_callbacks, plan):
    """On the due day of 2024-H1; older open periods are not on one of their days."""
    handed_in("2024-06-18 09:00", agency=addressed)
    with django_capture_on_commit_callbacks(execute=True):
        lines = daily("2024-06-19")
    told = set(Reminder.objects.filter(on="2024-06-19", period__code="2024-H1").values_list("occasion", "agency__code"))
    assert ("due", "hoi-lhpn-huyen-bao-lam") in told
    assert len(told) == 10
    assert {agency for _, agency in told} & {addressed.code} == set()
    assert lines[-1] == f"Đã nhắc: {len(lines) - 1}."
    assert "Hội LHPN huyện Bảo Lâm, 6 tháng đầu năm 2024: Đến hạn, chỉ nhắc trên hệ thống" in lines


def test_running_twice_sends_nothing_twice_and_a_reminder_by_hand_stands_in_no_way(addressed, told):
    told("2024-06-20 07:00")
    daily("2024-06-20")
    before = Reminder.objects.count()
    assert daily("2024-06-20") == ["Đã nhắc: 0."]
    assert Reminder.objects.count() == before
    assert Reminder.objects.filter(agency=addressed, period__code="2024-H1", occasion="overdue").count() == 1


def test_two_runs_at_once_send_it_once(cell, django_capture_on_commit_callbacks, own_district):
    """Both looked before either wrote: the database lets one of them through."""
    with django_capture_on_commit_callbacks(execute=True):
        late = cell("2024-06-20")
        first = reminders.remind_by_itself(late, "overdue", ["a@halang.vn"], at=timezone.now())
        second = reminders.remind_by_itself(late, "overdue", ["a@halang.vn"], at=timezone.now())
    assert (len(first.reminders), len(second.reminders), len(mail.outbox)) == (1, 0, 1)


def test_the_database_itself_keeps_one_a_day(told):
    told(occasion="due", sent_by=None)
    with pytest.raises(IntegrityError):
        told(occasion="overdue", sent_by=None)


def test_a_dry_run_says_what_it_would_do_and_does_nothing(addressed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        lines = daily("2024-06-16", "--dry-run")
    said = "Hội LHPN huyện Hạ Lang, 6 tháng đầu năm 2024: Sắp đến hạn, vanphong@halang.vn, lien@halang.vn"
    assert said in lines
    assert lines[-1].startswith("Sẽ nhắc: ")
    assert (Reminder.objects.count(), mail.outbox) == (0, [])


def test_a_returned_report_is_chased_and_one_in_a_closed_period_is_not(handed_in, reviewer, own_district, period):
    report = handed_in("2024-06-18 09:00")
    workflow.return_(report, by=reviewer, version=report.version, reason="Đối chiếu")
    daily("2024-06-20")
    text = Reminder.objects.get(agency=own_district, period=period).text
    assert text == (
        "Báo cáo 6 tháng đầu năm 2024 quá hạn 1 ngày (hạn 19/6/2024). Tỉnh đã trả lại báo cáo, đơn vị chưa nộp lại."
    )
    period.closed_at, period.closed_by = timezone.now(), reviewer
    period.save()
    daily("2024-06-27")
    assert Reminder.objects.filter(period=period, on="2024-06-27").count() == 0


def test_more_time_moves_the_days_of_the_daily_run(more_time, own_district, period):
    more_time("2024-06-25", granted="2024-06-18 09:00")
    daily("2024-06-19")
    assert not Reminder.objects.filter(agency=own_district, period=period).exists()
    daily("2024-06-25")
    assert Reminder.objects.get(agency=own_district, period=period).occasion == "due"


def test_the_daily_run_asks_the_database_as_often_for_sixty_agencies_as_for_one(plan, django_assert_num_queries):
    with django_assert_num_queries(5):
        assert len(reminders.due_reminders(dt.date(2025, 12, 16))) > 60
    plan.duties.exclude(agency__code="hoi-lhpn-tinh").update(reports_every="")
    with django_assert_num_queries(5):
        reminders.due_reminders(dt.date(2025, 12, 16))


def test_a_day_that_is_none_is_refused(db):
    with pytest.raises(CommandError, match="không phải ngày"):
        daily("16/6/2026")
