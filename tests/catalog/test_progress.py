"""How far a publication is, on a terminal, in a log, and for machines."""

import os
import pty
import sys

import pytest

from catalog import progress


def run(silent: bool) -> None:
    with progress.shown(silent) as shown:
        shown("读取内容", 0, 1)
        shown("读取内容", 1, 1)
        shown("生成页面", 0, 1)
        shown("生成页面", 3, 7)


def test_a_log_has_a_line_for_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    run(silent=False)
    assert capsys.readouterr() == ("", "读取内容……\n生成页面……\n")


def test_machines_are_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run(silent=True)
    assert capsys.readouterr() == ("", "")


def read(terminal: int) -> str:
    """What was written there next, nothing when its other end is closed."""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""


def test_a_terminal_has_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        run(silent=False)
    told = "".join(iter(lambda: read(ours), ""))
    os.close(ours)
    assert "生成页面" in told and "3/7" in told
