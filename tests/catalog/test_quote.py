"""The line of a fault with the place marked."""

import pytest

from catalog.problem import Problem
from catalog.quote import Quote, quote


def fault(column: int, rule: str = "x", line: int = 1, file: str = "items/x.yaml") -> Problem:
    return Problem(file, line, column, rule, "")


@pytest.mark.parametrize(
    ("line", "problem", "expected"),
    [
        ("    copies: 三  # 份数", fault(13), ("    copies: ", "三", "  # 份数")),
        ("audience: [自然人, 个人]", fault(17), ("audience: [自然人, ", "个人", "]")),
        ('x: ["a, b", c]', fault(5), ("x: [", '"a, b"', ", c]")),
        ("x: '一 # 二' # 三", fault(4), ("x: ", "'一 # 二'", " # 三")),
        ("url: http://x.example/ a", fault(6), ("url: ", "http://x.example/ a", "")),
        ("name:", fault(6), ("name:", "", "")),
        ("name:", fault(99), ("name:", "", "")),
        ("them: 养老", fault(1, "field-unknown"), ("", "them", ": 养老")),
        ("  name: 二", fault(3, "yaml-duplicate-key"), ("  ", "name", ": 二")),
        ("  a b: c", fault(3, "yaml-syntax"), ("  ", "a b: c", "")),
        ("  <p>{{ x }}</p>", fault(0, file="templates/x.html"), ("  ", "<p>{{ x }}</p>", "")),
        ("a,b", fault(1, file="x.csv"), ("", "a", ",b")),
        ('a,"b,""c",d', fault(2, file="x.csv"), ("a,", '"b,""c"', ",d")),
        ('a,"b,""c",d', fault(3, file="x.csv"), ('a,"b,""c",', "d", "")),
        ("a: b,c", fault(1, file="x.csv"), ("", "a: b", ",c")),
        ("a,b", fault(9, file="x.csv"), ("a,b", "", "")),
        (f"x: {'长' * 90}", fault(4), ("x: ", "长" * 80 + "…", "")),
        (f"{'a' * 50},b,{'c' * 50}", fault(2, file="x.csv"), (f"…{'a' * 39},", "b", f",{'c' * 39}…")),
    ],
)
def test_the_place_is_marked(line: str, problem: Problem, expected: tuple[str, str, str]) -> None:
    assert quote(line.encode(), problem) == Quote(*expected)


def test_where_a_group_of_fields_lacks_one_its_first_is_not_to_blame() -> None:
    data = "materials:\n  - name: 身份证\n    copies: 0\n".encode()
    assert quote(data, fault(5, "material-copies", line=2)) == Quote("  - ", None, "name: 身份证")


def test_lines_are_counted_however_they_end_and_rubbish_is_shown_as_such() -> None:
    data = b"\xef\xbb\xbfa\rb\r\nc\n\xff"
    assert [quote(data, fault(1, line=line)) for line in range(6)] == [
        None,
        Quote("", "a", ""),
        Quote("", "b", ""),
        Quote("", "c", ""),
        Quote("", "\N{REPLACEMENT CHARACTER}", ""),
        None,
    ]
