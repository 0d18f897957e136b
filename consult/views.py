"""The desk over HTTP: sign-in, the two desks' pages, items as JSON, the device check."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from consult import demo
from consult.auth import DESK_NAMES, Auth
from consult.bridge.device_check import DeviceChecks, Full
from consult.config import Config, is_loopback
from consult.consultation import Refused
from consult.directory import Directory
from consult.people import Desk, Person
from consult.signaling import serve
from consult.switchboard import Switchboard

HERE = Path(__file__).parent
COOKIE = "kezhong"
OFFER_LIMIT = 60_000

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "pages"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Desks:
    """The handlers of the two desks and all that they use."""

    config: Config
    auth: Auth
    directory: Directory
    switchboard: Switchboard
    device_checks: DeviceChecks

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/desk", self.choose),
            web.get("/desk/", self.choose),
            web.get("/desk/{desk:station|centre}", self.choose),
            web.get("/desk/{desk:station|centre}/", self.desk),
            web.post("/desk/{desk:station|centre}/sign-in", self.sign_in),
            web.post("/desk/{desk:station|centre}/sign-out", self.sign_out),
            web.get("/desk/{desk:station|centre}/ws", self.websocket),
            web.get("/desk/{desk:station|centre}/items.json", self.items),
            web.get("/desk/{desk:station|centre}/items/{code}.json", self.item),
            web.get("/desk/station/device-check", self.device_check_paths),
            web.post("/desk/station/device-check", self.device_check),
            web.static("/desk/static", HERE / "static"),
        ]

    async def choose(self, request: web.Request) -> web.Response:
        if desk := request.match_info.get("desk"):
            raise web.HTTPMovedPermanently(f"/desk/{desk}/")
        return self._page(request, "choose.html", {})

    async def desk(self, request: web.Request) -> web.Response:
        desk = _desk(request)
        person = await self._person(request)
        if person is None:
            form = self._sign_in_form(desk, request.query.get("item", ""))
            return self._page(request, "sign_in.html", form)
        return self._page(request, f"{desk}.html", {"person": person, "place": self._area(person)})

    async def sign_in(self, request: web.Request) -> web.Response:
        self._same_origin(request)
        desk, form = _desk(request), await _form(request)
        login, password, item = (form.get(name, "") for name in ("login", "password", "item"))
        try:
            token = await self.auth.sign_in(login.strip()[:64], password[:1024], desk)
        except Refused as refused:
            told = self._sign_in_form(desk, item, login=login[:64], problem=refused.text)
            return self._page(request, "sign_in.html", told, HTTPStatus.UNAUTHORIZED)
        known = item if item in self.directory.current.items else ""
        response = web.HTTPSeeOther(f"/desk/{desk}/" + (f"?item={known}" if known else ""))
        response.set_cookie(
            COOKIE,
            token,
            path=f"/desk/{desk}/",
            max_age=int(self.auth.lifetime.total_seconds()),
            httponly=True,
            secure=self.config.secure,
            samesite="Lax",
        )
        raise response

    async def sign_out(self, request: web.Request) -> web.Response:
        self._same_origin(request)
        desk, person = _desk(request), await self._person(request)
        if person is not None:
            await self.auth.sign_out(request.cookies[COOKIE])
            self.switchboard.sign_out(person.id)
        response = web.HTTPSeeOther(f"/desk/{desk}/")
        response.del_cookie(COOKIE, path=f"/desk/{desk}/")
        raise response

    async def websocket(self, request: web.Request) -> web.WebSocketResponse:
        self._same_origin(request)
        return await serve(request, self.switchboard, lambda: self._person(request))

    async def items(self, request: web.Request) -> web.Response:
        """What the item picker needs of each item."""
        await self._required_person(request)
        told = ("code", "name", "plain_name", "aliases", "department", "kind", "kind_name", "theme")
        guides = self.directory.current.guides.values()
        return web.json_response([{key: guide[key] for key in told} for guide in guides])

    async def item(self, request: web.Request) -> web.Response:
        """One item's whole entry of catalog.json."""
        await self._required_person(request)
        guide = self.directory.current.guides.get(request.match_info["code"])
        if guide is None:
            raise web.HTTPNotFound(text="no such item in the published catalogue")
        return web.json_response(dict(guide))

    async def device_check_paths(self, request: web.Request) -> web.Response:
        """The RTCConfiguration with which the page makes its offer."""
        person = await self._required_person(request)
        return web.json_response(self.device_checks.paths(person.id, _host(request) or "localhost"))

    async def device_check(self, request: web.Request) -> web.Response:
        """Answers the page's offer with one that returns its sound and picture."""
        self._same_origin(request)
        person = await self._required_person(request)
        offer = await _json(request)
        check, sdp = offer.get("check"), offer.get("sdp")
        if not (isinstance(check, str) and isinstance(sdp, str) and len(sdp) <= OFFER_LIMIT):
            raise web.HTTPBadRequest(text="expected an object with check and sdp")
        try:
            answer = await self.device_checks.answer(person.id, check, sdp)
        except Full:
            raise web.HTTPServiceUnavailable(text="too many device checks at once") from None
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        return web.json_response({"type": "answer", "sdp": answer})

    def _page(
        self, request: web.Request, name: str, told: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK
    ) -> web.Response:
        release = self.directory.current
        text = _pages.get_template(name).render(district=release.district.name, demo=self.config.demo, **told)
        headers = _headers(self._origins(request))
        return web.Response(text=text, content_type="text/html", status=status, headers=headers)

    def _sign_in_form(
        self, desk: Desk, item: str, login: str = "", problem: str = ""
    ) -> Mapping[str, object]:
        samples = (
            [p for p in demo.people(self.directory.current) if p.desk is desk] if self.config.demo else []
        )
        return {
            "desk": desk,
            "desk_name": DESK_NAMES[desk],
            "item": item,
            "login": login,
            "problem": problem,
            "samples": [(p, self._area(p)) for p in samples],
            "sample_password": demo.PASSWORD,
        }

    def _area(self, person: Person) -> str:
        return self.directory.current.area(person.place).name

    async def _person(self, request: web.Request) -> Person | None:
        return await self.auth.person(request.cookies.get(COOKIE), _desk(request))

    async def _required_person(self, request: web.Request) -> Person:
        person = await self._person(request)
        if person is None:
            raise web.HTTPUnauthorized(text="sign in at the desk first")
        return person

    def _same_origin(self, request: web.Request) -> None:
        """Another site's page must not act with this desk's cookie."""
        origin = request.headers.get("Origin")
        if origin not in self._origins(request):
            raise web.HTTPForbidden(text=f"expected one of the service's own origins, came {origin}")

    def _origins(self, request: web.Request) -> tuple[str, ...]:
        """The configured origins; in demo mode the loopback address by which the page was asked for."""
        at_home = is_loopback(_host(request)) and self.config.demo
        return (*self.config.origins, *([f"http://{request.host}"] if at_home else []))


