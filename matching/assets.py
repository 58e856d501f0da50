"""Static files: one address per content, so that browsers may keep them for ever.

``asset("css/app.css")`` gives ``/static/css/app.1f0c9a2b44.css``. The mark is a digest of what is
served; the address changes with the content and is then cached as immutable. The plain address
works too and is asked again each time. A style sheet's ``@import`` lines are replaced by the
sheets themselves and its ``url(…)`` by marked addresses: one request, and no build step.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Flask, Response, abort, request, url_for

MARK_LENGTH = 10
COMPRESSED = (".css", ".js", ".svg", ".json", ".txt")
MARKED = re.compile(rf"^(?P<stem>.+)\.(?P<mark>[0-9a-f]{{{MARK_LENGTH}}})(?P<suffix>\.\w+)$")
IMPORT = re.compile(r'@import "([^"]+)";')
REFERENCE = re.compile(r'url\("(\.\./[^"]+)"\)')


class UnknownAsset(LookupError):  # noqa: N818 - it names what was asked
    """A template or a style sheet asks for a file that is not in ``static``."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What is sent for a file, ready to send."""

    body: bytes
    squeezed: bytes | None
    mark: str
    mimetype: str


class Assets:
    """The files of one folder, read once (again when they change, if ``watch``)."""

    def __init__(self, folder: Path, *, watch: bool = False) -> None:
        self.folder = folder
        self.watch = watch
        self._read: dict[str, Asset] = {}

    def get(self, name: str) -> Asset:
        """The asset of this name, such as ``css/app.css``; raises UnknownAsset."""
        if self.watch or name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def marked(self, name: str) -> str:
        """``css/app.css`` → ``css/app.1f0c9a2b44.css``; raises UnknownAsset."""
        path = PurePosixPath(name)
        return str(path.with_name(f"{path.stem}.{self.get(name).mark}{path.suffix}"))

    def _load(self, name: str) -> Asset:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise UnknownAsset(name)
        body = self._style(path).encode() if path.suffix == ".css" else path.read_bytes()
        return Asset(
            body=body,
            squeezed=gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSED else None,
            mark=hashlib.sha256(body).hexdigest()[:MARK_LENGTH],
            mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        )

    def _style(self, path: Path) -> str:
        def inlined(found: re.Match[str]) -> str:
            return (path.parent / found[1]).read_text()

        def addressed(found: re.Match[str]) -> str:
            name = (path.parent / found[1]).resolve().relative_to(self.folder.resolve()).as_posix()
            return f'url("../{self.marked(name)}")'

        return REFERENCE.sub(addressed, IMPORT.sub(inlined, path.read_text()))


def init_app(app: Flask) -> None:
    """Serve ``app.static_folder`` at ``/static`` and give ``asset()`` to the templates."""
    if app.static_folder is None:
        raise ValueError("the application has no static folder")
    assets = Assets(Path(app.static_folder), watch=app.debug)

    def serve(filename: str) -> Response:
        found = MARKED.match(filename)
        name = f"{found['stem']}{found['suffix']}" if found else filename
        try:
            asset = assets.get(name)
        except UnknownAsset:
            abort(404)
        # An address made for an older version is answered, but must not be kept for the new one.
        lasting = found is not None and found["mark"] == asset.mark
        response = Response(asset.body, mimetype=asset.mimetype)
        if asset.squeezed is not None:
            response.vary.add("Accept-Encoding")
            if request.accept_encodings["gzip"]:
                response.set_data(asset.squeezed)
                response.content_encoding = "gzip"
        response.set_etag(asset.mark)
        response.cache_control.public = True
        if lasting:
            response.cache_control.max_age = 365 * 24 * 3600
            response.cache_control.immutable = True
        else:
            response.cache_control.no_cache = True
        response.make_conditional(request)
        return response

    app.view_functions["static"] = serve
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=assets.marked(name))
