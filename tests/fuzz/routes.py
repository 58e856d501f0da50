"""Every route as every role, with what nobody expects in the address, the query and the form."""

import re
from urllib.parse import quote, urlencode

from tests.fuzz.values import Values
from tests.fuzz.world import World

ANY = re.compile(r"<any\(([^)]*)\):\w+>")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"')
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


def ask_everything(world: World, values: Values, *, each: int, roles: int | None = None) -> None:
    """`each` requests for every route, method and role, or for a few `roles` drawn each time."""
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "static":
            continue
        cast = list(world.cast)
        for who in cast if roles is None else values.random.sample(cast, roles):
            for method in sorted(rule.methods & {"GET", "POST"}):
                for _ in range(each):
                    with world.undone():
                        _ask(world, values, rule.rule, who, method)


def _ask(world: World, values: Values, pattern: str, who: str, method: str) -> None:
    url = address(values, pattern)
    browser = world.browser(who)
    if method == "GET":
        query = urlencode(values.fields([]), doseq=True)
        world.ask(browser, who, "GET", f"{url}?{query}" if query else url)
        return
    shown, kept = _form(world, browser, who, url)
    data = values.fields(shown)
    if values.random.random() < 0.5:  # a page as it was shown, its other fields hostile
        data |= {name: [value] for name, value in kept.items()}
    world.ask(browser, who, "POST", url, data=data)


def address(values: Values, pattern: str) -> str:
    """The pattern of a route with something in its holes."""

    def listed(found: re.Match[str]) -> str:
        return values.random.choice([one.strip() for one in found[1].split(",")])

    def typed(found: re.Match[str]) -> str:
        return quote(values.segment(found[1]), safe="")

    return ARGUMENT.sub(typed, ANY.sub(listed, pattern))


def _form(world: World, browser, who: str, url: str) -> tuple[list[str], dict[str, str]]:
    """The names of the fields that the page at this address shows, and its hidden values."""
    if "GET" not in _methods(world, url):
        return [], {}
    answer = world.ask(browser, who, "GET", url)
    page = answer.get_data(as_text=True) if answer is not None else ""
    return sorted(set(FIELD.findall(page))), dict(HIDDEN.findall(page))


def _methods(world: World, url: str) -> set[str]:
    from werkzeug.exceptions import HTTPException

    try:
        return set(world.app.url_map.bind("localhost").allowed_methods(url))
    except HTTPException:
        return set()
