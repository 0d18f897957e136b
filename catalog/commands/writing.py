"""`new`, `schema` and `sample-city`: files for those who write or try the content."""

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

from catalog import content_schema, inputs, skeleton
from catalog.commands.common import OK, ROOT, SAMPLE, Command, takes_content, unusable
from catalog.fields import SLUG, SLUG_LENGTH
from catalog.load import DISTRICT, FROM, ITEMS, LAYERS
from catalog.sample_city import STATION_COUNT, STREET_COUNT, city


def _takes_file(command: argparse.ArgumentParser) -> None:
    schema = ROOT / "docs" / "content.schema.json"
    command.add_argument("--out", type=Path, default=schema, metavar="FILE", help="写入的文件")


def _takes_directory(command: argparse.ArgumentParser) -> None:
    command.add_argument("out", type=Path, metavar="DIR", help="写入的目录，应不存在或为空")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="同一个数得到同样的内容")


def _takes_slug(command: argparse.ArgumentParser) -> None:
    command.add_argument("kind", choices=("item",), help="item 是事项")
    command.add_argument("slug", metavar="SLUG", help="网址名：小写拼音，用连字符相连，例如 gaoling-jintie")
    takes_content(command)


def _new(options: argparse.Namespace) -> int:
    slug, items = options.slug, options.content / ITEMS
    if not re.fullmatch(SLUG, slug) or len(slug) > SLUG_LENGTH:
        return unusable(
            f"网址名应是小写拼音、数字和连字符，不超过 {SLUG_LENGTH} 个字符，例如 gaoling-jintie，"
            f"现在是 {slug}。没有写入。"
        )
    if not items.is_dir():
        return unusable(f"{options.content} 不是内容目录，里面没有 {ITEMS}。没有写入。")
    if taken := sorted(path.name for path in items.iterdir() if path.stem.partition(FROM)[0] == slug):
        return unusable(f"已有 {items / taken[0]}。请换一个网址名，或直接修改它。没有写入。")
    path = items / f"{slug}.yaml"
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(skeleton.item(slug, inputs.today(datetime.now(UTC))))
    print(
        f"已写出 {path}。接下来：\n"
        f"1. 打开它，照每一项上面的说明填写。没有填完的不会发布。\n"
        f"2. 写进清单：全区都办的，把 {slug} 加进 {DISTRICT} 的 items；"
        f"只有一个街道办的，加进 {LAYERS}/ 中这个街道的 additions。\n"
        "3. 运行 build.py preview，边填边看；哪一项还没有填好，网页上会逐项列出。"
    )
    return OK


def _schema(options: argparse.Namespace) -> int:
    options.out.write_bytes(content_schema.encode())
    print(f"已写出 {options.out}。")
    return OK


def _sample_city(options: argparse.Namespace) -> int:
    out: Path = options.out
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        return unusable(f"{out} 应是还不存在的目录或空目录，现在已有内容，没有写入。")
    sample = {
        path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()
    }
    for path, data in city(options.seed, sample).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    print(f"已写出 {out}：{STREET_COUNT} 个街道（乡镇），{STATION_COUNT} 个站点。全部是虚构的。")
    return OK


COMMANDS = {
    "new": Command(_takes_slug, _new),
    "schema": Command(_takes_file, _schema),
    "sample-city": Command(_takes_directory, _sample_city),
}
