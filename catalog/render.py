"""Pages become bytes. The only owner of Jinja2 and Markdown."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from html import unescape
from pathlib import Path
from traceback import walk_tb
from xml.etree.ElementTree import Element

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from catalog import assets, entries, guides, modes, wording
from catalog.fields import Telephone
from catalog.pages import Page
from catalog.problem import Unusable
from catalog.qr import qr

_SPAN_OF_TIME = re.compile(r"\d{1,2}:\d{2}[–—-]\d{1,2}:\d{2}")
_ITEM_LINK = re.compile(r"item:([a-z0-9-]+)")
# What a link in prose may lead to. An allow list: browsers read more spellings of javascript: than one can ban.
_SAFE_TARGET = re.compile(r"(?:https?://|tel:|mailto:|#|/(?![/\\]))[^\x00-\x20\x7f]*", re.IGNORECASE)

_TEMPLATE = "template:"
"""What a template is called in a traceback, before its name."""
_PARTS = 1024
"""How many parts of pages are kept: those of all items, and of a street beside them."""


class RenderError(Exception):
    """A page could not be made; says which page, by which template, and why.

    `place` is the template in which it went wrong, one that the page's own reaches, and the line; 0 if it has none.
    """

    def __init__(self, page: Page, cause: Exception) -> None:
        self.reason = f"{type(cause).__name__}: {cause}"
        super().__init__(f"{page.address} by {page.template}: {self.reason}")
        self.place = page.template, 0
        if isinstance(cause, TemplateSyntaxError):
            self.place = cause.name or page.template, cause.lineno
            return
        for frame, line in walk_tb(cause.__traceback__):
            if frame.f_code.co_filename.startswith(_TEMPLATE):
                self.place = frame.f_code.co_filename.removeprefix(_TEMPLATE), line


class Renderer:
    """Renders pages by the templates of one directory; `assets` are the files beside them."""

    def __init__(self, templates: Path) -> None:
        self.assets = assets.read(templates)
        self._sources = _sources(templates, self.assets)
        self._environment = Environment(
            loader=FunctionLoader(self._loaded),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            # One renderer makes one release: templates do not change under it.
            auto_reload=False,
            cache_size=-1,
        )
        self._reach: dict[str, str] = {}
        self._references = {name: self._referenced(name) for name in self._sources}
        _refuse_rings(self._references)
        self._environment.filters |= {
            "limit": wording.limit,
            "fee": wording.fee,
            "copies": wording.copies,
            "document": wording.title,
            "prose": prose,
            "tel": tel,
            "hours": hours,
            "sentence": sentence,
            "day": wording.day,
            "calendar_day": wording.calendar_day,
            "local": local,
            "qr": qr,
        }
        self._environment.globals |= {
            "kind_words": guides.KIND_WORDS,
            "service_prefix": entries.SERVICE_PREFIX,
            "open_data": entries.OPEN_DATA,
            "search": entries.SEARCH,
            "form_address": entries.form_address,
            "depth_words": guides.DEPTH_WORDS,
            "modes": modes.MODES,
            "once": _Once(),
        }

    def source(self, template: str) -> str | None:
        """The template's text, with static files under their published names."""
        return self._sources.get(template)

    def _loaded(self, name: str) -> tuple[str, str, None] | None:
        return (self._sources[name], f"{_TEMPLATE}{name}", None) if name in self._sources else None

    @property
    def digest(self) -> str:
        """Of all templates."""
        return _digest(f"{name}\0{text}\0" for name, text in sorted(self._sources.items()))

    def reach(self, template: str) -> str:
        """The digest of a template and of all that it can include, extend or import, however far."""
        if template not in self._reach:
            reached, waiting = set[str](), [template]
            while waiting:
                name = waiting.pop()
                if name in reached:
                    continue
                reached.add(name)
                found = self._references.get(name, ())
                # A name that is only known while rendering could be any of the templates.
                waiting += self._sources if None in found else filter(None, found)
            texts = (f"{name}\0{self._sources.get(name, '')}\0" for name in sorted(reached))
            self._reach[template] = _digest(texts)
        return self._reach[template]

    def _referenced(self, name: str) -> tuple[str | None, ...]:
        """What a template includes, extends and imports; None for a name that is only known while rendering."""
        try:
            return tuple(meta.find_referenced_templates(self._environment.parse(self._sources[name])))
        except TemplateError:
            # Rendering tells what is wrong with it.
            return ()

    def render(self, page: Page) -> bytes:
        """The page's file in UTF-8. Raises RenderError naming page and template."""
        try:
            return self._environment.get_template(page.template).render(page.context).encode()
        except Exception as error:  # a template can raise anything its expressions can
            raise RenderError(page, error) from error


