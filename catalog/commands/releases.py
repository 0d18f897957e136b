"""`releases`, `verify`, `rollback`, `diff` and `prune`: what has been published."""

import argparse

from catalog import compare
from catalog.commands.common import OK, PROBLEMS, Command, count, takes_site, unusable
from catalog.problem import Unusable
from catalog.store import Store, when

NOTHING = "还没有发布过。"


def _published(options: argparse.Namespace) -> Store:
    """The store, where there is one: a site that was mistyped is not begun."""
    store = Store(options.site)
    if not store.ids():
        raise Unusable(f"{options.site} 里{NOTHING}")
    return store


def _takes_release(command: argparse.ArgumentParser) -> None:
    takes_site(command)
    command.add_argument("release", nargs="?", metavar="ID", help="版本号")


def _takes_two(command: argparse.ArgumentParser) -> None:
    takes_site(command)
    command.add_argument("old", nargs="?", metavar="A", help="较早的版本，不写就是当前版本的前一个")
    command.add_argument("new", nargs="?", metavar="B", help="较晚的版本，不写就是当前版本")


def _takes_number(command: argparse.ArgumentParser) -> None:
    takes_site(command)
    words = "留下最近几个版本，不写是 10 个"
    command.add_argument("--keep", type=count, default=10, metavar="N", help=words)


def _releases(options: argparse.Namespace) -> int:
    store = Store(options.site)
    current = store.current()
    for release in store.ids():
        pages = sum(part.pages for part in store.parts(release).values())
        print(f"{release}  {when(release)}  {pages} 个页面{'  ← 当前版本' if release == current else ''}")
    if not store.ids():
        print(NOTHING)
    return OK


def _rollback(options: argparse.Namespace) -> int:
    store = _published(options)
    with store.locked():
        ids, current = store.ids(), store.current()
        earlier = [each for each in ids if current is None or each < current]
        release = options.release or (earlier[-1] if earlier else None)
        if release is None:
            return unusable("没有更早的版本可以退回。")
        if release not in ids:
            return unusable(f"没有 {release} 这个版本，可用 build.py releases 查看。")
        faults = list(store.verify(release))
        if faults:
            return unusable(f"版本 {release} 不完整，没有退回：{faults[0]}。可换一个版本。")
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
        return unusable("要有两个版本才能比较。")
    for each in (old, new):
        if each not in ids:
            return unusable(f"没有 {each} 这个版本，可用 build.py releases 查看。")
    told = list(compare.changes(store.data(old), store.data(new)))
    print(f"从 {old}（{when(old)}）到 {new}（{when(new)}）：")
    for line in told:
        print(f"  {line}")
    print(f"共 {len(told)} 处变化。" if told else "  事项、街道和站点都没有变化。")
    return OK


def _prune(options: argparse.Namespace) -> int:
    store = _published(options)
    with store.locked():
        gone = store.prune(options.keep)
    print(f"删去 {len(gone)} 个旧版本，留下 {len(store.ids())} 个。")
    return OK


def _verify(options: argparse.Namespace) -> int:
    store = Store(options.site)
    release = options.release or store.current()
    if release is None or release not in store.ids():
        return unusable(
            f"没有 {release} 这个版本，可用 build.py releases 查看。"
            if release
            else "没有当前版本，可用 build.py releases 查看。"
            if store.ids()
            else NOTHING
        )
    faults = list(store.verify(release))
    for fault in faults:
        print(fault)
    if faults:
        print(f"版本 {release} 有 {len(faults)} 处与发布时不同。")
        print("可先退回别的版本（build.py rollback），再全部重新生成（build.py publish --anew）。")
        return PROBLEMS
    print(f"版本 {release} 完整：每个文件都与发布时相同。")
    return OK


COMMANDS = {
    "releases": Command(takes_site, _releases),
    "verify": Command(_takes_release, _verify),
    "rollback": Command(_takes_release, _rollback),
    "diff": Command(_takes_two, _diff),
    "prune": Command(_takes_number, _prune),
}
