"""Who may do what with a report: by verb, on its page, in lists; each refused where nothing else would refuse."""

from __future__ import annotations

import pytest
from django.urls import reverse

from targets.models import Report
from targets.reports import autosaving, comments, periods, queueing, reading, workflow
from targets.reports.rules import NotAllowed

from .test_workflow import VERBS

pytestmark = pytest.mark.django_db

Status = Report.Status
ROLES = ("reporter", "stranger", "reviewer", "leader", "administrator")
WRITES, DECIDES = {"reporter", "reviewer", "administrator"}, {"reviewer"}
# By verb: a status in which it is due, and who may then. Nobody else, whatever the page offers.
MAY = {
    "save": (Status.DRAFT, WRITES),
    "submit": (Status.DRAFT, WRITES),
    "recall": (Status.SUBMITTED, WRITES),
    "return": (Status.SUBMITTED, DECIDES),
    "approve": (Status.SUBMITTED, DECIDES),
    "reopen": (Status.APPROVED, DECIDES),
}
# By status: what a report's page offers to whom.
OFFERED = {
    Status.DRAFT: {"may_write": WRITES},
    Status.SUBMITTED: {"may_review": DECIDES, "may_ask": DECIDES},
    Status.RETURNED: {"may_write": WRITES},
    Status.APPROVED: {"may_reopen": DECIDES},
}


def test_every_verb_has_a_row():
    assert set(MAY) == set(VERBS)


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("verb", list(MAY))
def test_a_verb_takes_whom_the_row_names(verb, who, in_status, request):
    status, allowed = MAY[verb]
    report, by = in_status(status), request.getfixturevalue(who)
    if who in allowed:
        assert VERBS[verb](report, by).version > report.version or verb == "save"
        return
    with pytest.raises(NotAllowed):
        VERBS[verb](report, by)
    assert Report.objects.get(pk=report.pk).status == status


@pytest.mark.parametrize("who", ROLES)
def test_a_report_is_begun_by_whom_may_write_it(who, own_district, period, request):
    by = request.getfixturevalue(who)
    if who in WRITES:
        assert workflow.start(own_district, period, by=by).created_by == by
        return
    with pytest.raises(NotAllowed):
        workflow.start(own_district, period, by=by)
    assert not Report.objects.exists()


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("status", list(OFFERED))
def test_the_page_offers_what_the_verbs_would_take(status, who, in_status, request):
    page = reading.page(request.getfixturevalue(who), in_status(status))
    offered = {name for name in ("may_write", "may_review", "may_ask", "may_reopen") if page[name]}
    assert offered == {name for name, allowed in OFFERED[status].items() if who in allowed}


@pytest.mark.parametrize(("who", "sees"), [("reporter", 1), ("stranger", 0), ("leader", 1), ("reviewer", 1)])
def test_the_list_of_all_reports_has_another_district_s_for_the_province_alone(who, sees, client, approved, request):
    client.force_login(request.getfixturevalue(who))
    for address in (reverse("reports:all"), f"{reverse('reports:all')}?trang_thai=da-duyet"):
        assert list(client.get(address).context["page"].object_list) == [approved] * sees


def test_the_agency_answers_no_more_once_the_report_is_approved(second_round, asked, reporter, second_reviewer):
    report = workflow.approve(second_round, by=second_reviewer, version=second_round.version)
    with pytest.raises(NotAllowed, match="Báo cáo đã duyệt"):
        comments.add(report, None, "Còn một ý", by=reporter, parent=asked)


def test_a_reporter_is_not_told_that_an_unsent_question_is_there(client, reporter, submitted, asked):
    """Its number is refused as one that never was."""
    client.force_login(reporter)
    address = reverse("reports:comment", args=[submitted.pk])
    refusals = {
        client.post(address, {"parent": number, "text": "?"}).context["refused"]["why"]
        for number in (asked.pk, 999_999)
    }
    assert refusals == {"Không ghi được ý kiến này. Tải lại trang rồi ghi lại."}


def test_who_handed_a_report_in_is_asked_about_no_doubts_in_it(draft, reviewer, second_reviewer):
    report = workflow.submit(draft, by=reviewer, version=draft.version)
    comments.add(report, None, "Bổ sung danh sách", by=second_reviewer)
    found = {who: queueing.doubts([(report, report.version)], who) for who in (reviewer, second_reviewer)}
    assert {who: [doubt.report for doubt in doubts] for who, doubts in found.items()} == {
        reviewer: [],
        second_reviewer: [report],
    }


def test_why_a_report_cannot_be_changed_names_the_reason_that_is_this_persons(
    draft, period, reporter, stranger, reviewer
):
    assert "Tài khoản của bạn không nhập được báo cáo" in reading.why_locked(stranger, draft)
    periods.close(period, by=reviewer)
    draft.refresh_from_db()
    assert "đã khóa từ" in reading.why_locked(reporter, draft)


def test_a_draft_that_was_handed_in_meanwhile_says_how_it_can_be_changed(submitted, reporter):
    with pytest.raises(NotAllowed, match="đề nghị tỉnh trả lại"):
        autosaving.save(submitted, autosaving.Asked(submitted.version, {"CT3": "18"}), by=reporter)
