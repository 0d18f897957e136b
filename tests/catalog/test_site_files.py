"""What search engines are served."""

from xml.etree import ElementTree

from catalog.model import Catalogue
from catalog.site_files import robots, sitemap
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
