"""`check`: what is wrong with the content, for people or for programs."""

import argparse
import json
from datetime import UTC, datetime

from catalog import inputs
from catalog.commands.build import build
from catalog.commands.common import OK, PROBLEMS, Command, refuse, takes_content, tell
from catalog.problem import errors
from catalog.release import page_count


def _takes(command: argparse.ArgumentParser) -> None:
    takes_content(command)
    words = "text 给人看，json 给程序用"
    command.add_argument("--format", choices=("text", "json"), default="text", help=words)


def _check(options: argparse.Namespace) -> int:
    catalogue, files, problems = build(options.content, inputs.today(datetime.now(UTC)))
    if options.format == "json":
        print(json.dumps([problem.plain() for problem in problems], ensure_ascii=False, indent=1))
        return PROBLEMS if errors(problems) else OK
    if catalogue is None or errors(problems):
        return refuse(problems, "")
    tell(problems)
    if problems:
        print(f"有 {len(problems)} 条建议，不影响发布。")
    print(
        f"检查通过：{len(catalogue.items)} 个事项，{len(catalogue.streets)} 个街道（乡镇），"
        f"{len(catalogue.stations)} 个站点，{page_count(files)} 个页面。"
    )
    return OK


COMMANDS = {"check": Command(_takes, _check)}
