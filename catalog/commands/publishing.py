"""`publish`: the content becomes the current release."""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from catalog import inputs, progress
from catalog.commands.common import OK, PROBLEMS, TEMPLATES, Command, count, refuse, takes_content, takes_site
from catalog.problem import Unusable
from catalog.publication import Publication, Refused
from catalog.store import Store


def _takes(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    takes_site(command)
    command.add_argument("--due", action="store_true", help="只在有内容到了生效或取消日期时发布")
    command.add_argument(
        "--anew", action="store_true", help="全部重新生成，不沿用以前发布的文件；修复损坏的版本"
    )
    command.add_argument("--json", action="store_true", help="结果写成一行 JSON，给程序用")
    words = "不另存压缩好的文件（.gz、.br）"
    command.add_argument("--no-compress", dest="compress", action="store_false", help=words)
    words = "同时用几个进程，不写就是处理器的个数"
    command.add_argument("--processes", type=count, metavar="N", help=words)


def _publish(options: argparse.Namespace) -> int:
    now, begun = datetime.now(UTC), time.perf_counter()
    _keep_apart(options.content, options.site)
    if options.due and not _is_due(options, now):
        said = {"release": Store(options.site).current(), "fresh": False}
        print(json.dumps(said) if options.json else "没有到期的内容，未发布。")
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


def _keep_apart(content: Path, site: Path) -> None:
    """Raises Unusable where the site would lie among the content, or the content in the site."""
    one, other = content.resolve(), site.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise Unusable(f"网站目录（{other}）和内容目录（{one}）应分开，现在一个在另一个里面，没有发布。")


def _is_due(options: argparse.Namespace, now: datetime) -> bool:
    """Whether a day has come, since the current release, on which residents should see something else."""
    store = Store(options.site)
    since = inputs.published(store)
    if store.current() is None:
        return True
    if since is None:
        raise Unusable(
            "当前版本是退回的旧版本，定时发布已停。改好内容以后，请自己发布一次（build.py publish）。"
        )
    # Only here, as below; what is prepared may have been written after the release.
    from catalog import days
    from catalog.load import load

    loaded = load(options.content, inputs.today(now))
    coming = days.due(loaded.catalogue, loaded.versions, since) if loaded.catalogue else (since,)
    return any(day <= inputs.today(now) for day in coming)


def _unchanged(options: argparse.Namespace, now: datetime) -> Publication | None:
    """The current release where nothing changed: told without all that is needed to make another."""
    store = Store(options.site)
    if options.anew or not store.is_settled or not options.content.is_dir():
        return None
    read = inputs.digest(inputs.generator(options.compress), options.content, TEMPLATES)
    release = inputs.current(store, read, inputs.today(now))
    return Publication(release, fresh=False) if release else None


def _published(options: argparse.Namespace, now: datetime) -> Publication:
    # Only here: to import it takes longer than to see that nothing changed.
    from catalog.publish import publish

    with progress.shown(options.json) as shown:
        return publish(
            options.content,
            TEMPLATES,
            options.site,
            now,
            options.compress,
            options.processes,
            shown,
            options.anew,
        )


COMMANDS = {"publish": Command(_takes, _publish)}
