"""A form that residents fill in by hand: printed blank, and shown as it looks when it is filled in.

Field docstrings are those of item.py.
"""

from typing import Annotated

from pydantic import Field

from catalog.fields import Name, Record, Slug, Text


class FormField(Record):
    """One row of a form."""

    label: Name
    """栏目。这一栏填什么，例如：委托人姓名"""
    sample: Text
    """样子。样张里填的内容，一看就是虚构的"""
    lines: Annotated[int, Field(strict=True, ge=1, le=8)] = 1
    """行数。留几行空，1 至 8"""


class Form(Record):
    """空白表格 and 示例样表 of a material, as data: each is an A4 sheet of its own."""

    slug: Slug
    """网址名。小写拼音，用连字符相连；与文件名一致"""
    title: Name
    """表格名称。印在表头的名称"""
    notes: Text
    """填报须知。谁填、用什么笔、哪里容易填错"""
    fields: Annotated[tuple[FormField, ...], Field(min_length=2)]
    """栏目。按先后写，至少两栏"""
    pledge: Text | None = None
    """承诺。签字以前要知道的话，没有就不填"""
    signers: Annotated[tuple[Name, ...], Field(min_length=1)]
    """签字人。谁要签字，例如：申请人"""
