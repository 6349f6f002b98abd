"""WHAT was promised and what was reported. Verbs and figures are in reports/, imports/, progress/."""

from .batch import ImportBatch, ImportCell
from .duty import Duty
from .event import FigureChange, ReportEvent
from .ledger import ApprovedFigure
from .measure import CountingOwner, Measure
from .period import Period
from .plan import Indicator, Plan, Target
from .report import Attachment, Figure, Report

__all__ = [
    "ApprovedFigure",
    "Attachment",
    "CountingOwner",
    "Duty",
    "Figure",
    "FigureChange",
    "ImportBatch",
    "ImportCell",
    "Indicator",
    "Measure",
    "Period",
    "Plan",
    "Report",
    "ReportEvent",
    "Target",
]
