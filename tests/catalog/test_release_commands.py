"""The commands that look at what was published, and go back to it."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.publish import publish
from catalog.store import MANIFEST, Store, moment, when
from tests.support.catalogue import ALLOWANCE, REGISTRATION, Content
from tests.support.command import here
from tests.support.store import tree

TEMPLATES = Path(__file__).parents[2] / "templates"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TOLD = ("2026年11月23日 12:00", "2026年11月23日 12:01", "2026年11月23日 12:02")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of three releases: the second changes an item's name, the third a station's telephone."""
    root = tmp_path_factory.mktemp("published")
    content = Content(root / "content")
    edits = (
        (ALLOWANCE, "plain_name: ", "plain_name: "),
        (ALLOWANCE, "plain_name: ", "plain_name: 新的"),
        ("stations.csv", "010-00000101", "010-00000999"),
    )
    for minute, edit in enumerate(edits):
        content.edit(*edit)
        now = NOON + timedelta(minutes=minute)
        publish(content.root, TEMPLATES, root / "site", now, compress=False)
    return root


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published / "site", tmp_path / "site", symlinks=True))


def current(site: Path) -> str:
    return Path(os.readlink(site / "current")).name


def run(site: Path, *arguments: str) -> tuple[int, list[str], str]:
    result = here(*arguments[:1], "--site", site, *arguments[1:])
    return result.returncode, result.stdout.splitlines(), result.stderr


def test_releases_are_listed_the_current_one_marked(site: Path) -> None:
    code, lines, said = run(site, "releases")
    assert (code, said) == (0, "")
    ids = Store(site).ids()
    assert [line.split("  ")[:2] for line in lines] == [list(each) for each in zip(ids, TOLD, strict=True)]
    assert [line.endswith("← 当前版本") for line in lines] == [False, False, True]


def test_rollback_goes_to_the_one_before_or_to_the_one_that_is_named(site: Path) -> None:
    first, second, third = Store(site).ids()
    before = tree(site / "releases" / second)
    code, lines, _ = run(site, "rollback")
    assert (code, current(site)) == (0, second)
    assert lines == [f"当前版本已换成 {second}（{TOLD[1]}）。内容目录没有变，下次发布会照内容目录重新生成。"]
    assert tree(site / "current") == before
    assert run(site, "rollback")[0] == 0 and current(site) == first
    assert run(site, "rollback") == (2, [], "没有更早的版本可以退回。\n")
    assert run(site, "rollback", third)[0] == 0 and current(site) == third


def test_nobody_goes_back_to_what_is_not_there_or_not_whole(site: Path) -> None:
    _, second, third = Store(site).ids()
    code, _, said = run(site, "rollback", "20200101T000000Z-00000000")
    assert (code, said) == (2, "没有 20200101T000000Z-00000000 这个版本，可用 build.py releases 查看。\n")
    page = site / "releases" / second / "items" / "index.html"
    page.unlink()
    code, _, said = run(site, "rollback")
    assert (code, said) == (2, f"版本 {second} 不完整，没有退回：items/index.html：缺少。可换一个版本。\n")
    assert current(site) == third


def test_verify_tells_every_file_that_is_not_as_it_was_published(site: Path) -> None:
    release = current(site)
    assert run(site, "verify") == (0, [f"版本 {release} 完整：每个文件都与发布时相同。"], "")
    root = site / "releases" / release
    (root / "items" / "more.html").write_text("more")
    changed = root / "robots.txt"
    text = changed.read_text()
    changed.unlink()
    changed.write_text(f"{text}#")
    (root / "streets" / "jia-street" / "jia-yi.html").unlink()
    code, lines, _ = run(site, "verify", release)
    assert code == 1
    assert lines == [
        "items/more.html：不是这一版的文件",
        "robots.txt：内容被改过",
        "streets/jia-street/jia-yi.html：缺少",
        f"版本 {release} 有 3 处与发布时不同。可先退回别的版本：build.py rollback。",
    ]


def test_a_manifest_or_a_record_that_was_changed_is_told_of(site: Path) -> None:
    store, release = Store(site), current(site)
    parts = store.parts(release)
    record = site / "trees" / f"{parts['search'].tree}.json"
    told = json.loads(record.read_bytes())
    del told["files"]["search/items.json"]
    record.write_text(json.dumps(told))
    assert list(store.verify(release)) == [
        "search：文件清单缺少，或者被改过",
        "search/items.json：不是这一版的文件",
    ]
    manifest = site / "releases" / release / MANIFEST
    written = json.loads(manifest.read_bytes())
    written["sections"]["search"]["tree"] = parts["data"].tree
    manifest.write_text(json.dumps(written))
    assert f"{MANIFEST}：与版本号不符" in list(store.verify(release))
    manifest.write_text("{")
    assert list(store.verify(release)) == [f"{MANIFEST}：缺少，或者读不出来"]
    assert store.parts(release) == {}


def test_diff_tells_in_words_what_the_public_sees_change(site: Path) -> None:
    first, second, third = Store(site).ids()
    code, lines, _ = run(site, "diff")
    assert code == 0
    assert lines[0] == f"从 {second}（{TOLD[1]}）到 {third}（{TOLD[2]}）："
    assert lines[1].endswith("：电话由“010-00000101”改为“010-00000999”")
    assert lines[2:] == ["共 1 处变化。"]
    _, lines, _ = run(site, "diff", first, third)
    assert lines[-1] == "共 2 处变化。" and any("事项“新的高龄津贴”" in line for line in lines)
    assert run(site, "diff", third, third)[1][1:] == ["  事项、街道和站点都没有变化。"]
    code, _, said = run(site, "diff", "x", third)
    assert (code, said) == (2, "没有 x 这个版本，可用 build.py releases 查看。\n")


