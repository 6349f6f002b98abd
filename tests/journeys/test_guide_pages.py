"""The guide in a browser: every page at a desk and on a phone."""

from __future__ import annotations

import pytest

from targets import guide

from .visiting import visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BROKEN = "[...document.images].filter((one) => !one.naturalWidth).map((one) => one.src)"


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_accessible_valid_and_inside_its_window(width, page, sign_in, served):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("thanh")
    for name in guide.PAGES:
        assert (name, visit(page, f"/huong-dan/{name}/", served)) == (name, [])
        assert (
            page.evaluate("[...document.images].filter((one) => one.alt && one.complete && !one.naturalWidth).length")
            == 0
        )
