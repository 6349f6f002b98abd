"""WHO takes part and WHERE: units, agencies, users."""

from .agency import Agency, AgencySuccession
from .unit import Unit, UnitSuccession
from .user import User

__all__ = ["Agency", "AgencySuccession", "Unit", "UnitSuccession", "User"]
