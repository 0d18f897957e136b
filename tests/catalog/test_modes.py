"""One page in each of the modes: its links stay in its tree, its words are the same."""

import re

import pytest

from catalog.modes import CONTRAST, ELDER, MODES, OTHERS, Mode, in_other_modes

HTML = (
    '<!doctype html>\n<html lang="zh-CN">\n<head>\n<link rel="canonical" href="https://k.example/items/">\n'
    '<link rel="stylesheet" href="/static/site.css">\n</head>\n<body>'
    '<a data-mode="" aria-current="true" href="/items/">标准版</a><a data-mode="elder" href="/elder/items/">长者版</a>'
    '<a href="/">首页</a><a href="/items/" aria-current="page">事项</a><a href="#main">正文</a>'
    '<a href="/desk/station/?item=1">视频</a><a href="/open-data/">数据</a><a href="https://other.example/">外</a>'
    '<form action="/search/"></form></body></html>\n'
)


def in_mode(html: str, mode: Mode) -> str:
    return dict(in_other_modes(html.encode(), "/static/modes.0123456789abcdef.css"))[mode].decode()


@pytest.mark.parametrize("mode", OTHERS, ids=lambda mode: mode.name)
def test_links_stay_within_the_tree(mode: Mode) -> None:
    html = in_mode(HTML, mode)
    assert re.findall(r'<a href="([^"]*)"', html) == [
        f"{mode.prefix}/",
        f"{mode.prefix}/items/",
        "#main",
        "/desk/station/?item=1",
        "/open-data/",
        "https://other.example/",
    ]
    assert f'<form action="{mode.prefix}/search/">' in html
    assert 'href="https://k.example/items/"' in html and 'href="/static/site.css"' in html


def test_the_switch_leads_to_every_mode_and_marks_this_one() -> None:
    html = in_mode(HTML, ELDER)
    assert '<a data-mode="" href="/items/">标准版</a>' in html
    assert '<a data-mode="elder" aria-current="true" href="/elder/items/">长者版</a>' in html
    assert html.count('aria-current="true"') == 1


def test_the_page_has_the_modes_class_prefix_and_style() -> None:
    html = in_mode(HTML, CONTRAST)
    assert '<html lang="zh-CN" class="contrast" data-prefix="/contrast">' in html
    assert '<link rel="stylesheet" href="/static/modes.0123456789abcdef.css">\n</head>' in html


def test_nothing_but_addresses_and_the_head_differs() -> None:
    text = re.compile(r"<[^>]*>")
    assert all(text.sub("", in_mode(HTML, mode)).split() == text.sub("", HTML).split() for mode in OTHERS)
    assert [mode.prefix for mode in MODES] == ["", "/elder", "/contrast"]
