"""The page of the other tests does what they believe."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser.page import Page

pytestmark = pytest.mark.slow

HTML = """<!DOCTYPE html><title>A</title><style>@media (prefers-color-scheme: dark) { b { opacity: 0.5 } }
@media print { b { opacity: 0.1 } }</style><a href=#x onclick="document.title = 'clicked'">a</a><b>b</b>"""
LOOK = "[document.title, getComputedStyle(document.querySelector('b')).opacity, innerWidth]"


def test_what_a_page_shows(page: Page) -> None:
    assert page.show("undefined").value is None
    assert page.show(LOOK, html=HTML).value == ["A", "1", 1280]
    assert page.show(LOOK, dark=True, width=390).value == ["A", "0.5", 390]
    assert page.show(LOOK, print_=True, keys=["Tab", "Enter"]).value == ["clicked", "0.1", 1280]


def test_errors_and_requests_are_seen(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<img src=http://example.invalid/x.png><script>nothing()</script>", "utf-8")
    shown = page.show("1", file=file)
    assert shown.requests == ["http://example.invalid/x.png"]
    assert any("nothing is not defined" in error for error in shown.errors)
    assert page.show("1", html="<p>").errors == []
    with pytest.raises(AssertionError, match="nothing is not defined"):
        page.show("nothing()")


def test_a_page_has_no_rules_of_the_one_before(page: Page, tmp_path: Path) -> None:
    strict, library = tmp_path / "strict.html", tmp_path / "library.js"
    strict.write_text("<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">", "utf-8")
    library.write_text("document.title = 'run'", "utf-8")
    page.show(file=strict)
    assert page.show("document.title", html=HTML, library=library) == ("run", [], [])


def test_a_page_of_a_server_reaches_no_other(page: Page, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Hi</h1><script>fetch('http://localhost:9/').catch(() => 0)</script>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        shown = page.show(address=f"http://127.0.0.1:{server.server_port}/", tree="body")
        server.shutdown()
    assert shown.value == '- heading "Hi" [level=1]'
    assert shown.requests[1:] == ["http://localhost:9/"]
    assert any("ERR_FAILED" in error for error in shown.errors)


def test_pictures_of_a_page(page: Page, tmp_path: Path) -> None:
    page.show(html=HTML, screenshot=tmp_path / "a.png", pdf=tmp_path / "a.pdf")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
