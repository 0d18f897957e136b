"""What no reader sees, what leads nowhere and what never ends."""

import os
from pathlib import Path

import pytest

from tests.support.catalogue import ALLOWANCE, Content


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path / "content")


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\ufeff"])
def test_an_invisible_character_is_named(content: Content, character: str) -> None:
    content.edit(ALLOWANCE, "name: ", f"name: 看不见{character}")
    (fault,) = content.faults()
    assert f"有看不见的字符（U+{ord(character):04X}）" in fault
    assert fault.startswith(f"{ALLOWANCE}:")


def test_a_name_has_room_in_a_list(content: Content) -> None:
    content.edit(ALLOWANCE, "name: ", f"name: {'长' * 120}")
    assert any("不超过 120 个字符" in fault for fault in content.faults())


@pytest.mark.parametrize("link", ["https://)", "https://nowhere", "tel:)", "tel:"])
def test_a_link_that_leads_nowhere_is_named(content: Content, link: str) -> None:
    content.edit(ALLOWANCE, "**本人身份证**", f"[这里](<{link}>)")
    assert any("链接" in fault for fault in content.faults())


def test_links_in_a_ring_are_told(content: Content) -> None:
    os.symlink("b.yaml", content.root / "items" / "a.yaml")
    os.symlink("a.yaml", content.root / "items" / "b.yaml")
    faults = [fault for fault in content.faults() if fault.startswith(("items/a.yaml", "items/b.yaml"))]
    assert len(faults) == 2 and all("文件无法读取" in fault for fault in faults)


@pytest.mark.parametrize("name", ["其它材料", "有关手续", "其余证明", "规定的别的材料", "户口簿等"])
def test_papers_that_are_not_named_are_refused_however_they_are_put(content: Content, name: str) -> None:
    content.edit(ALLOWANCE, "- name: ", f"- name: {name} #")
    assert any("兜底" in fault for fault in content.faults())


@pytest.mark.parametrize("name", ["其他家庭成员的身份证", "没有其他住房的声明", "单位相关人员的身份证"])
def test_papers_that_are_named_are_not(content: Content, name: str) -> None:
    content.edit(ALLOWANCE, "- name: ", f"- name: {name} #")
    assert not any("兜底" in fault for fault in content.faults())


def test_a_pipe_is_not_waited_for(content: Content) -> None:
    os.mkfifo(content.root / "items" / "guan-dao.yaml")
    assert "items/guan-dao.yaml 应为普通文件。" in content.faults()
