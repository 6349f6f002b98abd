"""WHAT was promised and what was reported. Verbs and figures are in reports/, imports/, progress/."""

from .batch import ImportBatch, ImportCell
from .client import ApiClient
from .comment import Comment
from .duty import Duty
from .event import FigureChange, ReportEvent
from .extension import Extension
from .heading import LearnedHeading
from .ledger import ApprovedFigure
from .measure import CountingOwner, Measure
from .period import Period, PeriodEvent
from .plan import Indicator, Plan, Target
from .reminder import Reminder
from .report import Attachment, Figure, Report
from .total import Total

__all__ = [
    "ApiClient",
    "ApprovedFigure",
    "Attachment",
    "Comment",
    "CountingOwner",
    "Duty",
    "Extension",
    "Figure",
    "FigureChange",
    "ImportBatch",
    "ImportCell",
    "Indicator",
    "LearnedHeading",
    "Measure",
    "Period",
    "PeriodEvent",
    "Plan",
    "Reminder",
    "Report",
    "ReportEvent",
    "Target",
    "Total",
]
