"""The commands that look at what was published, and go back to it."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog import inputs
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
        f"版本 {release} 有 3 处与发布时不同。",
        "可先退回别的版本（build.py rollback），再全部重新生成（build.py publish --anew）。",
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
    assert run(site, "rollback") == (2, [], f"{site} 里还没有发布过。\n")
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


def due(content: Content, site: Path, *more: str) -> tuple[int, str]:
    result = here("publish", "--due", "--no-compress", "--content", content.root, "--site", site, *more)
    return result.returncode, (result.stdout or result.stderr).splitlines()[-1]


def test_due_publishes_on_the_day_that_something_falls_due_only(content: Content, tmp_path: Path) -> None:
    site, yesterday = tmp_path / "site", datetime.now(UTC) - timedelta(days=1)
    publish(content.root, TEMPLATES, site, yesterday, compress=False)
    assert due(content, site) == (0, "没有到期的内容，未发布。")
    code, line = due(content, site, "--json")
    assert (code, json.loads(line)) == (0, {"release": current(site), "fresh": False})
    # Prepared after the release, for the day that has come since.
    prepared = (content.root / REGISTRATION).read_text("utf-8").replace("找到工作后", "换了工作后")
    content.write(REGISTRATION.replace(".yaml", f"@{inputs.today(datetime.now(UTC))}.yaml"), prepared)
    code, line = due(content, site)
    assert (code, line[:6]) == (0, "已发布版本 ")
    assert "换了工作后" in (site / "current" / REGISTRATION.replace(".yaml", ".html")).read_text("utf-8")
    assert due(content, site) == (0, "没有到期的内容，未发布。")


def test_due_leaves_alone_what_was_gone_back_to(content: Content, site: Path) -> None:
    run(site, "rollback")
    release = current(site)
    code, line = due(content, site)
    assert (code, line) == (
        2,
        "当前版本是退回的旧版本，定时发布已停。改好内容以后，请自己发布一次（build.py publish）。",
    )
    assert current(site) == release


def test_due_publishes_where_nothing_is_current_and_tells_faults(content: Content, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert due(content, site)[1].startswith("已发布版本 ")
    (content.root / "bodies.yaml").unlink()
    assert due(content, site)[0] == 1


def test_machines_are_told_what_was_done_in_one_line(content: Content, tmp_path: Path) -> None:
    def told() -> dict[str, Any]:
        result = here(
            *("publish", "--json", "--no-compress"), "--content", content.root, "--site", tmp_path / "site"
        )
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


def test_what_was_damaged_is_made_anew(content: Content, tmp_path: Path) -> None:
    site = tmp_path / "site"
    arguments = ("publish", "--no-compress", "--content", content.root, "--site", site)
    here(*arguments)
    release, before = current(site), tree(site / "current")
    where = site / "trees" / Store(site).parts(release)["streets/jia-street"].tree
    shutil.rmtree(where)
    assert run(site, "verify")[0] == 1
    assert here(*arguments).stdout == f"内容与当前版本 {release} 相同，未发布新版本。\n"
    assert (tree(site / "current"), run(site, "verify")[0]) == (before, 0)
    guide = "streets/jia-street/items/gao-ling-jin-tie.html"
    (where / "elder" / guide).write_text("spoilt")
    (where / guide).unlink()
    content.edit("stations.csv", "010-00000101", "010-00000109")
    result = here(*arguments)
    assert result.returncode == 2 and "请运行 build.py publish --anew 全部重新生成。" in result.stderr
    content.edit("stations.csv", "010-00000109", "010-00000101")
    assert here(*arguments, "--anew").stdout.startswith("已发布版本 ")
    found = tree(site / "current")
    assert {path for path in before if before[path] != found[path]} == {MANIFEST}
    assert run(site, "verify")[0] == 0 and current(site).endswith(release[-8:])


def test_only_what_is_called_like_a_release_is_one(site: Path) -> None:
    (site / "releases" / "backup").mkdir()
    (site / "releases" / "readme").write_text("mine")
    assert run(site, "prune", "--keep", "1")[1] == ["删去 2 个旧版本，留下 1 个。"]
    assert (site / "releases" / "backup").is_dir() and len(run(site, "releases")[1]) == 1


def test_a_site_among_the_content_is_refused(content: Content) -> None:
    before = sorted(content.root.rglob("*"))
    for site in (content.root, content.root / "items", content.root.parent):
        result = here("publish", "--content", content.root, "--site", site)
        assert result.returncode == 2 and "应分开" in result.stderr
    assert sorted(content.root.rglob("*")) == before


def test_what_cannot_be_worked_with_is_told_without_a_traceback(
    site: Path, content: Content, tmp_path: Path
) -> None:
    for text in ("{", "[]", '{"a": 1}'):
        catalog = site / "current" / "catalog.json"
        catalog.unlink()
        catalog.write_text(text)
        for command in (["diff"], ["log"]):
            code, _, said = run(site, *command)
            assert code == 2 and said.endswith("可运行 build.py publish --anew 全部重新生成。\n")
    link = site / "current"
    link.unlink()
    assert run(site, "verify") == (2, [], "没有当前版本，可用 build.py releases 查看。\n")
    link.mkdir()
    code, _, said = run(site, "rollback")
    assert code == 2 and "应是指向一个版本的链接" in said
    nowhere = tmp_path / "nowhere"
    assert run(nowhere, "prune") == (2, [], f"{nowhere} 里还没有发布过。\n") and not nowhere.exists()
    (content.root / "items" / os.fsdecode(b"\xff.yaml")).touch()
    result = here("publish", "--content", content.root, "--site", tmp_path / "other")
    assert (result.returncode, result.stderr[:4]) == (1, "读取内容")


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    def interrupted(store: Store) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "ids", interrupted)
    assert run(site, "releases") == (130, [], "已中断。网站仍是完整的，可以再运行一次。\n")


def test_a_page_that_loses_its_address_is_counted(content: Content, tmp_path: Path) -> None:
    publish(content.root, TEMPLATES, tmp_path, NOON, compress=False)
    content.edit("stations.csv", "jia-yi", "jia-xin")
    done = publish(content.root, TEMPLATES, tmp_path, NOON, compress=False)
    assert done.removed == 2 and done.plain()["removed"] == 2


def test_an_id_of_another_form_has_no_moment() -> None:
    assert (moment("old"), when("old")) == (None, "时间不明")
