"""`schema` and `sample-city`: files for those who write or try the content."""

import argparse
from pathlib import Path

from catalog import content_schema
from catalog.commands.common import OK, ROOT, SAMPLE, Command, unusable
from catalog.sample_city import STATION_COUNT, STREET_COUNT, city


def _takes_file(command: argparse.ArgumentParser) -> None:
    schema = ROOT / "docs" / "content.schema.json"
    command.add_argument("--out", type=Path, default=schema, metavar="FILE", help="写入的文件")


def _takes_directory(command: argparse.ArgumentParser) -> None:
    command.add_argument("out", type=Path, metavar="DIR", help="写入的目录，应不存在或为空")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="同一个数得到同样的内容")


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


COMMANDS = {"schema": Command(_takes_file, _schema), "sample-city": Command(_takes_directory, _sample_city)}
