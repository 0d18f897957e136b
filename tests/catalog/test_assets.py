"""Files under names that tell their content: what loads another has a new one whenever that has."""

import re
from pathlib import Path

import pytest

from catalog import assets
from catalog.assets import Assets
from catalog.problem import Unusable

TEMPLATES = Path(__file__).parents[2] / "templates"
PLAIN = {
    "static/tokens.css": b":root {}",
    "static/site.css": b'@import "./tokens.css"; a { background: url(/static/pictures/a.png) }',
    "static/pictures/a.png": b'\xff"./site.css"',
    "static/search.js": b'const { find } = await import("./deep/find.js");',
    "static/deep/find.js": b'import "./letters.js"; import "https://k.example/x.js"; fetch("/static/none.json");',
    "static/deep/letters.js": b'export const a = "a";',
}


def name(made: Assets, path: str) -> str:
    return made.address(path).removeprefix("/")


def test_every_file_has_a_name_of_sixteen_digits_and_the_one_the_desk_asks_for_its_plain_one_too() -> None:
    made = Assets(PLAIN)
    names = {name(made, path) for path in PLAIN}
    assert set(made.files) == {*names, "static/tokens.css"}
    assert all(re.fullmatch(r"static/(?:\w+/)?\w+\.[0-9a-f]{16}\.\w+", each) for each in names)
    assert made.files["static/tokens.css"] == made.files[name(made, "static/tokens.css")] == b":root {}"


def test_what_loads_another_file_asks_for_it_by_its_name() -> None:
    made = Assets(PLAIN)
    site = made.files[name(made, "static/site.css")].decode()
    assert f"url({made.address('static/pictures/a.png')})" in site
    assert f'@import ".{made.address("static/tokens.css").removeprefix("/static")}"' in site
    assert (
        made.address("static/deep/find.js").removeprefix("/static")
        in made.files[name(made, "static/search.js")].decode()
    )
    found = made.files[name(made, "static/deep/find.js")].decode()
    assert f'"./{name(made, "static/deep/letters.js").rpartition("/")[2]}"' in found
    assert '"https://k.example/x.js"' in found and '"/static/none.json"' in found
    assert made.files[name(made, "static/pictures/a.png")] == PLAIN["static/pictures/a.png"]


def test_a_change_has_another_name_and_so_has_all_that_loads_it_and_nothing_else() -> None:
    before, after = Assets(PLAIN), Assets({**PLAIN, "static/deep/letters.js": b'export const a = "b";'})
    changed = {path for path in PLAIN if before.address(path) != after.address(path)}
    assert changed == {"static/deep/letters.js", "static/deep/find.js", "static/search.js"}


def test_a_template_asks_for_files_by_their_names() -> None:
    made = Assets(PLAIN)
    template = (
        '<link href="/static/site.css"><script src="/static/search.js"></script><a href="/static/none.css">'
    )
    assert made.linked(template) == (
        f'<link href="{made.address("static/site.css")}"><script src="{made.address("static/search.js")}">'
        '</script><a href="/static/none.css">'
    )


def test_files_that_load_each_other_are_refused() -> None:
    ring = {"static/a.js": b'import "./b.js";', "static/b.js": b'import "/static/a.js";'}
    with pytest.raises(
        Unusable, match=r"：static/(a\.js -> static/b\.js -> static/a|b\.js -> static/a\.js -> s)"
    ):
        Assets(ring)


def test_no_file_of_ours_names_another_in_a_way_that_is_not_seen() -> None:
    made = assets.read(TEMPLATES)
    plain = {path.name for path in (TEMPLATES / "static").iterdir()}
    for path, data in made.files.items():
        if path.endswith((".css", ".js")):
            loaded = set(
                re.findall(r"[\w-]+\.(?:js|css|svg)\b", re.sub(r"//.*|/\*.*?\*/", "", data.decode()))
            )
            assert not loaded & plain, path


def test_a_file_that_is_missing_or_no_text_is_named() -> None:
    with pytest.raises(Unusable, match=r"^模板目录缺少 static/modes\.css，"):
        Assets(PLAIN).address("static/modes.css")
    with pytest.raises(Unusable, match=r"^模板目录的 static/a\.css 应为 UTF-8 编码，第 3 个字节不是。$"):
        Assets({"static/a.css": b"a \xff"})
