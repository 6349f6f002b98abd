"""Django's admin, for administrators: every reference table to edit, everything reported to look up only.

It registers both apps' models: agencies imports nothing of ours, and the spreadsheets come from targets.imports.
"""

from django.contrib import admin
from django.contrib.auth.models import Group

from . import clients, headings, organisation, plans, records, users

admin.site.index_title = "Dữ liệu và tài khoản"
admin.site.unregister(Group)  # four roles are the whole of who may do what (docs/decisions/0002)

__all__ = ["clients", "headings", "organisation", "plans", "records", "users"]
