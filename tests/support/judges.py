"""The judges that `sh tests/support/judges.sh` installs: the Nu HTML checker and Lighthouse."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.browser import CHROMIUM, QUIET

MODULES = Path(__file__).parents[1] / "judges" / "node_modules"
HINT = "install the judges first: sh tests/support/judges.sh"


def html_errors(directory: Path) -> list[str]:
    """Every error of the Nu HTML checker in the pages below `directory`; warnings are not among them."""
    checker = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    assert checker.exists(), HINT
    command = ["java", "-jar", str(checker), "--skip-non-html", "--errors-only", "--format", "json"]
    told = subprocess.run([*command, str(directory)], capture_output=True, text=True, check=False)
    messages = json.loads(told.stderr)["messages"]
    return [f"{each['url']}:{each.get('lastLine')}: {each['message']}" for each in messages]


def lighthouse(url: str, *categories: str) -> tuple[dict[str, float], list[str]]:
    """The score of each category (0 to 1), and the audits that were not passed in full."""
    script = MODULES / "lighthouse" / "cli" / "index.js"
    assert script.exists(), HINT
    flags = " ".join(("--headless=new", *QUIET))
    command = ["node", str(script), url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(categories)}"]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    report: dict[str, Any] = json.loads(told.stdout)
    scores = {name: category["score"] for name, category in report["categories"].items()}
    short = [
        f"{audit['id']}: {audit['title']}"
        for category in report["categories"].values()
        for reference in category["auditRefs"]
        if (audit := report["audits"][reference["id"]])["score"] not in (None, 1) and reference["weight"]
    ]
    return scores, short
