"""The editors' command: `python build.py check`, `publish`, `export`, `import` and `schema`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import content_schema
from catalog.check import check
from catalog.exchange.export import save
from catalog.exchange.formats import FORMATS
from catalog.exchange.workbook import mark
from catalog.exchange.workbook.changes import summary
from catalog.exchange.workbook.package import WorkbookError, read_bytes
from catalog.exchange.workbook.proposal import Proposal, propose
from catalog.exchange.workbook.store import replace_all
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem, errors
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
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except OSError as error:
        print(f"无法读写 {error.filename}：{error.strerror}。", file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build.py", description="检查并发布办事目录")
    names = f"{{{','.join(COMMANDS)}}}"
    commands = parser.add_subparsers(dest="command", required=True, metavar=names)
    for name, (words, run) in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        if name == "schema":
            command.add_argument(
                "--out", type=Path, default=ROOT / "docs" / "content.schema.json", metavar="FILE"
            )
            continue
        command.add_argument("--content", type=Path, default=ROOT / "catalog" / "content", metavar="DIR")
        if name == "check":
            words = "text 给人看，json 给程序用"
            command.add_argument("--format", choices=("text", "json"), default="text", help=words)
        if name == "publish":
            command.add_argument("--site", type=Path, default=ROOT / "site", metavar="DIR")
        if name == "export":
            command.add_argument("--to", choices=FORMATS, required=True, help="格式")
            command.add_argument("out", type=Path, metavar="OUT", help="文件或目录；有多个文件的格式写入目录")
        if name == "import":
            command.add_argument("file", type=Path, metavar="FILE.xlsx", help="导出以后改好的工作簿")
            command.add_argument("--yes", action="store_true", help="列出修改以后不再询问，直接写入")
    return parser


def _check(options: argparse.Namespace) -> int:
    catalogue, files, problems = _build(options.content)
    if options.format == "json":
        print(json.dumps([problem.plain() for problem in problems], ensure_ascii=False, indent=1))
        return PROBLEMS if errors(problems) else OK
    if catalogue is None or errors(problems):
        return _refuse(problems, "")
    _tell(problems)
    if problems:
        print(f"有 {len(problems)} 条建议，不影响发布。")
    print(
        f"检查通过：{len(catalogue.items)} 个事项，{len(catalogue.streets)} 个街道（乡镇），"
        f"{len(catalogue.stations)} 个站点，{page_count(files)} 个页面。"
    )
    return OK


def _publish(options: argparse.Namespace) -> int:
    begun = time.perf_counter()
    _, files, problems = _build(options.content)
    if errors(problems):
        return _refuse(problems, "，未发布任何内容")
    if problems:
        print(f"有 {len(problems)} 条建议，不影响发布，可用 build.py check 查看。")
    publication = publish(files, options.site, datetime.now(UTC))
    if not publication.fresh:
        print(f"内容与当前版本 {publication.release} 相同，未发布新版本。")
        return OK
    seconds = time.perf_counter() - begun
    print(f"已发布版本 {publication.release}：{page_count(files)} 个页面，用时 {seconds:.2f} 秒。")
    return OK


def _export(options: argparse.Namespace) -> int:
    catalogue, _, problems = _build(options.content)
    if catalogue is None or errors(problems):
        return _refuse(problems, "，未导出任何内容")
    for path in save(FORMATS[options.to].write(catalogue), options.out):
        print(f"已导出 {path}。")
    return OK


def _import(options: argparse.Namespace) -> int:
    loaded = load(options.content)
    if loaded.catalogue is None:
        return _refuse(list(loaded.problems), "，未导入任何内容")
    try:
        data = read_bytes(options.file)
        proposal = propose(options.content, loaded.catalogue, data, lambda copy: errors(_build(copy)[2]))
        if proposal.faults:
            return _return_workbook(options.file, data, proposal)
        return _write(options, proposal)
    except WorkbookError as error:
        print(f"{options.file.name}：{error}\n未导入任何内容。")
        return PROBLEMS


def _return_workbook(file: Path, data: bytes, proposal: Proposal) -> int:
    for fault in proposal.faults:
        print(mark.told(fault))
    copy = file.with_name(mark.copy_name(file.stem))
    save({copy.name: mark.marked(data, proposal.faults)}, copy)
    print(f"发现 {len(proposal.faults)} 处问题，未导入任何内容。有问题的单元格已在 {copy} 中标红。")
    return PROBLEMS


def _write(options: argparse.Namespace, proposal: Proposal) -> int:
    if not proposal.changes:
        print("没有修改。")
        return OK
    for change in proposal.changes:
        print(change)
    print(f"共 {len(proposal.changes)} 处修改：{summary(proposal.changes)}。")
    if not options.yes and not sys.stdin.isatty():
        print("没有写入。核对以后，请加上 --yes 再运行一次。", file=sys.stderr)
        return UNUSABLE
    if not options.yes and not _agreed("写入以上修改吗？(y/N) "):
        print("没有写入，内容保持原样。")
        return OK
    replace_all(options.content, proposal.before, proposal.after)
    print(f"已写入 {len(proposal.after)} 个文件：{'、'.join(proposal.after)}。")
    return OK


def _schema(options: argparse.Namespace) -> int:
    options.out.write_bytes(content_schema.encode())
    print(f"已写出 {options.out}。")
    return OK


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes", "是")
    except EOFError:
        return False


def _build(content: Path) -> tuple[Catalogue | None, Files, list[Problem]]:
    """Everything up to the disk: the same for every command, so that what passes the check can be published."""
    loaded = load(content)
    problems = sorted([*loaded.problems, *check(loaded, prose_links)])
    catalogue = loaded.catalogue
    if catalogue is None or errors(problems):
        return None, {}, problems
    files, faults = assemble(catalogue, TEMPLATES)
    return catalogue, files, sorted([*problems, *faults])


def _refuse(problems: Sequence[Problem], consequence: str) -> int:
    _tell(problems)
    stopping = len(errors(problems))
    advised = f"，另有 {len(problems) - stopping} 条建议" if len(problems) > stopping else ""
    print(f"发现 {stopping} 处问题{advised}{consequence}。")
    return PROBLEMS


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem)


COMMANDS: Mapping[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
    "check": ("只检查，不发布", _check),
    "publish": ("检查，没有问题就发布", _publish),
    "export": ("检查，没有问题就导出成别的格式", _export),
    "import": ("从改好的工作簿导入修改，确认以后写入", _import),
    "schema": ("写出内容的 JSON Schema，供编辑器提示和检查", _schema),
}
"""What each command does, in words and in deed."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
