"""Django's admin, for administrators: every reference table to edit, everything reported to look up only.

It registers both apps' models: agencies imports nothing of ours, and the spreadsheets come from targets.imports.
"""

from . import organisation, plans, records

__all__ = ["organisation", "plans", "records"]