def test_prune_keeps_the_newest_and_the_current_one(site: Path) -> None:
    first, second, third = Store(site).ids()
    run(site, "rollback", first)
    trees = len(list((site / "trees").iterdir()))
    assert run(site, "prune", "--keep", "1") == (0, ["删去 1 个旧版本，留下 2 个。"], "")
    assert Store(site).ids() == [first, third]
    assert len(list((site / "trees").iterdir())) < trees
    assert run(site, "verify", first)[0] == run(site, "verify", third)[0] == 0
    assert run(site, "prune", "--keep", "0")[0] == 2
    assert second not in str(run(site, "releases"))


def test_before_the_first_release_every_command_says_so(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert run(site, "releases") == (0, ["还没有发布过。"], "")
    assert run(site, "verify") == (2, [], "还没有发布过。\n")
    assert run(site, "diff") == (2, [], "要有两个版本才能比较。\n")
    assert run(site, "rollback") == (2, [], "没有更早的版本可以退回。\n")
    assert run(site, "log") == (2, [], "还没有发布过，没有可以比较的版本。\n")


def test_log_writes_what_changed_since_the_current_release(
    published: Path, site: Path, tmp_path: Path
) -> None:
    content = Content(tmp_path / "content")
    content.edit(ALLOWANCE, "plain_name: ", "plain_name: 新的")
    run(site, "rollback", Store(site).ids()[0])
    result = here("log", "--content", content.root, "--site", site)
    assert result.returncode == 0
    path = content.root / "disclosure" / "changes.yaml"
    first, last = result.stdout.splitlines()
    assert first.startswith("修改  gao-ling-jin-tie  通俗名称由“高龄津贴”改为“新的高龄津贴”")
    assert last == f"已写入 {path}：1 条。请改成居民看得懂的话，再发布。"
    assert "通俗名称由“高龄津贴”改为“新的高龄津贴”。" in path.read_text("utf-8")
    again = here("log", "--content", content.root, "--site", site)
    assert again.stdout == "与当前版本相比，没有要记入更新记录的变化。\n"
    path.write_text("changes: []\n")
    result = here("log", "--content", content.root, "--site", site)
    assert result.returncode == 1


def test_due_publishes_on_the_day_that_something_falls_due_only(tmp_path: Path) -> None:
    content, site = Content(tmp_path / "content"), tmp_path / "site"
    content.edit(REGISTRATION, "slug: ", 'expires: "2030-01-01"\nslug: ')

    def due(day: str) -> str:
        # The clock is the machine's: the content's day comes nearer instead.
        text = (content.root / REGISTRATION).read_text("utf-8")
        lines = [f'expires: "{day}"' if line.startswith("expires: ") else line for line in text.splitlines()]
        content.write(REGISTRATION, "\n".join(lines) + "\n")
        result = here("publish", "--due", "--no-compress", "--content", content.root, "--site", site)
        assert result.returncode == 0
        return result.stdout.splitlines()[-1]

    assert due("2030-01-01") == "没有到期的内容，未发布。"
    publish(content.root, TEMPLATES, site, datetime.now(UTC), compress=False)
    assert due("2030-01-02") == "没有到期的内容，未发布。"
    note = site / ".inputs.json"
    note.write_text(note.read_text().replace("2030-01-01", "2026-01-01"))
    assert due("2030-01-02").startswith("已发布版本 ")


def test_machines_are_told_what_was_done_in_one_line(content: Content, tmp_path: Path) -> None:
    def told() -> dict[str, Any]:
        result = here("publish", "--json", "--no-compress", "--content", content.root, "--site", tmp_path)
        assert result.stderr == ""
        (line,) = result.stdout.splitlines()
        answer: dict[str, Any] = json.loads(line)
        return answer

    first = told()
    assert set(first) == {
        *("release", "fresh", "rendered", "reused", "removed", "advice", "seconds", "total")
    }
    assert (first["fresh"], first["reused"], first["removed"]) == (True, 0, 0)
    assert list(first["seconds"]) == ["读取内容", "检查", "安排页面", "生成页面", "检查链接", "发布"]
    assert (told()["fresh"], told()["release"]) == (False, first["release"])
    content.edit("stations.csv", "990100102,", "990100999,")
    (problem,) = told()["problems"]
    assert (problem["file"], problem["line"], problem["rule"]) == ("stations.csv", 3, "unknown-street")


def test_a_lost_tree_is_made_again(content: Content, tmp_path: Path) -> None:
    arguments = ("publish", "--no-compress", "--content", content.root, "--site", tmp_path)
    here(*arguments)
    release, before = current(tmp_path), tree(tmp_path / "current")
    shutil.rmtree(tmp_path / "trees" / Store(tmp_path).parts(release)["streets/jia-street"].tree)
    assert run(tmp_path, "verify")[0] == 1
    assert here(*arguments).stdout == f"内容与当前版本 {release} 相同，未发布新版本。\n"
    assert tree(tmp_path / "current") == before
    assert run(tmp_path, "verify")[0] == 0


def test_a_page_that_loses_its_address_is_counted(content: Content, tmp_path: Path) -> None:
    publish(content.root, TEMPLATES, tmp_path, NOON, compress=False)
    content.edit("stations.csv", "jia-yi", "jia-xin")
    done = publish(content.root, TEMPLATES, tmp_path, NOON, compress=False)
    assert done.removed == 2 and done.plain()["removed"] == 2


def test_an_id_of_another_form_has_no_moment() -> None:
    assert (moment("old"), when("old")) == (None, "时间不明")
