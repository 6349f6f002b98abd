"""The Vietnamese of packages that ship none: the compiled catalogue says what the readable one says."""

from __future__ import annotations

import ast
import gettext
import re

from django.conf import settings
from django.utils.translation import gettext as translate

FOLDER = settings.LOCALE_PATHS[0] / "vi" / "LC_MESSAGES"


def test_the_compiled_catalogue_is_up_to_date():
    text = (FOLDER / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid (".+")\nmsgstr (".+")$', text, re.MULTILINE)
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert len(pairs) > 40
    assert {ast.literal_eval(said): compiled.gettext(ast.literal_eval(said)) for said, _ in pairs} == {
        ast.literal_eval(said): ast.literal_eval(meant) for said, meant in pairs
    }


def test_the_import_page_speaks_vietnamese():
    assert translate("Confirm import") == "Xác nhận nhập"
