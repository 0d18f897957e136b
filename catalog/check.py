"""Checks a catalogue by every rule; never stops at the first fault."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from catalog import days, rules_disclosure, rules_item, rules_layer, rules_place, rules_reference
from catalog.load import Loaded, load
from catalog.problem import Problem, Severity, errors
from catalog.rule import ProseLinks, Rule, Scope

RULES: tuple[Rule, ...] = (
    *rules_item.RULES,
    *rules_reference.RULES,
    *rules_layer.RULES,
    *rules_place.RULES,
    *rules_disclosure.RULES,
)


def ahead(content: Path, loaded: Loaded, prose_links: ProseLinks, day: date) -> Iterator[Problem]:
    """Faults of what is prepared for the days after `day`, as advice: they stop nothing until that day comes."""
    coming_days = days.due(loaded.catalogue, loaded.versions, day) if loaded.catalogue else ()
    told = {*loaded.problems, *check(loaded, prose_links)} if coming_days else set()
    for coming in coming_days:
        later = load(content, coming)
        for problem in errors([*later.problems, *check(later, prose_links)]):
            if problem not in told:
                told.add(problem)
                message = f"{problem.message}这是为 {coming} 准备的，不改好，那一天不能发布。"
                yield replace(problem, severity=Severity.ADVICE, message=message)


def check(loaded: Loaded, prose_links: ProseLinks) -> list[Problem]:
    """The faults of all rules in the order of file and line; `loaded.problems` are not among them."""
    scope = Scope(loaded, prose_links)
    return sorted(problem for rule in RULES for problem in rule.problems(scope))
