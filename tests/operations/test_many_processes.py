"""Several processes, as on several hosts, against one database: whoever answers, it is one site."""

from __future__ import annotations

import json
import re

import pytest

from .conftest import open_report

pytestmark = pytest.mark.django_db  # on each database


def test_signed_in_at_one_and_saved_at_the_other(new_site):
    site = new_site()
    report = open_report(site)
    with site.serve() as one, site.serve() as other:
        visitor = one.visitor().sign_in("xa-co-ba")
        there = visitor.at(other.url)
        page = there.get(f"/bao-cao/{report}/nhap/")
        version = int(re.search(r'name="version" value="(\d+)"', page.text)[1])
        answer = there.autosave(report, version, CT3="4321")
        assert (answer.status, json.loads(answer.text)["version"]) == (200, version + 1)
        assert 'value="4.321"' in visitor.get(f"/bao-cao/{report}/nhap/").text
        late = visitor.autosave(report, version, CT3="1")  # the first host knows that the report moved on
        assert late.status == 409
