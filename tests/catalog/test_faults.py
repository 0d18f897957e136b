"""The catalogue of planted faults: every rule fires once, at its line."""

from collections import Counter
from pathlib import Path

import pytest

from catalog.check import RULES, check
from catalog.elements import ELEMENTS
from catalog.load import load
from catalog.problem import Problem, Severity
from catalog.render import prose_links
from catalog.rule import Rule
from catalog.rules_field import RULES as FIELD_RULES
from catalog.rules_field import FieldRule
from tests.support.catalogue import ALLOWANCE, Content

FAULTS = Path(__file__).parents[1] / "data" / "faults"
FIELD_FAULTS = FAULTS.with_name("field-faults")
EXPECTED = (FAULTS / "expected.txt").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    loaded = load(FAULTS)
    assert loaded.problems == ()
    return check(loaded, prose_links)


def test_every_planted_fault_is_told_at_its_line_and_nothing_else(problems: list[Problem]) -> None:
    assert [f"{each.file}:{each.line}:{each.rule}" for each in problems] == EXPECTED


def test_every_rule_has_one_planted_fault() -> None:
    planted = Counter(line.rpartition(":")[2] for line in EXPECTED)
    assert planted == {rule.code: 1 for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_fault_has_its_rules_severity_and_a_whole_sentence(problems: list[Problem], rule: Rule) -> None:
    (told,) = (each for each in problems if each.rule == rule.code)
    assert told.severity is rule.severity
    assert told.message.endswith("。") and told.column > 0


def test_every_field_rule_fires_once_at_its_line() -> None:
    told = [f"{each.file}:{each.line}:{each.rule}" for each in load(FIELD_FAULTS).problems]
    assert told == (FIELD_FAULTS / "expected.txt").read_text("utf-8").splitlines()
    assert Counter(line.rpartition(":")[2] for line in told) == {rule.code: 1 for rule in FIELD_RULES}


@pytest.mark.parametrize("rule", FIELD_RULES, ids=lambda rule: rule.code)
def test_a_field_rule_speaks_of_fields_that_are_there(rule: FieldRule) -> None:
    assert rule.asks and not rule.asks.endswith("。")
    for record, paths in rule.fields.items():
        assert paths <= set(ELEMENTS[record])


def test_a_list_with_a_faulty_part_is_not_called_too_short_as_well(content: Content) -> None:
    content.edit(ALLOWANCE, "    by: 街道中心", "    by: 街道")
    (told,) = content.faults()
    assert told.startswith(f"{ALLOWANCE}:42:9 办理流程第 2 项的 by（办理主体）应为")


def test_codes_of_rules_are_distinct_and_each_says_what_it_asks() -> None:
    assert len({rule.code for rule in RULES} | {rule.code for rule in FIELD_RULES}) == len(RULES) + len(
        FIELD_RULES
    )
    assert all(rule.asks and not rule.asks.endswith("。") for rule in RULES)


def test_some_rules_advise_and_most_stop_a_release() -> None:
    assert {rule.code for rule in RULES if rule.severity is Severity.ADVICE} == {
        "no-materials",
        "basis-number",
        "basis-article",
        "cancelled-item",
        "unlisted-item",
        "unused-form",
        "unstaffed-station",
    }
