"""`preview`: the site on this computer alone, which shows what is saved as soon as it is saved."""

import argparse
import errno
from datetime import UTC, date, datetime
from threading import Event

from catalog import inputs
from catalog.commands.common import OK, TEMPLATES, Command, takes_content, unusable
from catalog.preview import PREVIEW
from catalog.preview_server import HOST, serving
from catalog.wording import day as in_words

PORTS = range(65536)


def _takes(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    command.add_argument("--port", type=_port, default=8081, metavar="N", help="端口，不写是 8081")
    words = "按这一天的样子显示，写成 2026-12-01；不写就是今天"
    command.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help=words)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) not in PORTS:
        raise argparse.ArgumentTypeError(f"应为 0 至 {PORTS[-1]} 的整数，现在是 {text}")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"应为日历上有的一天，写成 2026-12-01，现在是 {text}") from None


def _preview(options: argparse.Namespace) -> int:
    if not options.content.is_dir():
        return unusable(f"没有 {options.content} 这个内容目录。")
    day: date | None = options.day
    try:
        with serving(
            options.content, TEMPLATES, options.port, lambda: day or inputs.today(datetime.now(UTC))
        ) as address:
            print(f"预览：{address}\n问题和建议：{address.rstrip('/')}{PREVIEW}")
            if day:
                print(f"按 {in_words(day)}的样子显示。")
            print("改好内容，保存，网页自己更新。按 Ctrl+C 结束。", flush=True)
            Event().wait()
    except KeyboardInterrupt:
        print("\n预览已结束。")
    except OSError as error:
        return unusable(_refused(error, options.port))
    return OK


def _refused(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已有别的程序在用，可能是另一个预览。请结束它，或换一个端口：--port {port + 1}"
    return f"无法在 {HOST} 的端口 {port} 上预览：{error.strerror}。可换一个端口，例如 --port 8081。"


COMMANDS = {"preview": Command(_takes, _preview)}
