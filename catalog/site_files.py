"""What search engines are served beside the pages."""

from collections.abc import Mapping
from html import escape

from catalog.model import District

ROBOTS, SITEMAP = "robots.txt", "sitemap.xml"


def robots(site: District) -> str:
    """Everything may be read (RFC 9309); the trees of the display modes say by themselves which page is theirs."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site.website.origin}/{SITEMAP}\n"


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
