"""`within_reach`: HTML with the links that its reader may follow. Loaded where a page is made for one reader."""

from __future__ import annotations

from django import template

from targets.progress.behind import links_within_reach

register = template.Library()
register.filter("within_reach", links_within_reach)
