"""`export` and `import`: the catalogue in other forms, and the editors' workbook back again."""

import argparse
import sys
from pathlib import Path

from catalog.commands.build import build
from catalog.commands.common import OK, PROBLEMS, UNUSABLE, Command, refuse, takes_content
from catalog.exchange.export import save
from catalog.exchange.formats import FORMATS
from catalog.exchange.workbook import mark
from catalog.exchange.workbook.changes import summary
from catalog.exchange.workbook.package import WorkbookError, read_bytes
from catalog.exchange.workbook.proposal import Proposal, propose
from catalog.exchange.workbook.store import replace_all
from catalog.load import load
from catalog.problem import errors


def _takes_format(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    command.add_argument("--to", choices=FORMATS, required=True, help="格式")
    command.add_argument("out", type=Path, metavar="OUT", help="文件或目录；有多个文件的格式写入目录")


def _takes_workbook(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    command.add_argument("file", type=Path, metavar="FILE.xlsx", help="导出以后改好的工作簿")
    command.add_argument("--yes", action="store_true", help="列出修改以后不再询问，直接写入")


def _export(options: argparse.Namespace) -> int:
    catalogue, _, problems = build(options.content)
    if catalogue is None or errors(problems):
        return refuse(problems, "，未导出任何内容")
    for path in save(FORMATS[options.to].write(catalogue), options.out):
        print(f"已导出 {path}。")
    return OK


def _import(options: argparse.Namespace) -> int:
    loaded = load(options.content)
    if loaded.catalogue is None:
        return refuse(list(loaded.problems), "，未导入任何内容")
    try:
        data = read_bytes(options.file)
        proposal = propose(options.content, loaded.catalogue, data, lambda copy: errors(build(copy)[2]))
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


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes", "是")
    except EOFError:
        return False


COMMANDS = {"export": Command(_takes_format, _export), "import": Command(_takes_workbook, _import)}
