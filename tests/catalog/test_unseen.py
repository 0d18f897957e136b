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


def test_a_pipe_is_not_waited_for(content: Content) -> None:
    os.mkfifo(content.root / "items" / "guan-dao.yaml")
    assert "items/guan-dao.yaml 应为普通文件。" in content.faults()
