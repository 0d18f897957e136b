"""`publish`: the content becomes the current release."""

import argparse
import json
import time
from datetime import UTC, datetime

from catalog import inputs, progress
from catalog.commands.common import OK, PROBLEMS, TEMPLATES, Command, count, refuse, takes_content, takes_site
from catalog.publication import Publication, Refused
from catalog.store import Store


def _takes(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    takes_site(command)
    command.add_argument("--due", action="store_true", help="只在有内容到了生效或取消日期时发布")
    command.add_argument("--json", action="store_true", help="结果写成一行 JSON，给程序用")
    words = "不另存压缩好的文件（.gz、.br）"
    command.add_argument("--no-compress", dest="compress", action="store_false", help=words)
    words = "同时用几个进程，不写就是处理器的个数"
    command.add_argument("--processes", type=count, metavar="N", help=words)


def _publish(options: argparse.Namespace) -> int:
    now, begun = datetime.now(UTC), time.perf_counter()
    if options.due and not inputs.falls_due(options.site, now):
        print("没有到期的内容，未发布。")
        return OK
    try:
        done = _unchanged(options, now) or _published(options, now)
    except Refused as refusal:
        if options.json:
            print(json.dumps({"problems": [each.plain() for each in refusal.problems]}, ensure_ascii=False))
            return PROBLEMS
        return refuse(refusal.problems, "，未发布任何内容")
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


def _unchanged(options: argparse.Namespace, now: datetime) -> Publication | None:
    """The current release where nothing changed: told without all that is needed to make another."""
    store = Store(options.site)
    if not store.is_settled or not options.content.is_dir():
        return None
    read = inputs.digest(inputs.generator(options.compress), options.content, TEMPLATES)
    release = inputs.current(store, read, inputs.today(now))
    return Publication(release, fresh=False) if release else None


def _published(options: argparse.Namespace, now: datetime) -> Publication:
    # Only here: to import it takes longer than to see that nothing changed.
    from catalog.publish import publish

    with progress.shown(options.json) as shown:
        return publish(
            options.content, TEMPLATES, options.site, now, options.compress, options.processes, shown
        )


COMMANDS = {"publish": Command(_takes, _publish)}
