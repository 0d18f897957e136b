"""The command as editors run it: what it prints, what it returns, and what it leaves alone."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.catalogue import ALLOWANCE, MINIMAL, REGISTRATION, Content
from tests.support.store import tree

ROOT = Path(__file__).parents[2]


def build(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "build.py", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment, check=False)


def snapshot(directory: Path) -> dict[str, bytes | str]:
    """Every file and link below a directory."""
    return {
        str(path.relative_to(directory)): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in directory.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def test_the_sample_is_published_and_then_unchanged(tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = build("publish", "--site", site)
    stages = ("读取内容", "检查", "安排页面", "生成页面", "检查链接", "发布")
    assert (first.returncode, first.stderr) == (0, "".join(f"{stage}……\n" for stage in stages))
    told = re.fullmatch(
        r"(?:有 \d+ 条建议，.*\n)?已发布版本 (\d{8}T\d{6}Z-[0-9a-f]{8})：生成 (\d+) 个页面，沿用 0 个，"
        r"去掉 0 个，用时 \d+\.\d\d 秒。\n",
        first.stdout,
    )
    assert told is not None
    assert os.readlink(site / "current") == f"releases/{told[1]}"
    paths = [path for path in tree(site / "current") if path.endswith(".html")]
    assert int(told[2]) == sum(not path.startswith(("elder/", "contrast/")) for path in paths) > 0
    assert json.loads((site / "current" / "catalog.json").read_bytes())["schema"] == "kezhong-catalog"

    before = snapshot(site)
    again = build("publish", "--site", site)
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1] == f"内容与当前版本 {told[1]} 相同，未发布新版本。"
    assert snapshot(site) == before


def test_a_sound_catalogue_passes_the_check() -> None:
    result = build("check", "--content", MINIMAL)
    assert (result.returncode, result.stderr) == (0, "")
    assert re.fullmatch(r"检查通过：2 个事项，2 个街道（乡镇），2 个站点，\d+ 个页面。\n", result.stdout)


@pytest.fixture
def advised(content: Content) -> Content:
    """A legal basis without its document number: advice, no error."""
    content.edit(ALLOWANCE, "    number: 样例令第 1 号\n", "")
    return content


def test_advice_is_told_and_stops_nothing(advised: Content, tmp_path: Path) -> None:
    advice = f"{ALLOWANCE}:60:5 建议：《样例市老年人权益保障条例》没有 number（文号），查得到就补上。"
    checked = build("check", "--content", advised.root)
    assert checked.returncode == 0
    assert checked.stdout.splitlines()[:2] == [advice, "有 1 条建议，不影响发布。"]
    published = build("publish", "--content", advised.root, "--site", tmp_path / "site")
    assert published.returncode == 0
    assert published.stdout.splitlines()[0] == "有 1 条建议，不影响发布，可用 build.py check 查看。"
    assert (tmp_path / "site" / "current" / "index.html").exists()


def test_advice_is_counted_apart_from_faults(advised: Content) -> None:
    advised.edit(ALLOWANCE, "topics: [老人服务]", "topics: []")
    result = build("check", "--content", advised.root)
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1] == "发现 1 处问题，另有 1 条建议。"


def test_the_check_speaks_json_to_machines(advised: Content) -> None:
    result = build("check", "--format", "json", "--content", advised.root)
    assert (result.returncode, json.loads(result.stdout)) == (
        0,
        [
            {
                "file": ALLOWANCE,
                "line": 60,
                "column": 5,
                "rule": "basis-number",
                "severity": "advice",
                "message": "《样例市老年人权益保障条例》没有 number（文号），查得到就补上。",
            }
        ],
    )
    advised.edit(ALLOWANCE, "visits: 1", "visits: 多次")
    result = build("check", "--format", "json", "--content", advised.root)
    assert result.returncode == 1
    (problem,) = json.loads(result.stdout)
    assert (problem["rule"], problem["severity"], problem["line"]) == ("field-value", "error", 57)


@pytest.fixture
def spoilt(content: Content) -> Content:
    """A missing material, an unknown field, a duplicate code, a link to nothing, and a broken YAML."""
    content.edit(ALLOWANCE, "item:jiu-ye-deng-ji", "item:jiu-ye-dengji")
    content.edit(REGISTRATION, 'code: "002000010002"', 'code: "000500010001"')
    text = (content.root / REGISTRATION).read_text("utf-8")
    copy = text.replace("000500010001", "002000010003").replace("jiu-ye-deng-ji", "c")
    copy = copy.replace("就业登记", "求职登记").replace("登记就业", "登记求职")
    content.write(
        "items/c.yaml", re.sub(r"materials:.*?steps:", "steps:", copy, flags=re.DOTALL) + "telefax: 1\n"
    )
    content.write("items/d.yaml", 'name: "没有成对的引号\n')
    content.edit("stations.csv", "990100102,", "990100999,")
    return content


def test_all_faults_are_told_at_once_and_nothing_is_published(spoilt: Content, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert build("publish", "--content", MINIMAL, "--site", site).returncode == 0
    before = snapshot(site)
    result = build("publish", "--content", spoilt.root, "--site", site)
    assert (result.returncode, result.stderr) == (1, "读取内容……\n检查……\n")
    *faults, count = result.stdout.splitlines()
    assert faults[0] == "items/c.yaml:1:1 缺少 materials（材料）。"
    assert faults[1].startswith("items/c.yaml:32:1 有不认识的字段 telefax，应为 code、local_code、slug、")
    assert faults[2:] == [
        "items/d.yaml:2:1 引号没有成对，到文件末尾仍未结束。",
        f"{ALLOWANCE}:13:10 链接 item:jiu-ye-dengji 没有对应的事项，最接近的是 jiu-ye-deng-ji。",
        f"{REGISTRATION}:1:7 code（基本编码）“000500010001”与 {ALLOWANCE} 第 2 行重复，应各不相同。",
        "stations.csv:3:4 streets.csv 中没有代码为 990100999 的街道，最接近的是 990100102。",
    ]
    assert count == "发现 6 处问题，未发布任何内容。"
    assert snapshot(site) == before


def test_the_check_tells_the_same_faults(spoilt: Content) -> None:
    result = build("check", "--content", spoilt.root)
    assert result.returncode == 1
    assert result.stdout.endswith("\n发现 6 处问题。\n")


def published(site: Path) -> list[str]:
    """What of a site the public could see."""
    return [path.name for path in site.rglob("*") if path.name not in ("releases", "trees", ".lock")]


def test_nothing_is_begun_for_a_spoilt_catalogue(spoilt: Content, tmp_path: Path) -> None:
    assert build("publish", "--content", spoilt.root, "--site", tmp_path / "site").returncode == 1
    assert published(tmp_path / "site") == []


def test_faults_that_only_the_pages_show_stop_both_commands(content: Content, tmp_path: Path) -> None:
    content.edit("streets.csv", "jia-street", "index")
    (content.root / "streets" / "jia-street.yaml").rename(content.root / "streets" / "index.yaml")
    for command in (["check"], ["publish", "--site", tmp_path / "site"]):
        result = build(*command, "--content", content.root)
        assert result.returncode == 1
        assert result.stdout.startswith("streets/index.html 网址 /streets/index.html 已有别的内容")
    assert published(tmp_path / "site") == []


@pytest.mark.parametrize(
    "arguments", [[], ["delete"], ["check", "--site", "x"], ["publish", "--content"], ["check", "extra"]]
)
def test_wrong_usage_returns_2(arguments: list[str]) -> None:
    result = build(*arguments)
    assert result.returncode == 2
    assert "usage: build.py" in result.stderr


def test_content_that_is_no_directory_returns_2(tmp_path: Path) -> None:
    result = build("check", "--content", tmp_path / "nowhere")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"无法读写 {tmp_path / 'nowhere'}：应为目录。\n"


def test_a_site_that_cannot_be_written_returns_2(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    result = build("publish", "--content", MINIMAL, "--site", tmp_path / "site")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"无法读写 {tmp_path / 'site'}")


def test_site_and_templates_are_no_packages() -> None:
    assert {name.partition(".")[0] for name in packages()} == {"catalog", "consult"}
    # The working directory comes first on the path here, as it does for `python build.py`.
    code = "import importlib; print(importlib.reload(importlib.import_module('site')).__file__)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert Path(result.stdout.strip()).parent == Path(os.__file__).parent


def test_every_package_is_in_the_wheel() -> None:
    found = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for top in ("catalog", "consult")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert found == packages()


def packages() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return set(settings["tool"]["setuptools"]["packages"])
