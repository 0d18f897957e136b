"""What a street or one of its stations adds and does otherwise; references only, never copies.

Field docstrings are those of item.py.
"""

from catalog.fields import Record, Slug, Telephone, Text
from catalog.item import TimeLimit
from catalog.relay import Relay


class Override(Record):
    """What one street does otherwise for one item; each part left out stays as it is in the layer below."""

    item: Slug
    """事项。事项的网址名"""
    place: Text | None = None
    """办理地点。与街道中心地址不同时填写"""
    hours: Text | None = None
    """办理时间。与街道中心办公时间不同时填写"""
    phone: Telephone | None = None
    """咨询电话。与街道中心电话不同时填写"""
    promised_limit: TimeLimit | None = None
    """承诺办结时限。只能比全市的短"""
    note: Text | None = None
    """本街道说明。只有本街道才有的情况"""


class StationLayer(Record):
    """What one station offers otherwise than its street: `without` items, `adds` items, its hours for papers."""

    station: Slug
    """站点。站点的网址名"""
    without: tuple[Slug, ...] = ()
    """不办的事项。本街道办、这个站点不办的事项"""
    adds: tuple[Slug, ...] = ()
    """增办的事项。只有这个站点增办的事项"""
    hours: Text | None = None
    """收件时间。与站点办公时间不同时填写"""
    note: Text | None = None
    """本站说明。只有本站才有的情况"""


class StreetLayer(Record):
    """What a street or township adds to the district's list and does otherwise; references only, never copies."""

    additions: tuple[Slug, ...] = ()
    """街道增设。在区级清单之外增办的事项的网址名"""
    overrides: tuple[Override, ...] = ()
    """本街道的不同之处。只写与全市标准不同的地方，相同的不写"""
    stations: tuple[StationLayer, ...] = ()
    """站点的不同之处。只写与本街道不同的站点"""
    relay: Relay | None = None
    """三级接力代办。路远的乡镇：村、镇、区三级接力送材料"""
