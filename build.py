"""The editors' command: `python build.py check` and `python build.py publish`."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog.check import check
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem
from catalog.publish import publish
from catalog.release import Files, assemble, page_count
from catalog.render import prose_links

ROOT = Path(__file__).resolve().parent
TEMPLATES = ROOT / "templates"
OK, PROBLEMS, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 if it did its work, 1 if the content has problems, 2 if it could not begin."""
    options = _parser().parse_args(arguments)
    try:
        return _publish(options) if options.command == "publish" else _check(options)
    except OSError as error:
        print(f"无法读写 {error.filename}：{error.strerror}。", file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build.py", description="检查并发布办事目录")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{check,publish}")
    for name, words in (("check", "只检查，不发布"), ("publish", "检查，没有问题就发布")):
        command = commands.add_parser(name, help=words, description=words)
        command.add_argument("--content", type=Path, default=ROOT / "catalog" / "content", metavar="DIR")
        if name == "publish":
            command.add_argument("--site", type=Path, default=ROOT / "site", metavar="DIR")
    return parser


def _check(options: argparse.Namespace) -> int:
    catalogue, files, problems = _build(options.content)
    if catalogue is None or problems:
        return _refuse(problems, "")
    print(
        f"检查通过：{len(catalogue.items)} 个事项，{len(catalogue.streets)} 个街道（乡镇），"
        f"{len(catalogue.stations)} 个站点，{page_count(files)} 个页面。"
    )
    return OK


def _publish(options: argparse.Namespace) -> int:
    begun = time.perf_counter()
    _, files, problems = _build(options.content)
    if problems:
        return _refuse(problems, "，未发布任何内容")
    publication = publish(files, options.site, datetime.now(UTC))
    if not publication.fresh:
        print(f"内容与当前版本 {publication.release} 相同，未发布新版本。")
        return OK
    seconds = time.perf_counter() - begun
    print(f"已发布版本 {publication.release}：{page_count(files)} 个页面，用时 {seconds:.2f} 秒。")
    return OK


def _build(content: Path) -> tuple[Catalogue | None, Files, list[Problem]]:
    """Everything up to the disk: the same for both commands, so that what passes the check can be published."""
    loaded = load(content)
    problems = sorted([*loaded.problems, *check(loaded, prose_links)])
    catalogue = loaded.catalogue
    if catalogue is None or problems:
        return None, {}, problems
    files, problems = assemble(catalogue, TEMPLATES)
    return catalogue, files, problems


def _refuse(problems: Sequence[Problem], consequence: str) -> int:
    for problem in problems:
        print(problem)
    print(f"发现 {len(problems)} 处问题{consequence}。")
    return PROBLEMS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
