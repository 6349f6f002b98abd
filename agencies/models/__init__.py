"""WHO takes part and WHERE: units, agencies, users, and who came to the door."""

from .access_event import AccessEvent
from .agency import Agency, AgencySuccession
from .recovery_codes import RecoveryCodes
from .unit import Unit, UnitSuccession
from .user import User

__all__ = ["AccessEvent", "Agency", "AgencySuccession", "RecoveryCodes", "Unit", "UnitSuccession", "User"]
