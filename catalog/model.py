"""Everything one release is made from.

Records are frozen: the pipeline never changes what it has read. Closed lists are in terms.py, codes in codes.py,
the shapes of single values in fields.py.
"""

from collections.abc import Mapping

from catalog.area import (
    Bodies,
    Body,
    District,
    Holiday,
    Holidays,
    HolidayYear,
    Redirect,
    StaffMember,
    Station,
    Street,
    Website,
)
from catalog.disclosure import Disclosure
from catalog.fields import Record
from catalog.form import Form, FormField
from catalog.item import (
    DutyMatrix,
    Fee,
    LegalBasis,
    Material,
    Online,
    Question,
    Result,
    ServiceItem,
    Step,
    TimeLimit,
)
from catalog.overrides import Override, StationLayer, StreetLayer
from catalog.relay import Coordinator, HandlingAgent, Relay, TownClerk

__all__ = [
    "Bodies",
    "Body",
    "Catalogue",
    "Coordinator",
    "Disclosure",
    "District",
    "DutyMatrix",
    "Fee",
    "Form",
    "FormField",
    "HandlingAgent",
    "Holiday",
    "HolidayYear",
    "Holidays",
    "LegalBasis",
    "Material",
    "Online",
    "Override",
    "Question",
    "Redirect",
    "Relay",
    "Result",
    "ServiceItem",
    "StaffMember",
    "Station",
    "StationLayer",
    "Step",
    "Street",
    "StreetLayer",
    "TimeLimit",
    "TownClerk",
    "Website",
]


class Catalogue(Record):
    """Everything one release is made from, in the order of the content's files; `layers` by the street's slug."""

    district: District
    streets: tuple[Street, ...]
    stations: tuple[Station, ...]
    items: tuple[ServiceItem, ...]
    bodies: tuple[Body, ...]
    forms: tuple[Form, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    holidays: tuple[HolidayYear, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    disclosure: Disclosure = Disclosure()
    layers: Mapping[str, StreetLayer]
