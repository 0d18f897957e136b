"""The editors' command: what to do with the content and the releases; `python build.py --help` lists it."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog import compare, content_schema, progress
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
from catalog.publish import Refused, falls_due, publish
from catalog.release import assemble, page_count
from catalog.render import prose_links
from catalog.sample_city import STATION_COUNT, STREET_COUNT, city
from catalog.sections import Files
from catalog.store import Store, when

ROOT = Path(__file__).resolve().parent
TEMPLATES = ROOT / "templates"
SAMPLE = ROOT / "catalog" / "content"
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
        if name in ON_RELEASES:
            command.add_argument("--site", type=Path, default=ROOT / "site", metavar="DIR")
            ON_RELEASES[name](command)
            continue
        if name == "sample-city":
            command.add_argument("out", type=Path, metavar="DIR", help="写入的目录，应不存在或为空")
            command.add_argument("--seed", type=int, default=1, metavar="N", help="同一个数得到同样的内容")
            continue
        command.add_argument("--content", type=Path, default=SAMPLE, metavar="DIR")
        if name == "check":
            words = "text 给人看，json 给程序用"
            command.add_argument("--format", choices=("text", "json"), default="text", help=words)
        if name == "publish":
            command.add_argument("--site", type=Path, default=ROOT / "site", metavar="DIR")
            command.add_argument("--due", action="store_true", help="只在有内容到了生效或取消日期时发布")
            command.add_argument("--json", action="store_true", help="结果写成一行 JSON，给程序用")
            words = "不另存压缩好的文件（.gz、.br）"
            command.add_argument("--no-compress", dest="compress", action="store_false", help=words)
            command.add_argument(
                "--processes", type=_count, metavar="N", help="同时用几个进程，不写就是处理器的个数"
            )
        if name == "export":
            command.add_argument("--to", choices=FORMATS, required=True, help="格式")
            command.add_argument("out", type=Path, metavar="OUT", help="文件或目录；有多个文件的格式写入目录")
        if name == "import":
            command.add_argument("file", type=Path, metavar="FILE.xlsx", help="导出以后改好的工作簿")
            command.add_argument("--yes", action="store_true", help="列出修改以后不再询问，直接写入")
    return parser


def _with_release(command: argparse.ArgumentParser) -> None:
    command.add_argument("release", nargs="?", metavar="ID", help="版本号")


def _with_two_releases(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", nargs="?", metavar="A", help="较早的版本，不写就是当前版本的前一个")
    command.add_argument("new", nargs="?", metavar="B", help="较晚的版本，不写就是当前版本")


def _with_count(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--keep", type=_count, default=10, metavar="N", help="留下最近几个版本，不写是 10 个"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应为 1 以上的整数，现在是 {text}")
    return int(text)


ON_RELEASES: Mapping[str, Callable[[argparse.ArgumentParser], None]] = {
    "verify": _with_release,
    "releases": lambda command: None,
    "rollback": _with_release,
    "diff": _with_two_releases,
    "prune": _with_count,
}
"""The commands that look at releases alone, and their arguments."""


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
    now = datetime.now(UTC)
    if options.due and not falls_due(options.site, now):
        print("没有到期的内容，未发布。")
        return OK
    begun = time.perf_counter()
    try:
        with progress.shown(options.json) as shown:
            done = publish(
                options.content, TEMPLATES, options.site, now, options.compress, options.processes, shown
            )
    except Refused as refusal:
        if options.json:
            print(json.dumps({"problems": [each.plain() for each in refusal.problems]}, ensure_ascii=False))
            return PROBLEMS
        return _refuse(refusal.problems, "，未发布任何内容")
    seconds = time.perf_counter() - begun
    if options.json:
        print(json.dumps(done.plain() | {"total": round(seconds, 3)}, ensure_ascii=False))
        return OK
    if done.advice:
        print(f"有 {len(done.advice)} 条建议，不影响发布，可用 build.py check 查看。")
    if not done.fresh:
        print(f"内容与当前版本 {done.release} 相同，未发布新版本。")
        return OK
    print(
        f"已发布版本 {done.release}：生成 {done.rendered} 个页面，沿用 {done.reused} 个，"
        f"去掉 {done.removed} 个，用时 {seconds:.2f} 秒。"
    )
    return OK


def _releases(options: argparse.Namespace) -> int:
    store = Store(options.site)
    current = store.current()
    for release in store.ids():
        pages = sum(part.pages for part in store.parts(release).values())
        print(f"{release}  {when(release)}  {pages} 个页面{'  ← 当前版本' if release == current else ''}")
    if not store.ids():
        print("还没有发布过。")
    return OK


def _rollback(options: argparse.Namespace) -> int:
    store = Store(options.site)
    with store.locked():
        ids, current = store.ids(), store.current()
        earlier = [each for each in ids if current is None or each < current]
        release = options.release or (earlier[-1] if earlier else None)
        if release is None:
            return _unusable("没有更早的版本可以退回。")
        if release not in ids:
            return _unusable(f"没有 {release} 这个版本，可用 build.py releases 查看。")
        faults = list(store.verify(release))
        if faults:
            return _unusable(f"版本 {release} 不完整，没有退回：{faults[0]}。可换一个版本。")
        store.point(release)
    print(f"当前版本已换成 {release}（{when(release)}）。内容目录没有变，下次发布会照内容目录重新生成。")
    return OK


def _diff(options: argparse.Namespace) -> int:
    store = Store(options.site)
    ids, current = store.ids(), store.current()
    new = options.new or current
    earlier = [each for each in ids if new is not None and each < new]
    old = options.old or (earlier[-1] if earlier else None)
    if new is None or old is None:
        return _unusable("要有两个版本才能比较。")
    for each in (old, new):
        if each not in ids:
            return _unusable(f"没有 {each} 这个版本，可用 build.py releases 查看。")
    told = list(compare.changes(store.data(old), store.data(new)))
    print(f"从 {old}（{when(old)}）到 {new}（{when(new)}）：")
    for line in told:
        print(f"  {line}")
    print(f"共 {len(told)} 处变化。" if told else "  事项、街道和站点都没有变化。")
    return OK


def _prune(options: argparse.Namespace) -> int:
    store = Store(options.site)
    with store.locked():
        gone = store.prune(options.keep)
    print(f"删去 {len(gone)} 个旧版本，留下 {len(store.ids())} 个。")
    return OK


def _verify(options: argparse.Namespace) -> int:
    store = Store(options.site)
    release = options.release or store.current()
    if release is None or release not in store.ids():
        return _unusable(
            f"没有 {release} 这个版本，可用 build.py releases 查看。" if release else "还没有发布过。"
        )
    faults = list(store.verify(release))
    for fault in faults:
        print(fault)
    if faults:
        print(f"版本 {release} 有 {len(faults)} 处与发布时不同。可先退回别的版本：build.py rollback。")
        return PROBLEMS
    print(f"版本 {release} 完整：每个文件都与发布时相同。")
    return OK


def _unusable(message: str) -> int:
    print(message, file=sys.stderr)
    return UNUSABLE


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


def _sample_city(options: argparse.Namespace) -> int:
    out: Path = options.out
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        print(f"{out} 应是还不存在的目录或空目录，现在已有内容，没有写入。", file=sys.stderr)
        return UNUSABLE
    sample = {
        path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()
    }
    for path, data in city(options.seed, sample).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    print(f"已写出 {out}：{STREET_COUNT} 个街道（乡镇），{STATION_COUNT} 个站点。全部是虚构的。")
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
    "verify": ("核对一个版本的每个文件是否与发布时相同", _verify),
    "releases": ("列出所有版本", _releases),
    "rollback": ("退回到以前的版本", _rollback),
    "diff": ("用文字列出两个版本之间的变化", _diff),
    "prune": ("删去旧版本，只留最近的几个", _prune),
    "export": ("检查，没有问题就导出成别的格式", _export),
    "import": ("从改好的工作簿导入修改，确认以后写入", _import),
    "sample-city": ("写出一座虚构城市的全部内容，用来试验和测速", _sample_city),
    "schema": ("写出内容的 JSON Schema，供编辑器提示和检查", _schema),
}
"""What each command does, in words and in deed."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
