"""Everything up to the disk: the same for every command, so that what passes the check can be published."""

from pathlib import Path

from catalog import blame
from catalog.check import check
from catalog.commands.common import TEMPLATES
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem, errors
from catalog.release import assemble
from catalog.render import prose_links
from catalog.sections import Files


def build(content: Path) -> tuple[Catalogue | None, Files, list[Problem]]:
    """The catalogue and its files, None and none where problems stop them; every problem, in order."""
    loaded = load(content)
    problems = sorted([*loaded.problems, *check(loaded, prose_links)])
    catalogue = loaded.catalogue
    if catalogue is None or errors(problems):
        return None, {}, problems
    files, faults = assemble(catalogue, TEMPLATES, blame.sources(content, TEMPLATES))
    return catalogue, files, sorted([*problems, *faults])
