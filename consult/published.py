"""The published site at /, as it stands in site/current: what a web server would do in front of the service."""

from aiohttp import web

from consult.directory import Directory

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # A release changes all at once; browsers ask each time and are mostly answered 304.
    "Cache-Control": "no-cache",
}


def handler(directory: Directory) -> web.AbstractRouteDef:
    """GET of any address that no other route has."""

    async def page(request: web.Request) -> web.StreamResponse:
        root = directory.root.resolve()
        asked = request.match_info["path"]
        path = (root / asked).resolve() if "\0" not in asked else root / "404.html"
        if path.is_dir():
            if asked and not asked.endswith("/"):
                raise web.HTTPMovedPermanently(f"/{asked}/")
            path /= "index.html"
        if not path.is_relative_to(root) or not path.is_file() or path.name == "404.html":
            return web.FileResponse(root / "404.html", status=404, headers=HEADERS)
        return web.FileResponse(path, headers=HEADERS)

    return web.get("/{path:.*}", page)
