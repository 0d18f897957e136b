"""The editors' command: what to do with the content and the releases; `python build.py --help` lists it."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from catalog.problem import Unusable

COMMANDS: Mapping[str, tuple[str, str]] = {
    "check": ("checking", "只检查，不发布"),
    "new": ("writing", "写出一个新事项的空文件，每一项都有填写说明"),
    "preview": ("previewing", "在本机预览，改了内容网页自己更新"),
    "publish": ("publishing", "检查，没有问题就发布"),
    "releases": ("releases", "列出所有版本"),
    "verify": ("releases", "核对一个版本的每个文件是否与发布时相同"),
    "rollback": ("releases", "退回到以前的版本"),
    "diff": ("releases", "用文字列出两个版本之间的变化"),
    "log": ("log", "把与当前版本的不同写进目录更新记录"),
    "prune": ("releases", "删去旧版本，只留最近的几个"),
    "export": ("exchanging", "检查，没有问题就导出成别的格式"),
    "import": ("exchanging", "从改好的工作簿导入修改，确认以后写入"),
    "schema": ("writing", "写出内容的 JSON Schema，供编辑器提示和检查"),
    "sample-city": ("writing", "写出一座虚构城市的全部内容，用来试验和测速"),
}
"""The module of catalog/commands that each command is in, and what it does, in words."""
UNUSABLE, INTERRUPTED = 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 if it did its work, 1 if the content has problems, 2 if it could not begin."""
    parser = argparse.ArgumentParser(prog="build.py", description="检查并发布办事目录")
    names = f"{{{','.join(COMMANDS)}}}"
    commands = parser.add_subparsers(dest="command", required=True, metavar=names)
    for name, (module, words) in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        if name == next(iter(arguments), None):
            chosen = import_module(f"catalog.commands.{module}").COMMANDS[name]
            chosen.arguments(command)
            command.set_defaults(run=chosen.run)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("已中断。网站仍是完整的，可以再运行一次。", file=sys.stderr)
        return INTERRUPTED
    except Unusable as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        print(f"无法读写 {error.filename}：{error.strerror}。", file=sys.stderr)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
