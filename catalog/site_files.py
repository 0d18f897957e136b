"""What search engines and feed readers are served beside the pages."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from catalog.disclosure import Change
from catalog.entries import item_address
from catalog.model import District

ROBOTS, SITEMAP, FEED = "robots.txt", "sitemap.xml", "changes.xml"


def robots(site: District) -> str:
    """Everything may be read (RFC 9309); the trees of the display modes say by themselves which page is theirs."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.website.origin}/{SITEMAP}\n"


def sitemap_index(site: District, maps: Iterable[str]) -> str:
    """The addresses of the maps that together list every page (sitemaps.org, protocol 0.9, index)."""
    rows = "".join(f"<sitemap><loc>{escape(site.website.origin + each)}</loc></sitemap>\n" for each in maps)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n'
    )


def sitemap(site: District, changed: Mapping[str, str]) -> str:
    """The addresses with the days of their last change, where known (sitemaps.org, protocol 0.9)."""
    urls = "".join(
        f"<url><loc>{escape(site.website.origin + address)}</loc>"
        + (f"<lastmod>{day}</lastmod>" if day else "")
        + "</url>\n"
        for address, day in changed.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


def feed(site: District, changes: Sequence[Change], names: Mapping[str, str]) -> str:
    """The log of changes, newest first, as Atom (RFC 4287); `names` are the items' plain names by slug.

    A day's changes are told as of its beginning in China. An entry's identifier is a tag URI (RFC 4151) of its day,
    kind and items: it stays when its words are mended.
    """
    origin = escape(site.website.origin)
    host = site.website.origin.removeprefix("https://")
    entries = "".join(_entry(site, host, change, names) for change in changes)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{escape(site.site_name)}：目录更新记录</title>\n<id>{origin}/{FEED}</id>\n"
        f'<link rel="self" href="{origin}/{FEED}"/>\n<link href="{origin}/disclosure/changes.html"/>\n'
        f"<updated>{_moment(changes[0])}</updated>\n"
        f"<author><name>{escape(site.website.host)}</name></author>\n{entries}</feed>\n"
    )


def _entry(site: District, host: str, change: Change, names: Mapping[str, str]) -> str:
    items = "、".join(names[slug] for slug in change.items)
    key = f"{change.kind.code}:{'+'.join(change.items)}"
    return (
        f"<entry>\n<title>{change.kind.value}：{escape(items)}</title>\n"
        f"<id>tag:{host},{change.date}:{key}</id>\n"
        f'<link href="{escape(site.website.origin)}{item_address(change.items[0])}"/>\n'
        f"<updated>{_moment(change)}</updated>\n<summary>{escape(change.text)}</summary>\n</entry>\n"
    )


def _moment(change: Change) -> str:
    return f"{change.date}T00:00:00+08:00"
