"""The preview over a real loopback: what is told to open pages, and when; and the command as editors run it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from bench.preview import rounds
from catalog.preview import Preview
from catalog.preview_server import PATIENCE, Live, seen
from tests.support.preview import DAY, Previewed, previewing
from tests.support.site import ROOT

ITEM, GUIDE = "content/items/gaoling-jintie.yaml", "/items/gaoling-jintie.html"
TEXT = (ROOT / "catalog" / "content" / "items" / "gaoling-jintie.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    with previewing(tmp_path_factory.mktemp("preview")) as running:
        yield running


class Watched:
    """A sample that is looked at when the test says so."""

    def __init__(self, home: Path) -> None:
        with previewing(home):
            pass
        self.item = home / ITEM
        directories = (home / "content", home / "templates")
        self.live = Live(Preview(*directories), directories, lambda: DAY)

    def shows(self, words: str) -> bool:
        return words in self.live.draft.answer(GUIDE).body.decode()


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_page_is_answered_with_the_script_and_is_never_kept(running: Previewed) -> None:
    status, headers, body = running.get(GUIDE)
    assert status == 200 and body.endswith(b"</script>\n</body>\n</html>\n")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert running.get(GUIDE, "HEAD")[0] == 200 and running.get(GUIDE, "HEAD")[2] == b""
    assert running.get("/items")[1]["Location"] == "/items/"
    assert running.get("/nothing")[0] == running.get("/.preview/events", "HEAD")[0] == 404
    assert running.get(GUIDE, "POST")[0] == 501


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8081", "localhost", "localhost:1"])
def test_this_computers_own_names_are_answered(running: Previewed, host: str) -> None:
    assert running.get("/", Host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8081", "127.0.0.1.evil.example", "localhost.evil", "", "[::1]", "0.0.0.0"],
)
def test_a_name_that_was_made_to_lead_here_is_not(running: Previewed, host: str) -> None:
    for target in ("/", "/.preview/events", "/.preview/reload.js"):
        status, _, body = running.get(target, Host=host)
        assert (status, body.decode()) == (403, f"请用 {running.address}/ 打开。\n")


def test_only_the_loopback_is_listened_on(running: Previewed) -> None:
    port = int(running.address.rpartition(":")[2])
    with socket.socket() as other:
        other.settimeout(2)
        # All of 127.0.0.0/8 is the loopback; the server has one address of it.
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_what_is_saved_is_told_and_there(running: Previewed) -> None:
    assert len(rounds(running, 5)) == 5


def test_a_browser_that_leaves_is_no_error(running: Previewed, capsys: pytest.CaptureFixture[str]) -> None:
    port = int(running.address.rpartition(":")[2])
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as leaving:
            leaving.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            # Closed with an RST while the answer comes.
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert running.get("/")[0] == 200
    assert capsys.readouterr().err == ""


def test_links_of_a_draft_that_is_no_more_are_not_waited_for(
    running: Previewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.preview_server.Live.now", lambda live: ("", Preview(*NOWHERE).read(DAY)))
    assert running.get("/")[0] == 500
    monkeypatch.undo()
    draft = Preview(ROOT / "catalog" / "content", ROOT / "templates").read(DAY)
    monkeypatch.setattr("catalog.preview_server.Live.now", lambda live: ("", draft))
    assert running.get("/.preview/links?page=index.html")[0] == 503


def test_what_goes_wrong_in_the_program_is_told_in_the_terminal(
    running: Previewed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("catalog.preview_server.Live.now")
    with pytest.raises(http.client.RemoteDisconnected):
        running.get("/")
    assert "AttributeError" in capsys.readouterr().err


NOWHERE = (Path("/nowhere"), Path("/nowhere"))


def test_sound_content_is_shown_at_once_and_a_fault_only_when_nothing_moves(watched: Watched) -> None:
    first = watched.live.revision
    assert not watched.live.look()
    watched.item.write_text(TEXT.replace("每月领津贴", "每月都领津贴"), "utf-8")
    assert watched.live.look() and watched.shows("每月都领津贴")
    assert watched.live.revision != first and not watched.live.look()
    for size in (0, 200, 700):
        # Half saved: each look finds it grown.
        watched.item.write_text(TEXT[:size], "utf-8")
        assert not watched.live.look() and watched.shows("每月都领津贴")
    watched.item.write_text(TEXT, "utf-8")
    assert watched.live.look() and not watched.shows("每月都领津贴")
    watched.item.write_text(TEXT[:700], "utf-8")
    assert [watched.live.look() for _ in range(PATIENCE + 1)] == [False] * (PATIENCE - 1) + [True, False]
    assert not watched.live.draft.is_sound
    watched.item.write_text(TEXT, "utf-8")
    assert watched.live.look() and watched.live.draft.is_sound


def test_what_editors_leave_while_they_save_is_not_shown(watched: Watched) -> None:
    def moved() -> Iterator[None]:
        """As vim saves: a probe, the old file out of the way, the new one in its place."""
        beside = watched.item.parent
        (beside / ".gaoling-jintie.yaml.swp").write_bytes(b"swap")
        yield
        (beside / "4913").write_bytes(b"")
        yield
        (beside / "4913").unlink()
        watched.item.rename(f"{watched.item}~")
        yield
        watched.item.write_text("", "utf-8")
        yield
        watched.item.write_text(TEXT.replace("每月领津贴", "每月都领津贴"), "utf-8")

    for _ in moved():
        watched.live.look()
        assert watched.live.draft.is_sound and watched.shows("每月领津贴")
    assert watched.live.look() and watched.shows("每月都领津贴")
    # It was left there; nobody minds.
    Path(f"{watched.item}~").unlink()
    assert not watched.live.look()


def test_what_vanishes_while_it_is_looked_at_is_not_there(watched: Watched) -> None:
    items = watched.item.parent
    (items / "gone.yaml").symlink_to(items / "nothing.yaml")
    paths = {Path(path) for path in seen([items, items / "nothing"])}
    assert watched.item in paths and items / "gone.yaml" not in paths


def test_a_content_directory_that_goes_and_comes_back_is_told_and_forgotten(watched: Watched) -> None:
    content = watched.item.parents[1]
    content.rename(content.with_name("away"))
    for _ in range(PATIENCE):
        watched.live.look()
    assert "暂时无法读取" in watched.live.draft.answer("/").body.decode()
    content.with_name("away").rename(content)
    assert watched.live.look() and watched.live.draft.is_sound


def test_open_pages_are_told_again_and_let_go_at_the_end(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.preview_server._REPEAT", 0.001)
    told = watched.live.revisions()
    assert next(told) == next(told) == watched.live.revision
    ended = Thread(target=lambda: list(told))
    ended.start()
    watched.live.close()
    ended.join(10)
    assert not ended.is_alive() and list(watched.live.revisions()) == []


Command = subprocess.Popen[str]


@contextmanager
def command(*arguments: str) -> Iterator[Command]:
    """`build.py preview` as a process of its own, which does not outlive the test."""
    words = [sys.executable, str(ROOT / "build.py"), "preview", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def refused(*arguments: str) -> str:
    """What it says where it cannot begin."""
    with command(*arguments) as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    return err


def test_the_command_says_where_and_ends_with_a_word() -> None:
    with command("--port", "0", "--day", "2027-01-01") as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("预览：").strip()
        said = [process.stdout.readline() for _ in range(3)]
        assert said == [
            f"问题和建议：{address}.preview/\n",
            "按 2027年1月1日（周五）的样子显示。\n",
            "改好内容，保存，网页自己更新。按 Ctrl+C 结束。\n",
        ]
        page = http.client.HTTPConnection(address[len("http://") : -1], timeout=10)
        page.request("GET", "/.preview/events")
        answer = page.getresponse()
        assert answer.status == 200 and answer.readline() == b"retry: 300\n"
        # While a page is open.
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20) == ("\n预览已结束。\n", "")
        assert process.returncode == 0
        answer.close()
        page.close()


def test_a_port_that_is_taken_is_told(running: Previewed) -> None:
    port = int(running.address.rpartition(":")[2])
    assert refused("--port", str(port)) == (
        f"端口 {port} 已有别的程序在用，可能是另一个预览。请结束它，或换一个端口：--port {port + 1}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--port", "70000"), "应为 0 至 65535 的整数，现在是 70000\n"),
        (("--day", "2027-02-30"), "应为日历上有的一天，写成 2026-12-01，现在是 2027-02-30\n"),
        (("--content", "/nowhere"), "没有 /nowhere 这个内容目录。\n"),
    ],
)
def test_what_it_cannot_begin_with_is_told(arguments: tuple[str, ...], expected: str) -> None:
    said = refused(*arguments)
    assert said.endswith(expected) and "Traceback" not in said
