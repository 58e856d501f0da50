"""The components, rendered as pages render them: strict about names, and safe with any text."""

import re

import jinja2
import pytest
from flask import Flask
from flask_babel import Babel
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectMultipleField, StringField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from matching import assets
from matching.models.statuses import (
    ApplicationStatus,
    ApprovalStatus,
    OfferStatus,
    PlacementStatus,
    RunStatus,
)
from matching.paths import STATIC, TEMPLATES
from matching.web import filters

HOSTILE = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture(scope="module")
def site() -> Flask:
    app = Flask("site", template_folder=str(TEMPLATES), static_folder=str(STATIC))
    app.config.update(SECRET_KEY="of this test", WTF_CSRF_ENABLED=False)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    Babel(app)
    assets.init_app(app)
    filters.init_app(app)
    return app


def render(site: Flask, source: str, **values: object) -> str:
    with site.test_request_context():
        return site.jinja_env.from_string(source).render(**values)


@pytest.mark.parametrize(
    ("of", "statuses"),
    [
        ("offer", OfferStatus),
        ("application", ApplicationStatus),
        ("placement", PlacementStatus),
        ("run", RunStatus),
        ("company", ApprovalStatus),
        ("school", ApprovalStatus),
    ],
)
def test_every_status_has_words_and_an_icon(site: Flask, of: str, statuses: type) -> None:
    source = '{% from "components/tags.html" import status_tag %}{{ status_tag(status, of=of) }}'
    for status in statuses:
        found = render(site, source, status=status, of=of)
        words = re.sub(r"<[^>]+>", "", found)
        assert words.strip(), status
        assert status.value not in words
        assert "<use href=" in found


def test_an_unknown_status_is_an_error_and_not_an_empty_tag(site: Flask) -> None:
    source = '{% from "components/tags.html" import status_tag %}{{ status_tag("lost") }}'
    with pytest.raises(jinja2.UndefinedError):
        render(site, source)


@pytest.mark.parametrize(
    ("file", "call"),
    [
        ("tags", "tag(text)"),
        ("buttons", "link_button(text, text)"),
        ("buttons", 'post_button(text, text, {"a": text})'),
        ("tables", "table(text, [text, text], [[text, text]])"),
        ("figures", 'figures([{"value": text, "label": text}])'),
        ("figures", 'bars(text, [{"label": text, "value": 1}])'),
        ("figures", 'columns(text, [{"label": text, "value": 1}])'),
        ("figures", "progress(text, 1, 2, note=text)"),
        ("messages", "notice(text, title=text)"),
        ("cards", "empty(text, text)"),
        ("cards", 'offer_card(text, text, text, text, "factory", reference=text, tags=[text])'),
        ("navigation", 'tabs([{"label": text, "url": text}], text)'),
        ("navigation", 'steps([{"label": text, "state": "done", "url": text}], text)'),
        ("forms", "search(text, text, value=text, hint=text)"),
    ],
)
def test_what_people_typed_never_becomes_markup(site: Flask, file: str, call: str) -> None:
    source = f'{{% import "components/{file}.html" as parts %}}{{{{ parts.{call} }}}}'
    found = render(site, source, text=HOSTILE)
    assert "&lt;img src=x" in found
    assert "<img" not in found
    assert "\"'" not in found


class OfferForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    name = StringField("Nom", validators=[DataRequired("Écrivez un nom.")], description="Court.")
    note = StringField("Note")
    day = RadioField(
        "Jour", choices=[SelectChoice("a", "A")], validators=[DataRequired("Choisissez.")]
    )
    weeks = SelectMultipleField(
        "Semaines", choices=[SelectChoice("1", "Une")], option_widget=widgets.CheckboxInput()
    )


FORM = """{% from "components/forms.html" import form as the_form, field %}
{% call the_form(form, submit="Envoyer") %}
{% for f in form %}{{ field(f) }}{% endfor %}
{% endcall %}"""


