"""Where links lead, and which lead nowhere."""

import pytest

from catalog import links

ORIGIN = "https://k.example"
PAGE = b'<h1 id="top">A</h1><p id="\xe6\x9d\x90\xe6\x96\x99">B</p>'


def faults(*hrefs: str, at: str = "items/a.html") -> list[str]:
    page = PAGE + "".join(f'<a href="{href}">x</a>' for href in hrefs).encode()
    files = {
        "index.html": PAGE,
        "items/index.html": PAGE,
        "items/b.html": PAGE,
        "static/site.css": b"a {}",
        at: page,
    }
    told = []
    for link, target in links.targets(at, page, ORIGIN):
        fault = links.fault(target, files.__contains__, lambda path: links.ids(files[path]))
        told += [f"{link} {fault}"] if fault else []
    return told


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/items/",
        "/items/b.html",
        "b.html",
        "../static/site.css",
        "./",
        "#top",
        "/items/b.html#top",
        "/items/b.html?from=home#top",
        "/items/b.html#%E6%9D%90%E6%96%99",
        "/items/%62.html",
        "/static/site.css#anything",
        "/desk/station?item=b",
        "https://example.com/nowhere",
        "https://k.example/items/b.html#top",
        "https://k.example.com/nowhere",
        "tel:+86-10-00000000",
        "",
    ],
)
def test_a_living_link_is_no_fault(href: str) -> None:
    assert faults(href) == []


def test_dead_links_are_told_by_page_and_link_each_once() -> None:
    assert faults(
        "/nowhere.html",
        "/items/b.html#nowhere",
        "#nowhere",
        "c.html",
        "/items",
        "/nowhere.html",
        "https://k.example/nothing.html",
    ) == [
        "/nowhere.html 没有对应的页面或文件",
        "/items/b.html#nowhere 指向的页面里没有 #nowhere 这一处",
        "#nowhere 指向的页面里没有 #nowhere 这一处",
        "c.html 没有对应的页面或文件",
        "/items 没有对应的页面或文件",
        "https://k.example/nothing.html 没有对应的页面或文件",
    ]


def test_a_picture_is_followed_and_a_link_within_a_mode_stands_for_the_standard_page() -> None:
    page = b'<img src="/static/a.png" alt=""><a href="/elder/items/b.html#x">B</a><script src="/elder.js"></script>'
    assert dict(links.targets("index.html", page, ORIGIN)) == {
        "/static/a.png": "static/a.png",
        "/elder/items/b.html#x": "items/b.html#x",
        "/elder.js": "elder.js",
    }


def test_what_a_text_says_of_links_is_none() -> None:
    page = b'<p>&lt;a href="/nowhere">, href="/b"</p><a class="x" href="/a?b=1&amp;c=2">'
    assert list(links.targets("index.html", page, ORIGIN)) == [("/a?b=1&c=2", "a")]


def test_only_links_that_stay_on_the_site_are_followed() -> None:
    html = (
        '<a href="/items/">a</a><a href="x.html#y">b</a><a href="#z">c</a><img src="/i.png"><a href="">d</a>'
        '<a href="https://example.org/">e</a><a href="//example.org">f</a><a href="tel:+86-10-1">g</a>'
        '<a href=" JavaScript:x">h</a><a href="mailto:a@example.org">i</a><a name="/n">j</a>'
        '<a href="\\\\example.org">k</a><a href="/?a=1&amp;b=2">l</a>'
    )
    assert dict(links.targets("items/a.html", html.encode(), ORIGIN)) == {
        "/items/": "items/index.html",
        "x.html#y": "items/x.html#y",
        "#z": "items/a.html#z",
        "/i.png": "i.png",
        "": "items/a.html",
        "/?a=1&b=2": "index.html",
    }
