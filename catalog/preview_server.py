"""Serves a preview on the loopback, looks whether files changed, and tells open pages to load again."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Event, Thread

from catalog.load import is_scratch
from catalog.preview import EVENTS, Answer, Draft, Preview, Superseded, live

HOST = "127.0.0.1"
LOOK_EVERY = 0.05
PATIENCE = 4
"""How many looks in a row must find the same files before a fault is believed: one of them may be half saved."""
_REPEAT = 15.0
"""How many seconds an open page is told nothing, before it is told the same again: so that one that left is noticed."""
_NAMES = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]+)?")

Seen = Mapping[str, tuple[int, int, int]]


def seen(directories: Iterable[Path]) -> Seen:
    """Every file's time, size and number; what vanishes while it is looked at is not there."""
    found: dict[str, tuple[int, int, int]] = {}
    waiting = [str(each) for each in directories]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                if is_scratch(entry.name):
                    continue
                if entry.is_dir():
                    waiting.append(entry.path)
                    continue
                told = entry.stat()
            except OSError:
                continue
            found[entry.path] = told.st_mtime_ns, told.st_size, told.st_ino
    return found


class Live:
    """The draft that is shown now. `day` says of which day, each time that the content is read."""

    def __init__(self, preview: Preview, directories: Iterable[Path], day: Callable[[], date]) -> None:
        self._preview, self._directories, self._day = preview, tuple(directories), day
        # Another run of the server has other revisions.
        self._run, self._number = time.time_ns(), 0
        self._changed = Condition()
        self._is_closed = False
        self._shown = self._last = seen(self._directories)
        self._looks = 0
        self.draft = preview.read(day())

    @property
    def revision(self) -> str:
        return f"{self._run:x}.{self._number}"

    def now(self) -> tuple[str, Draft]:
        """The draft and its revision, which belong together."""
        with self._changed:
            return self.revision, self.draft

    def look(self) -> bool:
        """Whether there is something new to show: what is sound at once, faults when the files stay as they are."""
        found = seen(self._directories)
        if found == self._shown:
            return False
        self._looks = self._looks + 1 if found == self._last else 1
        self._last = found
        draft = self._preview.read(self._day())
        if not draft.is_sound and self._looks < PATIENCE:
            return False
        with self._changed:
            self._shown, self.draft = found, draft
            self._number += 1
            self._changed.notify_all()
        return True

    def watch(self) -> None:
        """Looks until it is closed."""
        pause = Event()
        while not self._is_closed:
            self.look()
            pause.wait(LOOK_EVERY)

    def revisions(self) -> Iterator[str]:
        """The revision now, and each later one, until it is closed; the same again where nothing changes for long."""
        known = ""
        while not self._is_closed:
            with self._changed:
                if self.revision == known and not self._is_closed:
                    self._changed.wait(_REPEAT)
                known = self.revision
            yield known

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    def __init__(self, port: int, live: Live) -> None:
        super().__init__((HOST, port), _Handler)
        self.live = live

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        # A page elsewhere whose name was made to lead here asks by that name.
        if not _NAMES.fullmatch(self.headers.get("Host", "")):
            told = f"请用 http://{HOST}:{self.server.server_port}/ 打开。\n"
            self._send(Answer(403, "text/plain; charset=utf-8", told.encode()), "")
        elif self.path == EVENTS and self.command == "GET":
            self._tell()
        else:
            revision, draft = self.server.live.now()
            try:
                self._send(draft.answer(self.path, lambda: self.server.live.draft is draft), revision)
            except Superseded:
                self._send(Answer(503, "text/plain; charset=utf-8", b""), revision)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """The terminal is for what editors are told."""

    def _send(self, answer: Answer, revision: str) -> None:
        body = live(answer, revision)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _tell(self) -> None:
        """An event for each revision, as long as the page is open."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(b"retry: 300\n\n")
        for revision in self.server.live.revisions():
            self.wfile.write(f"data: {revision}\n\n".encode())


@contextmanager
def serving(content: Path, templates: Path, port: int, day: Callable[[], date]) -> Iterator[str]:
    """The address at which the content is shown. Raises OSError if the port cannot be had."""
    live = Live(Preview(content, templates), (content, templates), day)
    with _Server(port, live) as server:
        threads = [Thread(target=live.watch), Thread(target=server.serve_forever, args=(LOOK_EVERY,))]
        for thread in threads:
            thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            live.close()
            server.shutdown()
            for thread in threads:
                thread.join()
