"""The page's markup: whatever goes in, only our elements and attributes come out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import PAYLOADS
from ui.render import ATTRIBUTES, ELEMENTS, Html, join, plain, tag, text

UI = Path(__file__).parents[1] / "ui"


def parse(markup: str):
    return html5lib.parseFragment(markup, container="div", namespaceHTMLElements=False)


def textual(node) -> str:
    return "".join(node.itertext())


def shown(value: str) -> str:
    """What a document can hold of a value."""
    return re.sub(
        "[\x00\ud800-\udfff\ufdd0-\ufdef]|[\ufffe\uffff]", "\ufffd",
        "".join("\ufffd" if ord(c) > 0xFFFF and ord(c) & 0xFFFE == 0xFFFE else c for c in value),
    )


def test_the_corpus_is_large():
    assert len(PAYLOADS) >= 200


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_stays_text(payload):
    tree = parse(tag("p", payload, title=payload, data_article=payload, cls="quote"))
    elements = [node for node in tree.iter() if isinstance(node.tag, str)][1:]
    assert [node.tag for node in elements if node.tag != "bdi"] == ["p"]
    assert set(elements[0].attrib) == {"class", "title", "data-article"}
    assert textual(tree) == shown(payload)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_text_comes_back_as_it_went_in(value):
    assert textual(parse(tag("p", value))) == shown(value)


@given(st.text(alphabet="<>&\"'`=/ ab!-\u202e{}$", max_size=40))
def test_any_attribute_comes_back_as_it_went_in(value):
    [element] = list(parse(tag("span", title=value)))
    assert element.attrib == {"title": plain(value)}


@given(st.lists(st.text(max_size=8), max_size=4), st.text(max_size=3))
def test_joining_escapes_what_is_not_markup(parts, glue):
    assert textual(parse(tag("p", join(parts, glue)))) == shown(glue.join(parts))


def test_markup_is_not_escaped_twice():
    assert tag("p", tag("em", "a<b")) == "<p><em>a&#60;b</em></p>"
    assert text(Html("<em>x</em>")) == "<em>x</em>"


def test_markup_added_to_text_is_text_again():
    mixed = tag("em", "x") + "<script>"
    assert not isinstance(mixed, Html)
    assert parse(tag("p", mixed)).find("p/script") is None


@pytest.mark.parametrize("name", ["script", "img", "a", "iframe", "form", "svg", "style", "P",
                                  "p "])
def test_other_elements_are_refused(name):
    with pytest.raises(ValueError, match="is not one that the page is made of"):
        tag(name)


@pytest.mark.parametrize("name", ["href", "src", "style", "onclick", "srcset", "action", "data_",
                                  "data_x onload", "formaction", "ping", "background"])
def test_other_attributes_are_refused(name):
    with pytest.raises(ValueError, match="is not one that the page may write"):
        tag("p", **{name: "x"})


def test_an_input_can_only_be_text():
    with pytest.raises(ValueError, match="type 'image'"):
        tag("input", type="image")


def test_no_attribute_can_hold_an_address_or_a_script():
    able = {"href", "src", "srcset", "action", "formaction", "style", "poster", "background",
            "cite", "data", "ping", "srcdoc", "xlink:href", "manifest", "longdesc",
            "usemap", "content"}
    assert not ATTRIBUTES & able
    assert not [name for name in ATTRIBUTES if name.startswith("on")]
    assert not ELEMENTS & {"a", "img", "script", "style", "link", "base", "meta", "iframe",
                           "object", "embed", "form", "svg", "math", "video", "audio", "source",
                           "template"}


def test_bidirectional_controls_are_kept_and_isolated():
    markup = tag("p", "a\u202eb")
    assert markup == '<p>a<bdi class="control" title="U+202E">\u202e</bdi>b</p>'
    assert tag("p", title="a\u202eb") == '<p title="a\ufffdb"></p>'


def test_only_render_makes_tags():
    """No other module of the page holds a string that looks like a tag, or makes Html itself."""
    for path in sorted(UI.rglob("*.py")):
        if path.name == "render.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            node.body[0].value for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and (
                node not in docstrings
            ):
                assert not re.search(r"(?<!\?P)<[a-z/!]", node.value), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "Html", f"{path.name}:{node.lineno}"
