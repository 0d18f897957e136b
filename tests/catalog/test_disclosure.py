"""信息公开: its files, its arithmetic, and which pages it makes of what is there."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog import figures
from catalog.check import check
from catalog.disclosure import (
    About,
    BuildPlan,
    Change,
    Disclosure,
    MonthlyConsults,
    MonthlyRatings,
    MonthlyRectifications,
    PlanStep,
    Pledge,
    Pledges,
)
from catalog.disclosure_figures import Figure, Part, consult_parts, progress_parts, rating_parts
from catalog.disclosure_pages import plan
from catalog.load import load
from catalog.model import Catalogue
from catalog.pages import Page
from catalog.release import assemble
from catalog.render import Renderer, prose_links
from catalog.terms import ChangeKind, ConsultOutcome, Satisfaction, State
from tests.support.catalogue import Content

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "catalog" / "content"
TEMPLATES = ROOT / "templates"
JIA, YI = "990100001", "990100102"
RATING_HEAD = "month,street,very_satisfied,satisfied,basically_satisfied,dissatisfied,very_dissatisfied\n"
RECTIFICATION_HEAD = "month,street,received,in_time,late,open\n"
CONSULT_HEAD = (
    "month,street,consults,answered,answered_within_1_min,median_wait_seconds,"
    "advised,notice,prereviewed,accepted,referred,broken,raised\n"
)


@pytest.fixture
def disclosed(content: Content) -> Content:
    """The minimal catalogue with a directory for what is disclosed."""
    (content.root / "disclosure").mkdir()
    return content


@pytest.fixture
def catalogue(content: Content) -> Catalogue:
    loaded = content.load().catalogue
    assert loaded is not None
    return loaded


def having(catalogue: Catalogue, **told: Any) -> Catalogue:
    return catalogue.model_copy(update={"disclosure": Disclosure(**told)})


def ratings(month: str, street: str, *counts: int) -> MonthlyRatings:
    levels = {level.code: str(count) for level, count in zip(Satisfaction, counts, strict=True)}
    return MonthlyRatings.model_validate({"month": month, "street": street, **levels})


def rectifications(month: str, street: str, in_time: int, late: int, still: int) -> MonthlyRectifications:
    return MonthlyRectifications.model_validate(
        {
            "month": month,
            "street": street,
            "received": str(in_time + late + still),
            "in_time": str(in_time),
            "late": str(late),
            "open": str(still),
        }
    )


def consults(month: str, street: str, calls: int, answered: int, quick: int, wait: int) -> MonthlyConsults:
    counted: Mapping[str, int] = {
        "consults": calls,
        "answered": answered,
        "answered_within_1_min": quick,
        "median_wait_seconds": wait,
        **{outcome.code: 0 for outcome in ConsultOutcome},
        "advised": answered,
        "raised": min(answered, 1),
    }
    return MonthlyConsults.model_validate(
        {"month": month, "street": street, **{field: str(count) for field, count in counted.items()}}
    )


def page_at(pages: list[Page], name: str) -> Page:
    (page,) = (page for page in pages if page.address == f"/disclosure/{name}")
    return page


def only(part: Part, title: str) -> Figure:
    (figure,) = (figure for figure in part.figures if figure.title == title)
    return figure


# The files


def test_the_sample_is_disclosed_whole() -> None:
    loaded = load(SAMPLE)
    assert loaded.problems == () and loaded.catalogue is not None
    assert [page.address for page in plan(loaded.catalogue)] == [
        "/disclosure/",
        "/disclosure/lists.html",
        "/disclosure/pledges.html",
        "/disclosure/agents.html",
        "/disclosure/progress.html",
        "/disclosure/ratings.html",
        "/disclosure/consults.html",
        "/disclosure/changes.html",
    ]


def test_without_the_directory_only_the_lists_are_disclosed(catalogue: Catalogue) -> None:
    assert catalogue.disclosure == Disclosure()
    pages = plan(catalogue)
    assert [page.address for page in pages] == ["/disclosure/", "/disclosure/lists.html"]
    assert [section.name for section in pages[0].context["sections"]] == ["清单公开"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("without", [path.name for path in sorted((SAMPLE / "disclosure").iterdir())])
def test_any_file_may_be_missing(tmp_path: Path, without: str) -> None:
    shutil.copytree(SAMPLE, tmp_path / "content")
    (tmp_path / "content" / "disclosure" / without).unlink()
    loaded = load(tmp_path / "content")
    assert loaded.catalogue is not None and check(loaded, prose_links) == []
    renderer = Renderer(TEMPLATES)
    for page in plan(loaded.catalogue):
        assert b"<h1>" in renderer.render(page)


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        (
            "ratings.csv",
            f"{RATING_HEAD}2026-13,{JIA},1,1,1,1,1\n",
            "disclosure/ratings.csv:2:1 month（月份）应为年和月，例如 2026-10，现在是“2026-13”。",
        ),
        (
            "ratings.csv",
            f'{RATING_HEAD}2026-10,{JIA},1,"1,204",1,1,1\n',
            "disclosure/ratings.csv:2:4 satisfied（满意）：应为整数，最多 7 位，不写逗号、单位和小数，"
            "例如 128；没有就写 0。",
        ),
        (
            "ratings.csv",
            RATING_HEAD.replace("satisfied,basically", "basically"),
            "disclosure/ratings.csv:1:1 表头应为 month,street,very_satisfied,satisfied,basically_satisfied,"
            "dissatisfied,very_dissatisfied，现在缺少 satisfied。",
        ),
        (
            "plan.yaml",
            'programme: 计划\nas_of: "2026-11-20"\nsteps:\n  - {by: "2026-07-31", share: 120}\n',
            "disclosure/plan.yaml:4:31 计划进度第 1 项的 share（比例）应为不大于 100 的整数，现在是“120”。",
        ),
        (
            "changes.yaml",
            'changes:\n  - {date: "2026-01-05", kind: 改, items: [gao-ling-jin-tie], text: 改了。}\n',
            "disclosure/changes.yaml:2:32 更新记录第 1 项的 kind（更新类型）应为“新增”、“修改”、“停用”之一，"
            "现在是“改”。",
        ),
        (
            "rating.csv",
            "",
            "disclosure/rating.csv disclosure 目录中的文件名应为 about.yaml、pledges.yaml、plan.yaml、"
            "changes.yaml、ratings.csv、rectifications.csv、consults.csv 之一。",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(disclosed: Content, file: str, text: str, fault: str) -> None:
    disclosed.write(f"disclosure/{file}", text)
    assert disclosed.faults() == [fault]


def test_what_a_spreadsheet_leaves_beside_the_tables_is_no_fault(disclosed: Content) -> None:
    disclosed.write("disclosure/~$ratings.csv", "")
    disclosed.write("disclosure/.DS_Store", "")
    disclosed.write("disclosure/ratings.csv", RATING_HEAD)
    assert disclosed.faults() == []


@pytest.mark.parametrize("count", ["", "-1", "1.0", "1_000", "007", "一", " ", "12345678"])
def test_a_count_is_digits_and_nothing_else(disclosed: Content, count: str) -> None:
    disclosed.write("disclosure/ratings.csv", f"{RATING_HEAD}2026-10,{JIA},{count},0,0,0,0\n")
    (fault,) = disclosed.faults()
    assert "应为整数" in fault


# The rules; each has its planted fault in tests/data/faults


def test_figures_of_an_unreadable_row_are_not_called_a_gap(disclosed: Content) -> None:
    disclosed.write(
        "disclosure/ratings.csv",
        f"{RATING_HEAD}2026-07,{JIA},1,0,0,0,0\n2026-08,{JIA},x,0,0,0,0\n2026-09,{JIA},1,0,0,0,0\n",
    )
    assert [fault.split()[0] for fault in disclosed.faults()] == ["disclosure/ratings.csv:3:3"]


def test_december_is_followed_by_january(disclosed: Content) -> None:
    disclosed.write(
        "disclosure/ratings.csv",
        f"{RATING_HEAD}2026-12,{JIA},1,0,0,0,0\n2026-12,{YI},1,0,0,0,0\n2027-01,{JIA},1,0,0,0,0\n",
    )
    assert disclosed.faults() == []


def test_poor_ratings_may_stand_without_the_ratings_table(disclosed: Content) -> None:
    disclosed.write("disclosure/rectifications.csv", f"{RECTIFICATION_HEAD}2026-10,{JIA},3,1,1,1\n")
    assert disclosed.faults() == []


def test_what_was_not_answered_has_no_wait(disclosed: Content) -> None:
    row = f"2026-10,{JIA},2,0,0,30,0,0,0,0,0,0,0\n"
    disclosed.write("disclosure/consults.csv", CONSULT_HEAD + row)
    assert disclosed.faults() == ["disclosure/consults.csv:2:6 没有接通的咨询，等候时间应写 0。"]
    disclosed.write("disclosure/consults.csv", CONSULT_HEAD + row.replace("30", "0"))
    assert disclosed.faults() == []


def test_a_street_without_stations_may_have_consults_of_none(disclosed: Content) -> None:
    disclosed.write("disclosure/consults.csv", f"{CONSULT_HEAD}2026-03,{JIA},0,0,0,0,0,0,0,0,0,0,0\n")
    assert disclosed.faults() == []


def test_an_item_that_was_taken_up_again_is_in_use(disclosed: Content) -> None:
    stopped = '  - {date: "2025-01-05", kind: 停用, items: [gao-ling-jin-tie], text: 停办。}\n'
    again = stopped.replace("2025", "2026").replace("停用", "新增")
    disclosed.write("disclosure/changes.yaml", f"changes:\n{again}{stopped}")
    assert disclosed.faults() == []
    disclosed.write("disclosure/changes.yaml", f"changes:\n{stopped}")
    (fault,) = disclosed.faults()
    assert fault.startswith("disclosure/changes.yaml:2:32 记录说 gao-ling-jin-tie 停用了，事项却是在用的")


# The arithmetic


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "—"),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1999, 2000, "99.9%"),
        (1, 2, "50%"),
    ],
)
def test_a_rate_is_rounded_but_never_up_to_all(part: int, whole: int, words: str) -> None:
    assert figures.rate(part, whole) == words


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (["2026-10"], "2026年10月"),
        (["2026-03", "2026-10"], "2026年3月至10月"),
        (["2025-12", "2026-02"], "2025年12月至2026年2月"),
    ],
)
def test_a_span_of_months_names_the_year_once(months: list[str], words: str) -> None:
    assert figures.span_words(months) == words


def test_months_go_on_over_the_new_year() -> None:
    assert figures.months_between("2026-11", "2027-02") == ("2026-11", "2026-12", "2027-01", "2027-02")


def build_plan(as_of: date, *steps: tuple[date, int]) -> BuildPlan:
    return BuildPlan.model_construct(
        programme="样例计划",
        as_of=as_of,
        steps=tuple(PlanStep.model_construct(by=by, share=share) for by, share in steps),
    )


HALF, WHOLE = (date(2026, 7, 31), 50), (date(2026, 11, 30), 100)


def opened(catalogue: Catalogue, *days: date) -> Catalogue:
    stations = tuple(
        station.model_copy(update={"opened": day})
        for station, day in zip(catalogue.stations, days, strict=True)
    )
    return catalogue.model_copy(update={"stations": stations})


def test_progress_counts_what_was_open_by_the_day_of_the_statistics(catalogue: Catalogue) -> None:
    stations = opened(catalogue, date(2026, 7, 31), date(2026, 11, 21)).stations
    own = figures.progress((*stations, stations[0]), build_plan(date(2026, 11, 20), HALF, WHOLE))
    assert (own.built, own.total) == (2, 3)
    assert own.months[0] == ("2026-07", 2, 2) and own.months[-1] == ("2026-11", 0, 2)
    assert [(step.target, step.actual, step.is_due, step.is_met) for step in own.milestones] == [
        (2, 2, True, True),
        (3, 2, False, False),
    ]


def test_progress_of_no_station_has_no_months(catalogue: Catalogue) -> None:
    own = figures.progress((), build_plan(date(2026, 11, 20), HALF))
    assert (own.months, own.total) == ((), 0) and own.milestones[0].is_met


def change(day: int, text: str, kind: ChangeKind = ChangeKind.MODIFIED) -> Change:
    return Change.model_construct(date=date(2026, 1, day), kind=kind, items=("gao-ling-jin-tie",), text=text)


def test_changes_are_told_newest_first_and_those_of_a_day_in_their_order(catalogue: Catalogue) -> None:
    told = having(catalogue, changes=(change(3, "甲"), change(5, "乙"), change(5, "丙"), change(4, "丁")))
    assert [each.text for each in figures.changes(told)] == ["乙", "丙", "丁", "甲"]
    assert figures.changes(catalogue) == ()


# The figures


def test_ratings_add_up_over_the_streets_and_name_no_one(catalogue: Catalogue) -> None:
    whole, jia, yi = rating_parts(
        having(
            catalogue,
            ratings=(ratings("2026-09", JIA, 5, 2, 1, 1, 1), ratings("2026-09", YI, 10, 0, 0, 0, 0)),
            rectifications=(rectifications("2026-09", JIA, 1, 1, 0),),
        )
    )
    assert [part.name for part in (whole, jia, yi)] == ["全区", "甲街道", "乙乡"]
    figure = only(whole, "评价")
    assert figure.sentence == "2026年9月共 20 条评价，差评 2 条，好评率 90%。"
    assert figure.table.head == (
        "月份",
        *("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
        "合计",
        "好评率",
    )
    assert figure.table.rows == (("2026年9月", "15", "2", "1", "1", "1", "20", "90%"),)
    assert only(jia, "差评整改").sentence == (
        "2026年9月收到差评 2 条：7 天内整改 1 条，超期整改 1 条，还在整改 0 条。按期整改率 50%。"
    )
    assert [each.title for each in yi.figures] == ["评价"]


def test_the_limit_of_rectification_is_the_district_s(catalogue: Catalogue) -> None:
    about = About(office="样例局", phone="010-00000001", rectification_days=15)
    told = having(catalogue, about=about, rectifications=(rectifications("2026-09", JIA, 1, 0, 0),))
    figure = only(rating_parts(told)[0], "差评整改")
    assert "15 天内整改 1 条" in figure.sentence and figure.table.head[2] == "15 天内整改"
    assert "15 天内核实、整改" in page_at(plan(told), "ratings.html").context["lead"]  # type: ignore[operator]


def test_a_chart_shows_the_last_twelve_months_and_its_table_all(catalogue: Catalogue) -> None:
    months = figures.months_between("2025-01", "2026-03")
    told = having(catalogue, ratings=tuple(ratings(month, JIA, 1, 0, 0, 0, 0) for month in months))
    figure = only(rating_parts(told)[0], "评价")
    assert len(figure.table.rows) == 15
    assert figure.chart.svg.count(" 条</text>") == charts_rows(figure) == 12


def charts_rows(figure: Figure) -> int:
    return figure.chart.svg.count("月</text>")


def test_consults_are_answered_soon_late_or_not(catalogue: Catalogue) -> None:
    whole, jia = consult_parts(
        having(
            catalogue,
            consults=(consults("2026-09", JIA, 10, 8, 6, 41), consults("2026-10", JIA, 3, 0, 0, 0)),
        )
    )
    assert only(whole, "接通").sentence == (
        "2026年9月至10月共 13 次视频咨询，接通 8 次（61.5%）；接通的里面，75%在 1 分钟内接通。"
    )
    assert only(whole, "接通").table.rows[0] == ("2026年9月", "10", "8", "6", "75%", "2")
    assert [figure.title for figure in whole.figures] == ["接通", "结果"]
    # In the last month nobody was answered: there is no wait to speak of.
    assert only(jia, "等候").sentence == ""
    assert only(jia, "等候").table.rows == (("2026年9月", "41 秒"), ("2026年10月", "—"))
    assert only(jia, "结果").sentence == "接通的 8 次里，有 1 次请区级部门一起解答。"
    assert only(jia, "结果").table.rows[0] == ("2026年9月", "8", "0", "0", "0", "0", "0", "1")


def test_the_wait_of_the_last_month_is_told_in_words(catalogue: Catalogue) -> None:
    told = having(catalogue, consults=(consults("2026-10", JIA, 10, 8, 6, 41),))
    figure = only(consult_parts(told)[1], "等候")
    assert figure.sentence == "2026年10月，一半的咨询在 41 秒之内接通。"


def test_progress_tells_which_step_was_missed(catalogue: Catalogue) -> None:
    told = opened(catalogue, date(2026, 7, 1), date(2026, 8, 1))
    whole, jia, yi = progress_parts(told, build_plan(date(2026, 8, 20), HALF, WHOLE))
    assert [part.figures[0].sentence for part in (whole, jia, yi)] == [
        "截至2026年8月20日（周四），应建 2 个站点，已全部建成。到期的计划都达到了。",
        "截至2026年8月20日（周四），应建 1 个站点，已全部建成。到期的计划都达到了。",
        "截至2026年8月20日（周四），应建 1 个站点，已全部建成。7月底没有达到计划。",
    ]
    assert yi.figures[0].table.rows == (
        ("2026年7月", "0", "0", "0%", "1", "50%", "△ 未达到"),
        ("2026年8月", "1", "1", "100%", "—", "—", "—"),
        ("2026年11月", "—", "—", "—", "1", "100%", "✓ 达到"),
    )


def test_what_is_not_due_is_not_missed(catalogue: Catalogue) -> None:
    told = opened(catalogue, date(2026, 7, 1), date(2026, 12, 1))
    (whole, *_) = progress_parts(told, build_plan(date(2026, 7, 20), WHOLE))
    assert whole.figures[0].sentence == "截至2026年7月20日（周一），应建 2 个站点，已建成 1 个（50%）。"
    assert whole.figures[0].table.rows[-1][-1] == "○ 未到期"


def test_a_street_without_stations_has_no_progress(catalogue: Catalogue) -> None:
    told = catalogue.model_copy(update={"stations": catalogue.stations[:1]})
    parts = progress_parts(told, build_plan(date(2026, 8, 20), HALF, WHOLE))
    assert [part.name for part in parts] == ["全区", "甲街道"]


# The pages


def test_lists_show_who_does_what_and_which_list_has_it(catalogue: Catalogue) -> None:
    page = page_at(plan(catalogue), "lists.html").context
    acceptance, agency = page["kinds"]  # type: ignore[misc]
    (row,) = agency.rows  # type: ignore[has-type]
    assert row.duties == (
        ("咨询", "站点、街道"),
        ("接件", "站点"),
        ("受理", "街道"),
        ("告知", "站点"),
        ("送达", "站点"),
    )
    assert row.lists == ("区级清单",)
    (row,) = acceptance.rows  # type: ignore[has-type]
    assert (row.item.name, row.lists) == ("就业登记", ("甲街道增设", "乙上村增设"))


def test_what_a_station_adds_and_leaves_out_is_told(catalogue: Catalogue) -> None:
    layer = catalogue.layers["jia-street"]
    own = layer.model_copy(
        update={
            "stations": (
                type(layer)
                .model_validate({"stations": [{"station": "jia-yi", "without": ["gao-ling-jin-tie"]}]})
                .stations
            )
        }
    )
    told = catalogue.model_copy(update={"layers": {**catalogue.layers, "jia-street": own}})
    page = page_at(plan(told), "lists.html")
    html = Renderer(TEMPLATES).render(page).decode()
    assert "不办：" in html and "/streets/jia-street/items/gao-ling-jin-tie.html" in html


def test_an_item_not_in_use_is_in_no_list_and_stays_in_the_log(catalogue: Catalogue) -> None:
    first, second = catalogue.items
    stopped = first.model_copy(update={"state": State.SUSPENDED})
    told = having(
        catalogue.model_copy(update={"items": (stopped, second)}),
        changes=(change(5, "停办", ChangeKind.STOPPED),),
    )
    pages = plan(told)
    html = Renderer(TEMPLATES).render(page_at(pages, "lists.html")).decode()
    assert "gao-ling-jin-tie" not in html
    log = Renderer(TEMPLATES).render(page_at(pages, "changes.html")).decode()
    assert 'href="/items/gao-ling-jin-tie.html"' in log and "停用" in log


def test_the_log_has_a_section_a_year(catalogue: Catalogue) -> None:
    old = Change.model_construct(
        date=date(2025, 5, 1), kind=ChangeKind.ADDED, items=("gao-ling-jin-tie",), text="列入"
    )
    page = page_at(plan(having(catalogue, changes=(old, change(5, "改了")))), "changes.html")
    assert [(year, len(told)) for year, told in page.context["years"]] == [(2026, 1), (2025, 1)]  # type: ignore[attr-defined]


def test_agents_are_told_once_it_is_said_when_they_were_checked(catalogue: Catalogue) -> None:
    about = About.model_validate({"office": "样例局", "phone": "010-00000001"})
    assert [page.address for page in plan(having(catalogue, about=about))] == [
        "/disclosure/",
        "/disclosure/lists.html",
    ]
    checked = about.model_copy(update={"agents_checked": date(2026, 11, 2)})
    page = page_at(plan(having(catalogue, about=checked)), "agents.html")
    html = Renderer(TEMPLATES).render(page).decode()
    assert "乙上村" in html and "2026年11月2日（周一）核对" in html


def test_names_are_escaped(catalogue: Catalogue) -> None:
    nasty = "<script>alert(1)</script>&"
    street = catalogue.streets[0].model_copy(update={"name": nasty})
    told = having(
        catalogue.model_copy(update={"streets": (street, *catalogue.streets[1:])}),
        pledges=Pledges.model_construct(
            updated=date(2026, 3, 2),
            pledges=(Pledge(name=nasty, promise=nasty, means=nasty, complaint=nasty),),
        ),
        ratings=(ratings("2026-09", JIA, 1, 0, 0, 0, 0),),
        consults=(consults("2026-09", JIA, 1, 1, 1, 5),),
        plan=build_plan(date(2026, 11, 20), WHOLE),
        changes=(change(5, nasty),),
    )
    renderer = Renderer(TEMPLATES)
    for page in plan(told):
        html = renderer.render(page).decode()
        assert "<script>alert" not in html and "style=" not in html


def test_every_link_of_the_sample_leads_somewhere_and_every_chart_has_its_table() -> None:
    catalogue = load(SAMPLE).catalogue
    assert catalogue is not None
    files, problems = assemble(catalogue, TEMPLATES)
    assert problems == []
    for name in ("progress", "ratings", "consults"):
        html = files[f"disclosure/{name}.html"].decode()
        assert html.count('<svg class="chart"') == html.count("<details>") == html.count("<table") > 2
    ids = [part.split('"')[0] for part in files["disclosure/ratings.html"].decode().split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert b'href="/disclosure/">' in files["index.html"]
