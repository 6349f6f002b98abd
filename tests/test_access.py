"""Who may open what: every address of the site, each role, own and other district's things, GET and POST.

An address without a row here fails the test, so a new page cannot forget to say who may see it.
"""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from agencies.models import User
from targets.imports import sending
from targets.models import Comment, Reminder
from targets.reports import attachments, comments
from tests.imports import books

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reporter", "stranger", "reviewer", "leader", "administrator")
LOGIN = 302  # to the sign-in page
API = ("plans", "indicators", "periods", "progress", "figures", "completeness", "openapi")

# (name, method): what anonymous, own reporter, other district's reporter, reviewer, leader, administrator get.
# 302 to another page than the sign-in page counts as 303 here, so that the two cannot be mistaken.
MATRIX = {
    ("home", "get"): (LOGIN, 303, 303, 303, 303, 303),
    ("alive", "get"): (200, 200, 200, 200, 200, 200),
    ("ready", "get"): (200, 200, 200, 200, 200, 200),
    ("login", "get"): (200, 303, 303, 303, 303, 303),
    ("logout", "post"): (303, 303, 303, 303, 303, 303),
    ("password_change", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("password_change_done", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("prove", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("second_factor", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("second_factor", "post"): (LOGIN, 422, 422, 422, 422, 422),
    ("second_factor_code", "get"): (LOGIN, 303, 303, 303, 303, 303),
    ("renew_codes", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("renew_codes", "post"): (LOGIN, 303, 303, 303, 303, 303),
    ("second_factor_off", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("second_factor_off", "post"): (LOGIN, 303, 303, 303, 303, 303),
    ("mine", "get"): (LOGIN, 200, 200, 303, 303, 303),
    ("reports:all", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("reports:queue", "get"): (LOGIN, 403, 403, 200, 403, 403),
    ("reports:start", "post"): (LOGIN, 303, 303, 403, 403, 403),
    ("reports:start", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:detail", "get"): (LOGIN, 200, 404, 200, 200, 200),
    ("reports:edit", "get"): (LOGIN, 303, 404, 303, 303, 303),
    ("reports:edit", "post"): (LOGIN, 303, 404, 303, 303, 303),
    ("reports:autosave", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:autosave", "post"): (LOGIN, 400, 404, 400, 400, 400),
    ("reports:attach", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:attach", "post"): (LOGIN, 303, 404, 303, 303, 303),
    ("reports:download", "get"): (LOGIN, 200, 404, 200, 200, 200),
    ("reports:detach", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:detach", "post"): (LOGIN, 303, 404, 303, 303, 303),
    ("reports:submit", "get"): (LOGIN, 303, 404, 303, 303, 303),
    ("reports:submit", "post"): (LOGIN, 303, 404, 303, 303, 303),
    ("reports:approve", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:approve", "post"): (LOGIN, 422, 404, 303, 422, 422),
    ("reports:return", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:return", "post"): (LOGIN, 422, 404, 303, 422, 422),
    ("reports:reopen", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:reopen", "post"): (LOGIN, 422, 404, 422, 422, 422),
    ("reports:approve_many", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:approve_many", "post"): (LOGIN, 403, 403, 303, 403, 403),
    ("reports:comment", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:comment", "post"): (LOGIN, 422, 404, 422, 422, 422),
    ("reports:withdraw", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("reports:withdraw", "post"): (LOGIN, 404, 404, 303, 303, 303),
    ("periods:list", "get"): (LOGIN, 403, 403, 200, 403, 200),
    ("periods:detail", "get"): (LOGIN, 403, 403, 200, 403, 200),
    ("periods:close", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("periods:close", "post"): (LOGIN, 403, 403, 303, 403, 303),
    ("periods:reopen", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("periods:reopen", "post"): (LOGIN, 403, 403, 422, 403, 422),
    ("periods:extend", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("periods:extend", "post"): (LOGIN, 403, 403, 422, 403, 422),
    ("imports:upload", "get"): (LOGIN, 200, 200, 200, 403, 200),
    ("imports:upload", "post"): (LOGIN, 422, 422, 422, 403, 422),
    ("imports:history", "get"): (LOGIN, 200, 200, 200, 403, 200),
    ("imports:preview", "get"): (LOGIN, 200, 404, 404, 403, 200),
    ("imports:columns", "get"): (LOGIN, 200, 404, 404, 403, 404),
    ("imports:columns", "post"): (LOGIN, 422, 404, 404, 403, 404),
    ("imports:answer", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("imports:answer", "post"): (LOGIN, 422, 404, 404, 403, 404),
    ("imports:confirm", "get"): (LOGIN, 303, 404, 404, 403, 404),
    ("imports:confirm", "post"): (LOGIN, 303, 404, 404, 403, 404),
    ("imports:undo", "get"): (LOGIN, 303, 404, 404, 403, 303),
    ("imports:undo", "post"): (LOGIN, 303, 404, 404, 403, 303),
    ("imports:original", "get"): (LOGIN, 200, 404, 404, 403, 200),
    ("imports:annotated", "get"): (LOGIN, 200, 404, 404, 403, 200),
    ("imports:discard", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("imports:discard", "post"): (LOGIN, 303, 404, 404, 403, 404),
    ("imports:template", "get"): (LOGIN, 200, 404, 200, 403, 200),
    ("imports:export", "get"): (LOGIN, 200, 200, 200, 403, 200),
    ("password_reset_confirm", "get"): (200, 200, 200, 200, 200, 200),
    ("password_reset_complete", "get"): (200, 200, 200, 200, 200, 200),
    ("completeness:grid", "get"): (LOGIN, 403, 403, 200, 200, 200),
    ("completeness:remind", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("completeness:remind", "post"): (LOGIN, 403, 403, 422, 403, 403),
    ("completeness:seen", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("completeness:seen", "post"): (LOGIN, 303, 404, 403, 403, 403),
    ("agencies:every", "get"): (LOGIN, 303, 303, 200, 200, 200),
    ("agencies:detail", "get"): (LOGIN, 200, 404, 200, 200, 200),
    ("agencies:invite", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("agencies:invite", "post"): (LOGIN, 403, 404, 403, 403, 422),
    ("agencies:send_link", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("agencies:send_link", "post"): (LOGIN, 403, 404, 403, 403, 303),
    ("agencies:switch", "get"): (LOGIN, 405, 405, 405, 405, 405),
    ("agencies:switch", "post"): (LOGIN, 403, 404, 403, 403, 303),
    ("progress:dashboard", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("progress:method", "get"): (LOGIN, 200, 200, 200, 200, 200),
    **{(f"progress:{page}", "get"): (LOGIN, *(200,) * 5) for page in ("indicators", "indicator", "unit", "changes")},
    ("progress:figure", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("papers:workbook", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("papers:workbook", "post"): (LOGIN, 405, 405, 405, 405, 405),
    ("papers:table", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("papers:table", "post"): (LOGIN, 405, 405, 405, 405, 405),
    ("papers:figures", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("papers:figures", "post"): (LOGIN, 405, 405, 405, 405, 405),
    ("papers:report", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("papers:report", "post"): (LOGIN, 405, 405, 405, 405, 405),
    ("guide", "get"): (LOGIN, 303, 303, 303, 303, 303),
    ("guide_page", "get"): (LOGIN, 200, 200, 200, 200, 200),
    ("guide_picture", "get"): (LOGIN, 200, 200, 200, 200, 200),
    # Other systems' doors: a token opens them, no session does (tests/api).
    **{(f"api:{name}", "get"): (401,) * 6 for name in API},
    **{(f"api:{name}", "post"): (405,) * 6 for name in API},
}


def names(patterns=None, prefix: str = "") -> set[str]:
    """Every named address of our own; the admin site has its own tests."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                found |= names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            found.add(prefix + pattern.name)
    return found


def test_every_address_has_a_row():
    assert names() == {name for name, _ in MATRIX}


# What an address asks for behind its question mark.
ASKED = {
    "progress:figure": {"ky": "2024-H1", "chi_tieu": "CT3"},
    "imports:template": {"ky": "2024-H1", "co_quan": "hoi-lhpn-huyen-ha-lang"},
    "imports:export": {"ky": "2024-H1"},
}


@pytest.fixture
def batch(reporter, plan):
    """A file of Hạ Lang's with nothing to write, that waits for its sender."""
    return sending.receive(books.plain([("Huyện Hạ Lang",)]), "a.xlsx", plan=plan, period=None, by=reporter)


@pytest.fixture
def attachment(draft, reporter):
    """Evidence that came with Hạ Lang's report."""
    return attachments.attach(draft, BytesIO(b"%PDF-1.7"), "a.pdf", by=reporter)


@pytest.fixture
def question(submitted, reviewer) -> Comment:
    """Unsent: it makes approving ask twice, so it is there only where it is asked for."""
    return comments.add(submitted, None, "Bổ sung danh sách", by=reviewer)


@pytest.fixture
def arguments(attachment, submitted, batch, period, own_district, colleague, reviewer) -> dict[str, list]:
    """What each address that takes something is asked for: Hạ Lang, its report that waits, what belongs to them."""
    reminder = Reminder.objects.create(
        agency=own_district, period=period, occasion="by_hand", on=period.due_on, text="Nộp báo cáo", sent_by=reviewer,
        sent_at=timezone.now(),
    )  # fmt: skip
    report, agency, account = [submitted.pk], [own_district.pk], [own_district.pk, colleague.pk]
    return {
        "password_reset_confirm": ["x", "y"],
        **{f"api:{page}": [period.plan.number] for page in ("indicators", "periods")},
        "progress:indicator": ["CT3"],
        "guide_page": ["lanh-dao"],
        "guide_picture": ["tong-quan"],
        "progress:unit": [own_district.unit_id],
        "reports:start": [period.pk],
        **{f"reports:{page}": report for page in ("detail", "edit", "autosave", "attach", "submit", "comment")},
        **{f"reports:{page}": report for page in ("approve", "return", "reopen")},
        **{f"reports:{page}": [*report, attachment.pk] for page in ("download", "detach")},
        "reports:withdraw": [*report, "question"],
        **{f"periods:{page}": [period.pk] for page in ("detail", "close", "reopen", "extend")},
        **{f"imports:{page}": [batch.pk] for page in ("preview", "columns", "answer", "confirm", "undo", "discard")},
        **{f"imports:{page}": [batch.pk] for page in ("original", "annotated")},
        "completeness:seen": [reminder.pk],
        **{f"agencies:{page}": agency for page in ("detail", "invite")},
        **{f"agencies:{page}": account for page in ("send_link", "switch")},
    }


def status_of(client, method: str, name: str, arguments: list, typed: dict) -> int:
    """What an address answers; a redirect to anywhere but the sign-in page is 303."""
    response = getattr(client, method)(reverse(name, args=arguments), typed)
    if response.streaming:
        list(response.streaming_content)  # a download stays open until it is read
    elsewhere = response.status_code == 302 and not response.url.startswith(f"{reverse('login')}?next=")
    return 303 if elsewhere else response.status_code


@pytest.fixture
def cast(reporter, stranger, reviewer, leader, administrator) -> dict[str, User | None]:
    return dict(zip(ROLES, (None, reporter, stranger, reviewer, leader, administrator), strict=True))


@pytest.mark.parametrize(("name", "method"), list(MATRIX))
def test_who_may_open_what(name, method, cast, arguments, submitted, request):
    """Each role finds things as they were: what the one before did is rolled back."""
    typed = {"version": submitted.version, "reason": "Xem lại"} if method == "post" else ASKED.get(name, {})
    asked = [request.getfixturevalue("question").pk if one == "question" else one for one in arguments.get(name, [])]
    found = {}
    for role, user in cast.items():
        before, client = transaction.savepoint(), Client()
        if user:
            client.force_login(user)
        found[role] = status_of(client, method, name, asked, typed)
        transaction.savepoint_rollback(before)
    assert found == dict(zip(ROLES, MATRIX[name, method], strict=True))


@pytest.mark.parametrize("who", ROLES[1:])
def test_what_does_not_exist_is_not_found_by_whoever_might_open_it(who, client, arguments, request):
    """Refused, wrongly asked, or not found: an address never says more of what is not there."""
    client.force_login(request.getfixturevalue(who))
    for name, method in MATRIX:
        if name not in arguments or name == "password_reset_confirm":
            continue
        there = MATRIX[name, method][ROLES.index(who)]
        expected = there if there in (401, 403, 405) else 404
        missing = [999_999 for _ in arguments[name]]
        found = status_of(client, method, name, missing, {"version": 1, "reason": "x"} if method == "post" else {})
        assert (name, method, found) in {(name, method, expected), (name, method, 404)}


def test_another_s_upload_does_not_exist(client, batch, colleague):
    client.force_login(colleague)
    assert client.get(reverse("imports:preview", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize("who", ROLES)
def test_a_page_that_is_not_there_is_not_found_for_anyone(who, client, request):
    if who != "anonymous":
        client.force_login(request.getfixturevalue(who))
    page = client.get("/khong-co/")
    assert (page.status_code, "Không tìm thấy trang" in page.content.decode()) == (404, True)


@pytest.mark.parametrize("who", ROLES[1:])
def test_django_s_own_permissions_are_the_administrators(who, request):
    """Whatever asks for one, the admin or a package, opens to nobody else, and to no account that is switched off."""
    user, everything = request.getfixturevalue(who), ["agencies.change_user", "targets.delete_plan"]
    expected = (who == "administrator",) * 3
    assert (user.has_perm(everything[0]), user.has_perms(everything), user.has_module_perms("targets")) == expected
    user.is_active = False
    assert not any((user.has_perm(everything[0]), user.has_perms(everything), user.has_module_perms("targets")))
