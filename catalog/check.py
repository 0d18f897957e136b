"""Checks a catalogue by every rule; never stops at the first fault."""

from catalog import rules_disclosure, rules_item, rules_layer, rules_place, rules_reference
from catalog.load import Loaded
from catalog.problem import Problem
from catalog.rule import ProseLinks, Rule, Scope

RULES: tuple[Rule, ...] = (
    *rules_item.RULES,
    *rules_reference.RULES,
    *rules_layer.RULES,
    *rules_place.RULES,
    *rules_disclosure.RULES,
)


def check(loaded: Loaded, prose_links: ProseLinks) -> list[Problem]:
    """The faults of all rules in the order of file and line; `loaded.problems` are not among them."""
    scope = Scope(loaded, prose_links)
    return sorted(problem for rule in RULES for problem in rule.problems(scope))
