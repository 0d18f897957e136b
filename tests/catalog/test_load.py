"""Every kind of bad file is told with file, line, column and what was expected; nothing is raised."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.elements import DESCRIPTIONS, ELEMENTS, Element, element
from catalog.faults import FORMATS
from catalog.fields import Record
from catalog.load import Memo, load
from catalog.problem import Problem
from catalog.terms import Kind
from tests.support.catalogue import ALLOWANCE, MINIMAL, REGISTRATION, Content

DEPARTMENT = "department: 区民政局"
COPIES = "    copies: 2\n"


def test_minimal_catalogue_is_read_whole() -> None:
    loaded = load(MINIMAL)
    assert loaded.problems == ()
    assert loaded.catalogue is not None
    assert [item.slug for item in loaded.catalogue.items] == ["gao-ling-jin-tie", "jiu-ye-deng-ji"]
    assert [item.kind for item in loaded.catalogue.items] == [Kind.AGENCY, Kind.ACCEPTANCE]
    assert [street.slug for street in loaded.catalogue.streets] == ["jia-street", "yi-township"]
    assert [station.code for station in loaded.catalogue.stations] == ["990100001001", "990100102201"]


def test_every_value_of_an_item_knows_its_line() -> None:
    entry = load(MINIMAL).items[0]
    assert entry.source.place(("materials", 1, "when")) == (35, 11)
    assert entry.source.key(("materials", 1, "when")) == (35, 5)
    # A path that is not there is placed at what encloses it.
    assert entry.source.place(("materials", 0, "when")) == (21, 5)
    assert entry.source.key(("materials", 0, "when")) == (21, 5)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("", "21:5 材料第 1 项缺少 copies（复印件份数）。"),
        ("    copies: 三\n", "27:13 材料第 1 项的 copies（复印件份数）应为整数，不加引号，现在是“三”。"),
        ("    copies: yes\n", "27:13 材料第 1 项的 copies（复印件份数）应为整数，不加引号，现在是“yes”。"),
        ("    copies: 010\n", "27:13 材料第 1 项的 copies（复印件份数）应为整数，不加引号，现在是“010”。"),
        ("    copies: -1\n", "27:13 材料第 1 项的 copies（复印件份数）应为不小于 0 的整数，现在是“-1”。"),
        ("    copies: 99\n", "27:13 材料第 1 项的 copies（复印件份数）应为不大于 20 的整数，现在是“99”。"),
        ("    copies:\n", "27:12 材料第 1 项的 copies（复印件份数）应为整数，不加引号，现在是空白。"),
    ],
)
def test_a_faulty_material_is_told_with_its_place(content: Content, new: str, expected: str) -> None:
    content.edit(ALLOWANCE, COPIES, new)
    assert content.faults() == [f"{ALLOWANCE}:{expected}"]


def test_a_misspelt_field_is_told_at_its_key_with_the_field_meant(content: Content) -> None:
    content.edit(ALLOWANCE, COPIES, "    copys: 2\n")
    assert content.faults() == [
        f"{ALLOWANCE}:21:5 材料第 1 项缺少 copies（复印件份数）。",
        f"{ALLOWANCE}:27:5 材料第 1 项有不认识的字段 copys，是不是 copies（复印件份数）？",
    ]


def test_an_unknown_field_is_told_with_the_fields_there_are(content: Content) -> None:
    content.edit(ALLOWANCE, "fee: {charged: false}", "fee: {charged: false, zzz: 1}")
    assert content.faults() == [
        f"{ALLOWANCE}:53:23 收费有不认识的字段 zzz，"
        "应为 charged、name、standard、basis、payment、reduction、reduction_basis 之一。"
    ]


def test_an_unknown_field_of_the_item_itself_is_told(content: Content) -> None:
    content.edit(ALLOWANCE, DEPARTMENT, DEPARTMENT + "\nzzz: 1")
    (fault,) = content.faults()
    assert fault.startswith(f"{ALLOWANCE}:10:1 有不认识的字段 zzz，应为 code、local_code、slug、name、")


@pytest.mark.parametrize("typed", ["000120010001", "2025-01-01", "yes", "12:30", "1.5", "0x1F", "1_000"])
def test_what_yaml_takes_for_something_else_than_text_should_be_quoted(content: Content, typed: str) -> None:
    content.edit(ALLOWANCE, DEPARTMENT, f"department: {typed}")
    assert content.faults() == [
        f'{ALLOWANCE}:9:13 department（主管部门）应为文字，请给 {typed} 加上引号，写成 "{typed}"。'
    ]
    content.edit(ALLOWANCE, typed, f'"{typed}"')
    assert content.load().problems == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: 高龄老年人津贴发放\n", "", "2:1 缺少 name（事项名称）。"),
        (
            "handling: 承诺件",
            "handling: 承诺",
            "12:11 handling（办件类型）应为“即办件”、“承诺件”之一，现在是“承诺”。",
        ),
        (
            "audience: [自然人]",
            "audience: 自然人",
            "11:11 audience（服务对象）应为列表，每项另起一行，以“- ”开头，现在是“自然人”。",
        ),
        ("audience: [自然人]", "audience: []", "11:11 audience（服务对象）应为至少 1 项，现在是空列表。"),
        (
            "audience: [自然人]",
            "audience: [自然人, 法人]",
            "11:17 audience（服务对象）第 2 项应为“自然人”、“企业法人”、“事业法人”、“社会组织法人”、"
            "“非法人企业”、“行政机关”、“其他组织”之一，现在是“法人”。",
        ),
        (
            "advise: [社区站点, 街道中心]",
            "advise: [社区站点, 社区站点]",
            "48:11 职责分工的 advise（咨询）：同一单位只能写一次。",
        ),
        (
            "    originals: 1\n    copies: 2",
            "    originals: 0\n    copies: 0",
            "21:5 materials（材料）第 1 项：originals 与 copies 不能都是 0，请写明要带几份原件、几份复印件。",
        ),
        (DEPARTMENT, 'department: ""', "9:13 department（主管部门）应为文字，现在是空白。"),
        (DEPARTMENT, "department:", "9:12 department（主管部门）应为文字，现在是空白。"),
        (DEPARTMENT, "department: [甲, 乙]", "9:13 department（主管部门）应为文字，现在是列表，共 2 项。"),
        (DEPARTMENT, "department: {甲: 乙}", "9:13 department（主管部门）应为文字，现在是一组字段。"),
        (
            'code: "000500010001"',
            'code: "5"',
            "2:7 code（基本编码）应为 12 位数字或大写字母，例如 000120010001，现在是“5”。",
        ),
        (
            "slug: gao-ling-jin-tie",
            f"slug: {'a' * 61}",
            f"3:7 slug（网址名）应为不超过 60 个字符，现在是“{'a' * 40}”。",
        ),
        (
            "{charged: false}",
            "{charged: 否}",
            "53:16 收费的 charged（是否收费）应为 true（是）或 false（否），不加引号，现在是“否”。",
        ),
        (
            "{charged: false}",
            "{charged: true}",
            "53:6 fee（收费）：收费事项必须写明 name（项目）、standard（标准）和 basis（依据）。",
        ),
        (
            "{charged: false}",
            "{charged: false, name: 工本费}",
            "53:6 fee（收费）：不收费的事项不能再写 name、standard、basis 或减免。",
        ),
        ("{charged: false}", "不收费", "53:6 fee（收费）应为一组“字段: 内容”，现在是“不收费”。"),
    ],
)
def test_a_faulty_field_is_told_with_what_was_expected(
    content: Content, old: str, new: str, expected: str
) -> None:
    content.edit(ALLOWANCE, old, new)
    assert content.faults() == [f"{ALLOWANCE}:{expected}"]


@pytest.mark.parametrize(
    ("new", "rule", "line", "column"),
    [
        (f"{DEPARTMENT}\n{DEPARTMENT}", "yaml-duplicate-key", 10, 1),
        ("department:\t区民政局", "yaml-tab", 9, 12),
        ("department: &甲 区民政局", "yaml-syntax", 9, 14),
        ("department: &a 区民政局", "yaml-alias", 9, 13),
        ("department: *a", "yaml-alias", 9, 13),
        ("department: !a 区民政局", "yaml-tag", 9, 13),
        ("department: !!python/name:os.system 区民政局", "yaml-tag", 9, 13),
        ("department 区民政局", "yaml-syntax", 10, 1),
        ("department: 区: 民政局", "yaml-syntax", 9, 14),
        ("department: [区民政局", "yaml-syntax", 10, 5),
        ("department: {区: 民政局", "yaml-syntax", 10, 5),
        ('department: "区民政局', "yaml-syntax", 69, 11),
        ('department: "\\区"', "yaml-syntax", 9, 14),
        ("department: @区民政局", "yaml-syntax", 9, 13),
        ("department: 区\x01民政局", "yaml-syntax", 9, 14),
        ("---\ndepartment: 区民政局", "yaml-syntax", 9, 1),
        ("department: " + "[" * 100_000, "yaml-depth", 9, 32),
    ],
)
def test_broken_yaml_is_told_at_its_place(
    content: Content, new: str, rule: str, line: int, column: int
) -> None:
    content.edit(ALLOWANCE, DEPARTMENT, new)
    loaded = content.load()
    assert loaded.catalogue is None
    assert [(p.file, p.rule, p.line, p.column) for p in loaded.problems] == [(ALLOWANCE, rule, line, column)]


def test_a_key_that_is_no_word_is_told(content: Content) -> None:
    content.edit(ALLOWANCE, DEPARTMENT, f"{DEPARTMENT}\n? [甲]\n: 乙")
    assert content.faults() == [f"{ALLOWANCE}:10:3 字段名应为一个词，不能是列表或一组字段。"]


def test_aliases_that_multiply_are_refused_before_they_are_built(content: Content) -> None:
    rows = ["a0: &a0 [甲, 甲]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    content.write(ALLOWANCE, "\n".join(rows))
    assert {problem.rule for problem in content.load().problems} == {"yaml-alias"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1:1 文件是空的，应有内容。"),
        (b"# \n", "1:1 文件是空的，应有内容。"),
        (b"- a\n", "1:1 文件应由“字段: 内容”组成，现在是列表或一段文字。"),
        (
            b"slug: a\nname: " + "名称".encode("gbk"),
            "2:7 文件应为 UTF-8 编码，这里有无法识别的字节。请另存为 UTF-8 再提交（表格软件选“CSV UTF-8”）。",
        ),
    ],
)
def test_a_file_without_an_item_is_told(content: Content, data: bytes, expected: str) -> None:
    content.write(ALLOWANCE, data)
    assert content.faults() == [f"{ALLOWANCE}:{expected}"]


def test_a_byte_order_mark_is_accepted(content: Content) -> None:
    for file in ("streets.csv", ALLOWANCE):
        content.write(file, b"\xef\xbb\xbf" + (content.root / file).read_bytes())
    assert content.faults() == []


STREET_COLUMNS = "code,slug,name,kind,center,address,hours,phone,complaint_phone,body,longitude,latitude"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",kind,", ",kinds,", f"1:1 表头应为 {STREET_COLUMNS}，现在缺少 kind；不认识 kinds。"),
        (",phone,", ",phone,phone,", f"1:1 表头应为 {STREET_COLUMNS}，现在重复了 phone。"),
        ("latitude\n", "latitude,\n", f"1:1 表头应为 {STREET_COLUMNS}，现在不认识 （空白）。"),
        ("街道,甲街道政务", "街道甲街道政务", "2:11 这一行应有 12 格，现在有 11 格。"),
        ("街道,甲街道政务", "街道,,甲街道政务", "2:12 这一行应有 12 格，现在有 13 格。"),
        ("街道,甲街道政务", "街,甲街道政务", "2:4 kind（街道或乡镇）应为“街道”、“乡镇”之一，现在是“街”。"),
        (
            "010-00000011",
            "00000011",
            "2:8 phone（电话）应为带区号的电话号码，例如 010-00000000，现在是“00000011”。",
        ),
        ("990100001,", "9.9E8,", "2:1 code（区划代码）应为 9 位数字，现在是“9.9E8”。"),
        (
            "甲街道政务服务中心",
            '"甲街道政务服务中心',
            "2:1 这一行不是完整的 CSV，多半是引号没有成对（unexpected end of data）。",
        ),
    ],
)
def test_a_faulty_table_is_told_once_by_row_and_cell(
    content: Content, old: str, new: str, expected: str
) -> None:
    content.edit("streets.csv", old, new)
    assert content.faults() == [f"streets.csv:{expected}"]


def test_rows_after_a_cell_of_two_lines_keep_their_line_and_blank_rows_are_left_out(content: Content) -> None:
    content.edit("streets.csv", "周一至周五 9:00—17:00", '"周一至周五\n9:00—17:00"')
    content.edit("streets.csv", "990100102", ",,,,,,,,,\n\n990100102")
    content.edit("streets.csv", "乡镇", "乡")
    assert content.faults() == ["streets.csv:6:4 kind（街道或乡镇）应为“街道”、“乡镇”之一，现在是“乡”。"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", f"1:1 文件是空的，第一行应为：{STREET_COLUMNS}。"),
        (STREET_COLUMNS.encode(), "2:1 表头下面应至少有一行。"),
        (
            "甲".encode("gbk"),
            "1:1 文件应为 UTF-8 编码，这里有无法识别的字节。请另存为 UTF-8 再提交（表格软件选“CSV UTF-8”）。",
        ),
    ],
)
def test_a_table_without_rows_is_told(content: Content, data: bytes, expected: str) -> None:
    content.write("streets.csv", data)
    assert content.faults() == [f"streets.csv:{expected}"]


def test_missing_files_are_told_together(content: Content) -> None:
    for file in ("bodies.yaml", "district.yaml", "streets.csv", "stations.csv", ALLOWANCE, REGISTRATION):
        (content.root / file).unlink()
    (content.root / "items").rmdir()
    assert content.faults() == [
        "bodies.yaml 缺少这个文件。",
        "district.yaml 缺少这个文件。",
        "items 应至少有一个事项文件（.yaml）。",
        "stations.csv 缺少这个文件。",
        "streets.csv 缺少这个文件。",
    ]


def test_only_items_live_in_items(content: Content) -> None:
    content.write("items/hu-kou.yml", "")
    content.write("items/.hidden", "")
    content.write("items/~$lock.xlsx", "")
    (content.root / "items" / "folder.yaml").mkdir()
    assert content.faults() == [
        "items/folder.yaml 应为普通文件。",
        "items/hu-kou.yml items 目录中的文件名应以 .yaml 结尾。",
    ]


@pytest.mark.parametrize("day", ["", "2026-13-01", "morgen", "20261201"])
def test_a_version_is_named_by_a_day(content: Content, day: str) -> None:
    """Of a version without a day that there is, nobody would know when it is in force."""
    text = (content.root / ALLOWANCE).read_text("utf-8")
    content.write(ALLOWANCE.replace(".yaml", f"@{day}.yaml"), text)
    assert content.faults() == [
        f"items/gao-ling-jin-tie@{day}.yaml @ 后面应为生效的日期，写成 dibao@2026-12-01.yaml 这样。"
    ]


@pytest.mark.parametrize("name", [".x.yaml.swp", "x.yaml~", "~$x.yaml", "#x.yaml#"])
def test_what_editors_leave_beside_a_file_is_passed_over(content: Content, name: str) -> None:
    (content.root / "disclosure").mkdir(exist_ok=True)
    for directory in ("items", "disclosure"):
        content.write(f"{directory}/{name}", "x")
    assert content.faults() == []


def test_a_memo_has_what_did_not_change_and_nothing_else(content: Content) -> None:
    memo: Memo = {}
    content.append("stations.csv", "x\n")
    first = load(content.root, memo=memo)
    again = load(content.root, memo=memo)
    assert again == first == load(content.root) and first.problems and "stations.csv" in first.unread
    assert all(one is other for one, other in zip(first.items, again.items, strict=True))
    content.edit("items/gao-ling-jin-tie.yaml", "copies: 2", "copies: 1")
    changed = load(content.root, memo=memo)
    assert changed == load(content.root) != first
    assert [
        entry.stem for entry, old in zip(changed.items, first.items, strict=True) if entry is not old
    ] == ["gao-ling-jin-tie"]


def test_every_fault_of_every_file_is_told_at_once(content: Content) -> None:
    content.edit(ALLOWANCE, COPIES, "")
    content.edit(ALLOWANCE, "theme: 养老", "theme: 老人")
    content.edit(REGISTRATION, "visits: 0", "visits: [")
    content.edit("district.yaml", "city: 样例市\n", "")
    content.edit("streets.csv", "010-00000011", "11")
    content.edit("stations.csv", "010-00000101", "101")
    assert [(p.file, p.line, p.rule) for p in content.load().problems] == [
        ("district.yaml", 1, "field-missing"),
        (ALLOWANCE, 8, "field-value"),
        (ALLOWANCE, 21, "material-copies"),
        (REGISTRATION, 36, "yaml-syntax"),
        ("stations.csv", 2, "telephone"),
        ("streets.csv", 2, "telephone"),
    ]


FILES = sorted(path.relative_to(MINIMAL).as_posix() for path in MINIMAL.rglob("*.*"))
RUBBISH = st.one_of(
    st.binary(max_size=8),
    st.sampled_from("\" ' [ ] { } : ? | > # @ % \t \n \r \x00 \x85 & * ! , ~ =".split(" ")).map(str.encode),
    st.sampled_from(
        [
            b"\n",
            b"\n- ",
            b": ",
            b"&a ",
            b"*a",
            b"!!int ",
            b"<<: ",
            b"2025-13-45",
            b"0b_",
            b'"\\ud800"',
            b"9" * 5000,
        ]
    ),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 30), RUBBISH)
def test_rubbish_anywhere_is_a_problem_or_harmless_but_never_raises(
    file: str, place: float, length: int, rubbish: bytes
) -> None:
    with TemporaryDirectory() as directory:
        content = Content(Path(directory) / "content")
        data = (MINIMAL / file).read_bytes()
        start = int(place * len(data))
        content.write(file, data[:start] + rubbish + data[start + length :])
        content.faults()
        loaded = content.load()
        assert (loaded.catalogue is None) == bool(loaded.problems)


def test_content_that_is_no_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        load(tmp_path / "nowhere")


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem("a.csv", 0, 0, "rule", "缺少这个文件。")) == "a.csv 缺少这个文件。"
    assert str(Problem("a.csv", 3, 1, "rule", "错。")) == "a.csv:3:1 错。"


@pytest.mark.parametrize("record", ELEMENTS)
def test_every_field_has_its_chinese_words_and_every_pattern_its_own(record: type[Record]) -> None:
    for path, name in ELEMENTS[record].items():
        assert not name.isascii() and not DESCRIPTIONS[record][path].isascii(), path
    assert _patterns(record.model_json_schema()) <= set(FORMATS)


def test_an_element_names_the_columns_of_the_exchange_schema() -> None:
    assert element("主题分类 [user_topic_type, corp_topic_type]。可以多选") == Element(
        "主题分类", ("user_topic_type", "corp_topic_type"), "可以多选"
    )
    assert element("别名。居民平时的叫法") == Element("别名", (), "居民平时的叫法")
    with pytest.raises(ValueError, match="should read"):
        element("The name")


@pytest.mark.parametrize(
    "old", ["/../a.html", "//evil.example/", "/a//b.html", "/a.html?x", "a.html", "/static/x.css"]
)
def test_a_redirect_stays_within_the_site(content: Content, old: str) -> None:
    content.write("redirects.csv", f"old,new\n{old},/items/\n")
    (told,) = content.faults()
    assert told.startswith("redirects.csv:2:1 old（旧地址）应为以 / 开头的本站地址")


def _patterns(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
        return own.union(*map(_patterns, schema.values()))
    return set().union(*map(_patterns, schema)) if isinstance(schema, list) else set()