def _refuse_rings(references: Mapping[str, tuple[str | None, ...]]) -> None:
    """Raises Unusable where templates bring each other in: a page would never end."""
    named = {name: set(filter(None, found)) for name, found in references.items()}
    try:
        TopologicalSorter(named).prepare()
    except CycleError as error:
        raise Unusable(f"模板不能互相引用：{' -> '.join(reversed(error.args[1]))}。") from error


class _Once:
    """Makes a part that many pages have in common once: a macro of another template, which sees its arguments alone.

    Records are known by their identity; they are not changed while pages are made.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], tuple[tuple[object, ...], str]] = {}

    def __call__(self, macro: Callable[..., str], *seen: object) -> str:
        # A text that is computed for each page is itself again only by its value.
        key = (id(macro), *(each if isinstance(each, str) else id(each) for each in seen))
        if key not in self._made:
            if len(self._made) >= _PARTS:
                self._made.clear()
            # What has an identity is kept with it: the next to come at its place is another.
            self._made[key] = (macro, *seen), macro(*seen)
        return self._made[key][1]


def _sources(templates: Path, static: assets.Assets) -> Mapping[str, str]:
    found = {}
    for path in templates.glob("*.html"):
        try:
            found[path.name] = static.linked(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise Unusable(f"模板 {path.name} 应为 UTF-8 编码，第 {error.start + 1} 个字节不是。") from error
    return found


def _digest(texts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(text.encode())
    return whole.hexdigest()


def tel(phone: Telephone) -> str:
    """A telephone number as a global tel URI (RFC 3966, section 5.1.4)."""
    return f"tel:+86-{phone.removeprefix('0')}"


def sentence(text: str) -> str:
    """Plain text with a full stop, unless it ends in one or in another mark that closes a sentence."""
    return text if text.endswith(("。", "？", "！")) else f"{text}。"


def local(text: str, words: Mapping[str, str]) -> Markup:
    """A rendered part of a page in the words of the place (local_words)."""
    for general, own in words.items():
        text = text.replace(general, own)
    return Markup(text)


def hours(text: str) -> Markup:
    """Opening hours in which no span of time (9:00–12:00) breaks across lines."""
    return Markup(_SPAN_OF_TIME.sub(r'<span class="keep">\g<0></span>', str(escape(text))))


def prose(text: str) -> Markup:
    """Markdown as HTML. Raw HTML appears as the text it is; a link to nowhere safe becomes plain words."""
    return Markup(_convert(text)[0])


def prose_links(markdown: str) -> list[str]:
    """The targets of the links in Markdown as their author wrote them, in order."""
    return list(_convert(markdown)[1])


class _Links(Treeprocessor):
    """Notes the target of each link, then makes it an address or takes the link away."""

    def __init__(self, machine: Markdown) -> None:
        super().__init__(machine)
        self.targets: list[str] = []

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            # The serializer leaves character references alone, so the browser would still decode them.
            target = unescape(link.attrib.pop("href"))
            self.targets.append(target)
            address = _address(target)
            if address is None:
                link.tag = "span"
            else:
                link.set("href", address)


def _address(target: str) -> str | None:
    if item := _ITEM_LINK.fullmatch(target):
        return entries.item_address(item[1])
    return target if _SAFE_TARGET.fullmatch(target) else None


@lru_cache(maxsize=4096)
def _convert(text: str) -> tuple[str, tuple[str, ...]]:
    """The HTML and the links' targets; converted once for the rules and for every page that shows it."""
    machine = Markdown(output_format="html")
    # Prose is words, lists and links: no raw HTML, no pictures from elsewhere, no headings that break the outline.
    machine.preprocessors.deregister("html_block")
    for name in ("hashheader", "setextheader"):
        machine.parser.blockprocessors.deregister(name)
    for name in ("html", "automail", "image_link", "image_reference", "short_image_ref"):
        machine.inlinePatterns.deregister(name)
    noted = _Links(machine)
    # Below every other tree processor (the lowest is "unescape", 0): targets are final only then.
    machine.treeprocessors.register(noted, "links", -10)
    return machine.convert(text), tuple(noted.targets)
