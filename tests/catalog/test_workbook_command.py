"""The command that brings a workbook back: what it refuses, and whether it asks."""

import os
import pty
from pathlib import Path

import pytest

from tests.support.catalogue import ALLOWANCE, Content
from tests.support.workbook import Desk, build


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


def test_a_file_that_is_no_workbook_is_refused_in_words(desk: Desk) -> None:
    desk.file.write_bytes(b"code,slug\n")
    result = desk.bring("--yes")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "目录.xlsx：文件应为 .xlsx 工作簿，现在不是。请从最近导出的表格开始修改。",
        "未导入任何内容。",
    ]
    assert not desk.file.with_name("目录-问题.xlsx").exists()


def test_a_file_that_is_not_there_and_content_that_cannot_be_read(desk: Desk) -> None:
    missing = build("import", desk.file.with_name("b.xlsx"), "--content", desk.content.root)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("无法读写 ")
    desk.content.edit(ALLOWANCE, "visits: 1", "visits: x")
    result = desk.bring("--yes")
    assert result.returncode == 1
    assert result.stdout.endswith("\n发现 1 处问题，未导入任何内容。\n")


def test_without_a_terminal_nothing_is_written_unless_told_so(desk: Desk) -> None:
    desk.type({("站点", 3, "phone"): "010-00000199"})
    result = desk.bring()
    assert result.returncode == 2
    assert result.stdout.endswith("共 1 处修改：新增 0 处，修改 1 处，停用 0 处。\n")
    assert result.stderr == "没有写入。核对以后，请加上 --yes 再运行一次。\n"
    assert desk.diff() == []


@pytest.mark.parametrize(
    ("answer", "written"), [("y\n", True), ("是\n", True), ("n\n", False), ("\n", False), ("\x04", False)]
)
def test_on_a_terminal_the_editor_is_asked(desk: Desk, answer: str, written: bool) -> None:
    desk.type({("站点", 3, "phone"): "010-00000199"})
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer.encode())
        result = build("import", desk.file, "--content", desk.content.root, stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert result.returncode == 0
    assert "写入以上修改吗？(y/N) " in result.stdout
    assert ("已写入 1 个文件：stations.csv。" in result.stdout) is written
    assert ("没有写入，内容保持原样。" in result.stdout) is not written
    assert bool(desk.diff()) is written
