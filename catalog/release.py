"""A catalogue as the complete set of files of one release, and whether its links hold together."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from catalog import disclosure_pages, entries, figures, modes, pages, places, render, search, site_files
from catalog.exchange import catalog_json, open_data
from catalog.load import REDIRECTS
from catalog.model import Catalogue
from catalog.problem import Problem

Files = Mapping[str, bytes]
"""Site path ("items/dibao.html") to bytes."""
RESERVED = frozenset({"static", "desk", "open-data", *(mode.name for mode in modes.OTHERS)})
"""First parts of addresses that no page of the content may take."""
_CONTRACT = Path(__file__).parents[1] / "docs" / "catalog.schema.json"


def assemble(catalogue: Catalogue, templates: Path) -> tuple[Files, list[Problem]]:
    """All files of a release, and the faults that forbid it: a page that fails, one address twice, dead links."""
    data = catalog_json.document(catalogue)
    opened = open_data.files(catalogue, data, _CONTRACT)
    written = {**opened, **search.files(catalogue), **places.files(catalogue)}
    fixed = {**render.static_files(templates), **{_path(address): file for address, file in written.items()}}
    planned = [*pages.plan(catalogue), *disclosure_pages.plan(catalogue), open_data.page(catalogue, opened)]
    moved = list(
        _dead_redirects(catalogue, {page.address for page in planned if page.template != pages.MOVED})
    )
    if moved:
        return {}, moved
    files, problems = _with_pages(
        {**fixed, **_beside(catalogue, planned)}, planned, render.Renderer(templates)
    )
    if not problems:
        problems = [*dead_links(files), *_dead_addresses(files, data)]
    return {**files, **_in_other_modes(planned, files)}, sorted(problems)


def _beside(catalogue: Catalogue, planned: list[pages.Page]) -> Files:
    """Sitemap and robots file; what leads on to another page and what is not found are no pages of the sitemap."""
    days = {entries.item_address(item.slug): str(item.updated) for item in catalogue.items}
    listed = [page.address for page in planned if page.template not in (pages.MOVED, "404.html")]
    changed = {address: days.get(address, "") for address in listed}
    log = figures.changes(catalogue)
    names = {item.slug: item.plain_name for item in catalogue.items}
    feed = {site_files.FEED: site_files.feed(catalogue.district, log, names).encode()} if log else {}
    return feed | {
        site_files.ROBOTS: site_files.robots(catalogue.district).encode(),
        site_files.SITEMAP: site_files.sitemap(catalogue.district, changed).encode(),
    }


def _in_other_modes(planned: list[pages.Page], files: Files) -> Files:
    """Every page once more for each of the other modes, but what a server answers with where there is nothing."""
    return {
        f"{mode.name}/{page.path}": modes.in_mode(files[page.path].decode(), mode).encode()
        for mode in modes.OTHERS
        for page in planned
        if page.path in files and page.address != pages.NOT_FOUND
    }


def _dead_redirects(catalogue: Catalogue, addresses: set[str]) -> Iterator[Problem]:
    """An old address has no page of its own and leads to one; redirects.csv has a head line and a row for each."""
    old = [each.old for each in catalogue.redirects]
    paths = {_path(address) for address in addresses}
    for line, each in enumerate(catalogue.redirects, start=2):
        if each.old.split("/")[1] in RESERVED:
            told = 1, f"旧地址 {each.old} 的第一段留给了别的用途，应删去这一行。"
        elif _path(each.old) in paths:
            told = 1, f"旧地址 {each.old} 现在有页面，应删去这一行，或给页面换一个网址名。"
        elif each.old in old[: line - 2]:
            told = 1, f"旧地址 {each.old} 写了两次，应删去一行。"
        elif each.new in old:
            told = 2, f"新地址 {each.new} 也是旧地址，应直接写最后的地址。"
        elif each.new not in addresses:
            told = 2, f"新地址 {each.new} 没有页面，应改成现在有的地址。"
        else:
            continue
        yield Problem(REDIRECTS, line, told[0], "dead-redirect", told[1])


def dead_links(files: Files) -> Iterator[Problem]:
    """Every href and src of a page that leads to no page, file or fragment of the release."""
    html = {path: data for path, data in files.items() if path.endswith(".html")}
    ids = {path: _ids(data) for path, data in html.items()}
    for path, data in html.items():
        for link in dict.fromkeys(render.links(data)):
            fault = _fault(files, ids, path, link)
            if fault:
                yield Problem(path, 0, 0, "dead-link", f"链接 {link} {fault}。")


def page_count(files: Files) -> int:
    """How many of the files are pages; one page in several modes counts once."""
    others = tuple(f"{mode.name}/" for mode in modes.OTHERS)
    return sum(path.endswith(".html") and not path.startswith(others) for path in files)


def _with_pages(
    fixed: Files, planned: list[pages.Page], renderer: render.Renderer
) -> tuple[dict[str, bytes], list[Problem]]:
    files, problems = dict(fixed), []
    for page in planned:
        if page.path in files:
            message = f"网址 {page.address} 已有别的内容，应换一个网址名（slug）。"
            problems.append(Problem(page.path, 0, 0, "address-twice", message))
            continue
        try:
            files[page.path] = renderer.render(page)
        except render.RenderError as error:
            problems.append(Problem(page.path, 0, 0, "render", f"页面无法生成（{error}）。"))
    return files, problems


def _dead_addresses(files: Files, data: Mapping[str, list[dict[str, str]]]) -> Iterator[Problem]:
    for collection in ("streets", "stations", "items"):
        for entry in data[collection]:
            if _path(entry["url"]) not in files:
                message = f"{entry['name']}的网址 {entry['url']} 没有对应的页面。"
                yield Problem(_path(entries.CATALOG), 0, 0, "dead-link", message)


def _fault(files: Files, ids: Mapping[str, set[str]], page: str, link: str) -> str:
    parts = urlsplit(urljoin(f"/{page}", link))
    for mode in modes.OTHERS:
        if parts.path.startswith(f"{mode.prefix}/"):
            parts = parts._replace(path=parts.path.removeprefix(mode.prefix))
    if parts.path.startswith(entries.SERVICE_PREFIX):
        return ""
    target = _path(unquote(parts.path))
    if target not in files:
        return "没有对应的页面或文件"
    fragment = unquote(parts.fragment)
    if fragment and fragment not in ids.get(target, {fragment}):
        return f"指向的页面里没有 #{fragment} 这一处"
    return ""


def _path(address: str) -> str:
    return address.removeprefix("/") + ("index.html" if address.endswith("/") else "")


def _ids(html: bytes) -> set[str]:
    reader = _IdReader()
    reader.feed(html.decode())
    reader.close()
    return reader.ids


class _IdReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids |= {value for name, value in attrs if name == "id" and value}
