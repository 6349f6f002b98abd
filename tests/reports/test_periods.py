"""Closing a period, opening it again, more time for one agency: who may, what it stops, what it leaves behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from targets.models import Extension, PeriodEvent, Report
from targets.models.days import spell_day
from targets.reports import comments, obligations, periods, rules, workflow
from targets.reports.rules import NotAllowed

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def closed(period, reviewer):
    return periods.close(period, by=reviewer, reason="Đã gửi UBND tỉnh")


@pytest.fixture
def expired(own_district, reviewer):
    """`expired(period)`: more time whose last day was yesterday."""

    def grant(period) -> Extension:
        return Extension.objects.create(
            agency=own_district,
            period=period,
            until=in_days(-1),
            reason="Bão",
            granted_by=reviewer,
            granted_at=timezone.now() - dt.timedelta(days=9),
        )

    return grant


def events(period) -> list[tuple[str, str, str]]:
    return [(e.verb, e.by.username, e.reason) for e in period.events.order_by("pk")]


def test_closing_writes_down_who_and_why(closed, reviewer):
    assert (closed.is_closed, closed.closed_by) == (True, reviewer)
    assert events(closed) == [("close", "hanh", "Đã gửi UBND tỉnh")]


def test_a_closed_period_is_not_closed_again(closed, administrator):
    with pytest.raises(NotAllowed, match=r"đã khóa từ .* Nông Thị Hạnh"):
        periods.close(closed, by=administrator)
    assert PeriodEvent.objects.count() == 1


def test_opening_it_again_needs_a_reason_and_writes_it_down(closed, administrator):
    with pytest.raises(NotAllowed, match="Ghi lý do"):
        periods.reopen(closed, by=administrator, reason=" ")
    period = periods.reopen(closed, by=administrator, reason="Huyện nộp sót")
    assert (period.is_closed, period.closed_by) == (False, None)
    assert events(period)[1:] == [("reopen", "quantri", "Huyện nộp sót")]


def test_an_open_period_is_not_opened(period, reviewer):
    with pytest.raises(NotAllowed, match="đang mở"):
        periods.reopen(period, by=reviewer, reason="Nhầm")


@pytest.mark.parametrize("who", ["reporter", "stranger", "leader"])
def test_only_reviewers_and_administrators_keep_periods(who, period, own_district, request):
    by = request.getfixturevalue(who)
    for verb in (
        lambda: periods.close(period, by=by),
        lambda: periods.reopen(period, by=by, reason="Nhầm"),
        lambda: periods.extend(own_district, period, until=in_days(9), reason="Bão", by=by),
    ):
        with pytest.raises(NotAllowed, match="Chỉ cán bộ Hội LHPN tỉnh hoặc quản trị"):
            verb()
    assert (PeriodEvent.objects.count(), Extension.objects.count(), rules.may_keep_periods(by)) == (0, 0, False)


def test_a_closed_period_stops_every_verb_and_says_who_can_help(submitted, reviewer, reporter, measure):
    closed = periods.close(submitted.period, by=reviewer)
    for verb in (
        lambda: workflow.approve(submitted, by=reviewer, version=submitted.version),
        lambda: workflow.return_(submitted, by=reviewer, version=submitted.version, reason="Sai"),
        lambda: comments.add(submitted, measure("CT3"), "Vì sao?", by=reviewer),
        lambda: workflow.start(submitted.agency, closed, by=reporter),
    ):
        with pytest.raises(NotAllowed, match=r"đã khóa từ .* có thể mở lại kỳ hoặc gia hạn"):
            verb()


def test_more_time_lets_one_agency_work_and_the_province_decide(
    draft, closed, own_district, other_district, reporter, stranger, reviewer, entries
):
    periods.extend(own_district, closed, until=in_days(1), reason="Mất điện do bão", by=reviewer)
    draft.refresh_from_db()
    assert rules.may_write(reporter, draft)
    report = workflow.save(draft, entries(CT3=18), by=reporter, version=draft.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    assert rules.may_review(reviewer, report)
    assert workflow.approve(report, by=reviewer, version=report.version).status == "approved"
    with pytest.raises(NotAllowed, match="đã khóa"):
        workflow.start(other_district, closed, by=stranger)


def test_once_it_is_over_the_period_is_closed_to_that_agency_again(draft, closed, expired, reporter):
    expired(closed)
    draft.refresh_from_db()
    assert not rules.may_write(reporter, draft)
    with pytest.raises(NotAllowed, match="đã khóa"):
        workflow.submit(draft, by=reporter, version=draft.version)


def test_the_last_day_still_counts(own_district, closed, expired):
    extension = expired(closed)
    assert rules.running_extension(own_district, closed, day=extension.until) == extension
    assert rules.running_extension(own_district, closed, day=extension.until + dt.timedelta(days=1)) is None


def test_the_time_granted_last_holds(own_district, closed, reviewer, administrator):
    periods.extend(own_district, closed, until=in_days(30), reason="Bão", by=reviewer)
    last = periods.extend(own_district, closed, until=in_days(5), reason="Xong sớm", by=administrator)
    assert rules.running_extension(own_district, closed) == last
    assert periods.current_extensions(closed) == [last]


@pytest.mark.parametrize(
    ("days", "reason", "why"), [(0, "Bão", "sau hôm nay"), (-3, "Bão", "sau hôm nay"), (3, " ", "Ghi lý do gia hạn")]
)
def test_more_time_ends_in_the_future_and_has_a_reason(days, reason, why, own_district, period, reviewer):
    with pytest.raises(NotAllowed, match=why):
        periods.extend(own_district, period, until=in_days(days), reason=reason, by=reviewer)
    assert Extension.objects.count() == 0


def test_more_time_is_more_than_the_due_day(own_district, period, reviewer):
    period.due_on = in_days(20)
    period.save()
    with pytest.raises(NotAllowed, match="sau hạn nộp"):
        periods.extend(own_district, period, until=in_days(20), reason="Bão", by=reviewer)


def test_an_agency_that_is_no_more_gets_no_time(own_district, plan, reviewer):
    with pytest.raises(NotAllowed, match="không hoạt động"):
        periods.extend(own_district, plan.periods.get(code="2025-H2"), until=in_days(9), reason="Bão", by=reviewer)


def test_home_and_report_say_until_when_who_and_why(signed_in, draft, reporter, reviewer):
    extension = periods.extend(draft.agency, draft.period, until=in_days(9), reason="Mất điện do bão", by=reviewer)
    told = f"Gia hạn đến {spell_day(extension.until)}, Nông Thị Hạnh cho phép: Mất điện do bão"
    client = signed_in(reporter)
    assert told in client.get(reverse("mine")).content.decode()
    assert told in client.get(draft.get_absolute_url()).content.decode()


def test_more_time_moves_the_due_day_of_that_agency_alone(own_district, other_district, period, reviewer):
    periods.extend(own_district, period, until=in_days(9), reason="Bão", by=reviewer)
    own, other = (
        next(o for o in obligations.obligations(agency) if o.period == period)
        for agency in (own_district, other_district)
    )
    assert (own.due_on, own.days_overdue, own.chip) == (in_days(9), 0, "none")
    assert (other.due_on, other.chip) == (period.due_on, "overdue")


def test_a_draft_with_more_time_is_not_overdue_where_reports_are_listed(draft, reviewer, signed_in):
    def shown() -> tuple[str, bool]:
        page = signed_in(reviewer).get(draft.get_absolute_url())
        report = page.context["report"]
        return report.chip, f"Hạn nộp {spell_day(report.due_on)}" in page.content.decode()

    assert shown() == ("overdue", True)
    periods.extend(draft.agency, draft.period, until=in_days(9), reason="Bão", by=reviewer)
    assert shown() == ("draft", True)
    assert Report.objects.with_names().get(pk=draft.pk).due_on == in_days(9)


def test_a_reviewer_closes_and_opens_on_the_page(signed_in, reviewer, period):
    client = signed_in(reviewer)
    client.post(reverse("periods:close", args=[period.pk]))
    period.refresh_from_db()
    assert period.is_closed
    refused = client.post(reverse("periods:reopen", args=[period.pk]), {"reason": ""})
    assert (refused.status_code, "Ghi lý do mở lại kỳ." in refused.content.decode()) == (422, True)
    client.post(reverse("periods:reopen", args=[period.pk]), {"reason": "Nộp sót"})
    period.refresh_from_db()
    assert (period.is_closed, events(period)) == (False, [("close", "hanh", ""), ("reopen", "hanh", "Nộp sót")])


def test_an_administrator_gives_more_time_on_the_page(signed_in, administrator, period, own_district):
    day = in_days(9)
    typed = {"agency": own_district.pk, "until": f"{day:%d/%m/%Y}", "why": "Bão"}
    signed_in(administrator).post(reverse("periods:extend", args=[period.pk]), typed)
    assert [(e.agency, e.until, e.reason, e.granted_by) for e in period.extensions.all()] == [
        (own_district, day, "Bão", administrator)
    ]


def test_an_agency_that_owes_nothing_for_the_period_is_not_offered(signed_in, reviewer, period):
    page = signed_in(reviewer).post(reverse("periods:extend", args=[period.pk]), {"agency": 999_999, "until": "x"})
    errors = page.context["extension_form"].errors
    assert (page.status_code, sorted(errors)) == (422, ["agency", "until", "why"])


def test_the_list_of_periods_takes_as_many_queries_for_many_reports(
    signed_in, reviewer, submitted, other_district, stranger, django_assert_num_queries
):
    client = signed_in(reviewer)
    address = reverse("periods:list")
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    workflow.start(other_district, submitted.period, by=stranger)
    periods.close(submitted.period, by=reviewer)
    with django_assert_num_queries(QUERIES):
        page = client.get(address)
    line = next(line for line in page.context["lines"] if line.period == submitted.period)
    assert (line.begun, line.waiting, line.approved) == (2, 1, 0)


QUERIES = 9
