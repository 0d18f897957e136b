"""`log`: what the content changes of the current release goes into the log of changes, for the editor to improve on."""

import argparse
import sys
from datetime import UTC, datetime

from catalog import change_log, days, inputs
from catalog.commands.common import OK, PROBLEMS, Command, refuse, takes_content, takes_site, unusable
from catalog.exchange import catalog_json
from catalog.exchange.workbook.package import WorkbookError
from catalog.exchange.workbook.store import replace_all
from catalog.load import CHANGES, load
from catalog.store import Store, moment


def _takes(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    takes_site(command)


def _log(options: argparse.Namespace) -> int:
    store, today = Store(options.site), inputs.today(datetime.now(UTC))
    release = store.current()
    if release is None:
        return unusable("还没有发布过，没有可以比较的版本。")
    loaded = load(options.content, today)
    if loaded.catalogue is None:
        return refuse(list(loaded.problems), "，没有写入")
    published = moment(release)
    since = inputs.today(published) if published else today
    catalogue = days.in_force(loaded.catalogue, today)
    new = catalog_json.document(catalogue)
    drafts = list(change_log.drafts(store.data(release), new, catalogue.disclosure.changes, since))
    if not drafts:
        print("与当前版本相比，没有要记入更新记录的变化。")
        return OK
    path = options.content / CHANGES
    before = path.read_bytes() if path.exists() else None
    text = change_log.written((before or b"").decode(), drafts, today)
    if text is None:
        print(f"{CHANGES} 里没有单独一行的 changes:，不知道写在哪里，没有写入。", file=sys.stderr)
        return PROBLEMS
    path.parent.mkdir(exist_ok=True)
    try:
        replace_all(options.content, {CHANGES: before}, {CHANGES: text.encode()})
    except WorkbookError as error:
        return unusable(str(error))
    for each in drafts:
        print(f"{each.kind.value}  {each.slug}  {each.text}")
    print(f"已写入 {path}：{len(drafts)} 条。请改成居民看得懂的话，再发布。")
    return OK


COMMANDS = {"log": Command(_takes, _log)}
