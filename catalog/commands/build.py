"""Everything up to the disk: the same for every command, so that what passes the check can be published."""

from datetime import date
from pathlib import Path

from catalog import blame, days
from catalog.check import ahead, check
from catalog.commands.common import TEMPLATES
from catalog.load import load
from catalog.model import Catalogue
from catalog.problem import Problem, errors
from catalog.release import assemble
from catalog.render import prose_links
from catalog.sections import Files


def build(content: Path, day: date | None = None) -> tuple[Catalogue | None, Files, list[Problem]]:
    """The catalogue and its files, None and none where problems stop them; every problem, in order.

    As it is in force on a day, with what is prepared for later, or as it is written where there is no day.
    """
    loaded = load(content, day)
    problems = sorted([*loaded.problems, *check(loaded, prose_links)])
    catalogue = loaded.catalogue
    if catalogue is None or errors(problems):
        return None, {}, problems
    if day is not None:
        problems += ahead(content, loaded, prose_links, day)
        catalogue = days.in_force(catalogue, day)
    files, faults = assemble(catalogue, TEMPLATES, blame.sources(content, TEMPLATES))
    return catalogue, files, sorted([*problems, *faults])