def form_page(site: Flask, typed: dict[str, str] | None = None) -> str:
    with site.test_request_context():
        form = OfferForm(formdata=MultiDict(typed) if typed is not None else None)
        if typed is not None:
            form.validate()
        return site.jinja_env.from_string(FORM).render(form=form)


def test_each_error_leads_to_its_field_and_is_tied_to_it(site: Flask) -> None:
    page = form_page(site, {"note": "x"})
    targets = re.findall(r'<a href="#([\w-]+)">', page)
    assert targets == ["name", "day"]
    assert all(f'id="{target}"' in page for target in targets)
    control = re.search(r'<input[^>]*id="name"[^>]*>', page)
    assert control is not None
    assert 'aria-describedby="name-hint name-error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert 'id="name-hint"' in page
    assert 'id="name-error"' in page


def test_a_form_without_errors_says_nothing_of_errors(site: Flask) -> None:
    page = form_page(site)
    assert "error-summary" not in page
    assert "aria-invalid" not in page


def test_every_control_has_a_label_and_groups_have_a_legend(site: Flask) -> None:
    page = form_page(site)
    controls = set(re.findall(r'<(?:input|select|textarea)[^>]*\bid="([\w-]+)"', page))
    labels = set(re.findall(r'<label for="([\w-]+)"', page))
    assert controls == labels == {"name", "note", "day-0", "weeks-0"}
    assert page.count("<legend>") == page.count("<fieldset") == 2


def test_only_required_fields_are_marked(site: Flask) -> None:
    page = form_page(site)
    assert re.findall(r"<(?:label[^>]*|legend)>(\w+) <span class=\"required\"", page) == [
        "Nom",
        "Jour",
    ]


def test_bars_are_in_proportion_to_the_greatest_total(site: Flask) -> None:
    source = """{% from "components/figures.html" import bars %}{{ bars("Titre", rows) }}"""
    rows = [{"label": "A", "value": 30, "total": 40}, {"label": "B", "value": 10, "total": 20}]
    widths = re.findall(
        r'class="(track|fill)"[^>]* width="([\d.]+)"', render(site, source, rows=rows)
    )
    assert [(kind, float(width)) for kind, width in widths] == [
        ("track", 100),
        ("fill", 75),
        ("track", 50),
        ("fill", 25),
    ]


def test_a_chart_of_zeros_can_be_drawn(site: Flask) -> None:
    rows = [{"label": "A", "value": 0}]
    for name in ("bars", "columns"):
        source = f'{{% from "components/figures.html" import {name} %}}{{{{ {name}("T", rows) }}}}'
        assert "NaN" not in render(site, source, rows=rows)


def test_the_title_of_the_window_begins_with_the_only_h1(site: Flask) -> None:
    page = render(
        site,
        '{% extends "layouts/base.html" %}{% block title %}Mes vœux{% endblock %}',
    )
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Mes vœux"]
    assert "<title>Mes vœux – L’Établi</title>" in page


def test_the_frame_needs_nothing_and_shows_what_it_is_given(site: Flask) -> None:
    source = '{% extends "layouts/space.html" %}{% block title %}Titre{% endblock %}'
    assert "bottom-bar" not in render(site, source)
    links = [
        {"url": f"/{n}", "label": f"L{n}", "icon": "star", "current": n == 2} for n in range(6)
    ]
    page = render(
        site, source, nav=links, account={"name": "Inès", "url": "/moi", "logout_url": "/fin"}
    )
    bar = page[page.index('class="bottom-bar"') :]
    assert re.findall(r'href="(/\d)"', bar) == ["/0", "/1", "/2", "/3"]
    assert bar.count('aria-current="page"') == 1
    assert '<form method="post" action="/fin">' in page


def test_a_page_in_the_middle_leads_both_ways_and_the_ends_one(site: Flask) -> None:
    source = '{% from "components/navigation.html" import pager %}{{ pager(page, 3, "/o?page=") }}'
    links = {
        n: re.findall(r'href="/o\?page=(\d)"', render(site, source, page=n)) for n in (1, 2, 3)
    }
    assert links == {1: ["2"], 2: ["1", "3"], 3: ["2"]}