def _desk(request: web.Request) -> Desk:
    return Desk(request.match_info.get("desk", Desk.STATION))


def _host(request: web.Request) -> str:
    """The host by which the page was asked for, without its port."""
    try:
        return request.url.host or ""
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"expected a Host header such as localhost:8080: {error}") from None


async def _form(request: web.Request) -> dict[str, str]:
    """The text fields of a form as the sign-in page sends it."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPBadRequest(text="expected a form")
    try:
        told = await request.post()
    except (ValueError, LookupError):
        # Of what a client sends, the parser minds the encoding's name, the text in it, and the boundaries.
        raise web.HTTPBadRequest(text="expected a form") from None
    return {name: value for name, value in told.items() if isinstance(value, str)}


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        told = await request.json()
    except (ValueError, LookupError, RecursionError):
        raise web.HTTPBadRequest(text="expected JSON") from None
    if not isinstance(told, dict):
        raise web.HTTPBadRequest(text="expected a JSON object")
    return told


def _headers(origins: tuple[str, ...]) -> dict[str, str]:
    # Not every browser takes 'self' to mean the WebSocket too.
    websockets = " ".join(origin.replace("http", "ws", 1) for origin in origins)
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
            f"connect-src 'self' {websockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Permissions-Policy": "camera=(self), microphone=(self)",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
