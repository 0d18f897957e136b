"""The three batons (三级接力) where agents carry the papers: village agent, town clerk, district coordinator.

Field docstrings are those of item.py.
"""

from typing import Annotated

from pydantic import Field

from catalog.fields import Name, Record, Slug, Telephone, Text


class HandlingAgent(Record):
    """代办员, the first baton: collects the papers of `villages` (slugs of stations), prepares and submits them.

    `number` is on the agent's badge; `items` names what is collected, all that the villages offer if left out.
    """

    name: Name
    """姓名。工作人员的姓名"""
    number: Text
    """工号。工作牌上的编号，居民凭它核对身份"""
    phone: Telephone
    """电话。带区号，例如 010-00000000"""
    villages: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """负责的村。站点的网址名；一个村只由一名代办员负责"""
    items: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """代办的事项。事项的网址名；不填就是村里能办的全部事项"""
    hours: Text
    """代办时间。什么时候在村里、什么时候出发"""
    collection: Text
    """怎么收材料。上门、在站点还是约定地点"""


class TownClerk(Record):
    """The second baton: what the clerk handles `at_once`, and what and when the clerk `carries` to the district."""

    name: Name
    """姓名。工作人员的姓名"""
    number: Text
    """工号。工作牌上的编号，居民凭它核对身份"""
    phone: Telephone
    """电话。带区号，例如 010-00000000"""
    at_once: Text
    """当场办理。哪些事情在镇里当场办"""
    carries: Text
    """送区办理。哪些材料送到区里，什么时候送"""


class Coordinator(Record):
    """The district's third baton: what is done the `same_day`, and within which limit the `others`."""

    name: Name
    """姓名。工作人员的姓名"""
    number: Text
    """工号。工作牌上的编号，居民凭它核对身份"""
    phone: Telephone
    """电话。带区号，例如 010-00000000"""
    same_day: Text
    """当天办理。哪些事情当天办完"""
    others: Text
    """其余时限。其余事情压缩到多长时间"""


class Relay(Record):
    """三级接力: how papers travel where the way is far, and how and when `results` come back."""

    agents: Annotated[tuple[HandlingAgent, ...], Field(min_length=1)]
    """代办员。第一棒：在村里收材料"""
    clerk: TownClerk
    """镇里的工作人员。第二棒：在镇里办理或送到区里"""
    coordinator: Coordinator
    """区里的协调员。第三棒：在区里协调办理"""
    results: Text
    """结果怎么回来。谁、什么时候、怎样把结果交到居民手里"""
