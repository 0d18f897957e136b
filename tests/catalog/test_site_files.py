"""What search engines are served."""

from xml.etree import ElementTree

from catalog.disclosure import Change
from catalog.model import Catalogue
from catalog.site_files import feed, robots, sitemap
from tests.support.exports import catalogue


def test_robots_may_read_everything_and_find_the_sitemap() -> None:
    text = robots(catalogue().district)
    assert text.splitlines()[:2] == ["User-agent: *", "Allow: /"]
    assert text.endswith("Sitemap: https://kezhong.example/sitemap.xml\n")


def test_the_sitemap_has_absolute_addresses_and_days_where_known() -> None:
    site: Catalogue = catalogue()
    root = ElementTree.fromstring(sitemap(site.district, {"/": "", "/items/a.html?x=1&y": "2026-01-05"}))
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [url.findtext(f"{name}loc") for url in root] == [
        "https://kezhong.example/",
        "https://kezhong.example/items/a.html?x=1&y",
    ]
    assert [url.findtext(f"{name}lastmod") for url in root] == [None, "2026-01-05"]


def test_the_feed_tells_each_change_with_a_stable_identifier() -> None:
    site = catalogue().district
    changes = [
        Change.model_validate(
            {"date": "2026-11-16", "kind": "修改", "items": ["yang-ben"], "text": "时限 <15> 个工作日"}
        ),
        Change.model_validate(
            {"date": "2026-10-02", "kind": "新增", "items": ["yang-zheng", "yang-ben"], "text": "增办两项"}
        ),
    ]
    root = ElementTree.fromstring(feed(site, changes, {"yang-ben": "样本", "yang-zheng": "样证"}))
    atom = "{http://www.w3.org/2005/Atom}"
    assert root.findtext(f"{atom}updated") == "2026-11-16T00:00:00+08:00"
    assert root.findtext(f"{atom}author/{atom}name") == "样例区政务服务局"
    entries = root.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in entries] == ["修改：样本", "新增：样证、样本"]
    assert [entry.findtext(f"{atom}id") for entry in entries] == [
        f"tag:kezhong.example,2026-11-16:{changes[0].kind.code}:yang-ben",
        f"tag:kezhong.example,2026-10-02:{changes[1].kind.code}:yang-zheng+yang-ben",
    ]
    assert entries[0].findtext(f"{atom}summary") == "时限 <15> 个工作日"
    links = [link.attrib["href"] for link in entries[1].findall(f"{atom}link")]
    assert links == ["https://kezhong.example/items/yang-zheng.html"]
