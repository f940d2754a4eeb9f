"""`awsmini docs`: the manual as pages, built and served. What a browser makes of them: `docs_in_browser.mjs`."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from awsmini.commands.service import ServiceGroup
from awsmini.help.search import Service, _Candidate
from awsmini.help.service import visible_commands
from awsmini.model.cli_names import cli_services
from awsmini.model.load import DATA, ModelFinder
from awsmini.model.shapes import ServiceModel
from tests import oracle

SERVICES = ("lambda", "sqs", "s3api")
CSS_AND_JS = 25 * 1024
SITE = 150_000_000  # bytes of all pages, and what a page may have of them
PAGES = 20_700
CPU = 60.0
ALLOWED = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "name", "content"}, "title": set(),
    "link": {"rel", "href"}, "script": {"src"}, "body": set(), "header": set(), "nav": {"aria-label"}, "main": set(),
    "h1": set(), "h2": {"id"}, "p": {"id", "class"}, "div": set(), "a": {"id", "href"}, "details": {"open", "data-part"},
    "summary": {"id"}, "pre": set(), "code": set(), "b": set(), "i": set(), "ul": {"class"}, "ol": set(), "li": set(),
    "dl": set(), "dt": {"id"}, "dd": set(),
}  # fmt: skip
UNCLOSED = {"meta", "link", "p", "li", "dd", "dt"}


class Page(HTMLParser):
    """What a page links to, what can be linked to in it, and its text. Fails on what the pages are not made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.parts: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert found.keys() <= ALLOWED[tag], f"<{tag} {attrs}>"
        if tag not in UNCLOSED:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        self.loads += [found[name] or "" for name in ("src", "href") if name in found and tag != "a"]
        self.parts += [(found["data-part"] or "", "")] if "data-part" in found else []

    def handle_endtag(self, tag: str) -> None:
        if tag not in UNCLOSED:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.parts and not self.parts[-1][1] and self.open[-1] == "b":
            self.parts[-1] = (self.parts[-1][0], data)


def run(home: Path, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    world = {"PATH": os.environ["PATH"], "HOME": str(home), **env}
    return subprocess.run([sys.executable, "-m", "awsmini", *words], env=world, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    outcome = run(folder, "docs", "build", str(folder / "site"), "--services", *SERVICES)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert re.fullmatch(rf"\d+ pages: {folder}/site/index\.html\n", outcome.stdout)
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path.read_text()) for path in site.rglob("*.html")}


def values(text: str) -> list[Any]:
    """What a line of the site's JavaScript hands over."""
    call = re.fullmatch(r"awsmini\.\w+\((.*)\)\n", text, re.DOTALL)
    assert call
    found: list[Any] = json.loads(f"[{call[1]}]")
    return found


def test_every_command_that_help_shows_has_a_page(pages):
    for command in SERVICES:
        model = ServiceModel(ModelFinder({}).lines(cli_services()[command]))
        shown = visible_commands(ServiceGroup(command, model))
        assert [name for name in shown if f"{command}/{name}.html" not in pages] == []
        links = {unquote(link) for link in pages[f"{command}.html"].links}
        assert [name for name in shown if f"{command}/{name}.html" not in links] == []
    assert {"s3/cp.html", "configure/sso.html", "docs/serve.html", "help/topics.html", "help/config-vars.html",
            "lambda/wait/function-active.html", "help/global-options.html"} <= set(pages)  # fmt: skip


def test_all_links_lead_somewhere(pages, site):
    lost = []
    for name, page in pages.items():
        assert len(set(page.ids)) == len(page.ids), name
        for link in (*page.links, *page.loads):
            if link.startswith(("https://", "http://")):
                assert link not in page.loads
                continue
            path, _, fragment = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if not (site / target).is_file() or (fragment and fragment not in pages[target].ids):
                lost.append(f"{name}: {link}")
    assert lost == []


def test_every_option_has_an_anchor(pages):
    assert {"--queue-name", "--attributes", "--tags", "--cli-input-json", "--cli-input-yaml"} <= set(
        pages["sqs/create-queue.html"].ids
    )
    assert {"--region", "--output", "--query"} <= set(pages["help/global-options.html"].ids)
    assert {"--recursive", "--dryrun"} <= set(pages["s3/cp.html"].ids)
    assert {"FunctionName", "Layers", "options", "errors", "output"} <= set(pages["lambda/create-function.html"].ids)


def test_parts_are_where_pages_look_for_them(pages, site):
    for name, page in pages.items():
        wanted = [(place, cut or shown) for part, shown in page.parts for place, _, cut in [part.rpartition("/")]]
        for place, key in wanted:
            service = name.partition("/")[0].removesuffix(".html")
            file = site / "_" / ("_/0.js" if place == "_" else f"{service}/{place}.js")
            found = values(file.read_text())[0]
            assert f"{place}/{key}" in found, name
    assert any(page.parts for page in pages.values())


def test_parts_are_html_as_pages_are(site):
    for path in site.glob("_/*/*.js"):
        for html in values(path.read_text())[0].values():
            page = Page(html)
            assert page.ids == []
            assert [link for link in page.links if not link.startswith("http") and not (site / link).is_file()] == []


def test_a_page_says_what_the_model_says(pages):
    text = " ".join(pages["lambda/create-function.html"].text.split())
    for told in (
        "--function-name (string) [required]",
        "1 to 140 characters.",
        "One of: Zip, Image.",
        "Calls CreateFunction of AWS Lambda",
        "HTTP 409",
        "ResourceConflictException",
    ):
        assert told in text
    assert "--debug" not in text  # global options have a page of their own
    assert "every 5 seconds" in pages["lambda/wait/function-active.html"].text


def simple(api_name: str) -> str:
    """As the page makes a command of a name."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1-\2", api_name))
    return spaced.lower()


def test_the_index_has_all_commands(site):
    names = values((site / "_" / "names.js").read_text())[0]
    assert [command for command, *_ in names["services"]] == sorted(SERVICES)
    for command, _, operations, waiters in names["services"]:
        model = ServiceModel(ModelFinder({}).lines(cli_services()[command]))
        told = [word.partition("=")[2] or simple(word) for word in operations.split()]
        group = ServiceGroup(command, model)
        assert sorted(told) == sorted(set(visible_commands(group)) - {"wait"} - set(group.hand_written))
        assert waiters.split() == list(model.waiter_names)
    own = dict(names["own"])
    assert {"s3 cp", "docs build", "configure sso", "help config-vars"} <= own.keys()


@pytest.mark.parametrize("word", ["arn", "layer", "dead", "timeout", "x86", "checksum"])
def test_the_index_finds_in_shapes_what_search_finds(site, word):
    """The walk that the page makes over the lines of a part, made here."""
    for command, operations, shapes in values((site / "_" / "part0.js").read_text())[1]:
        lines = [line.split("\t") for line in shapes.split("\n")]
        users: list[list[str | int]] = [[] for _ in lines]
        for line in operations.split("\n"):
            api, refs = line.split("\t")
            for at in refs.split():
                users[int(at)].append(api)
        for number, (*_, refs) in enumerate(lines):
            for at in refs.split():
                users[int(at)].append(number)
        level = {at: 1 for at, line in enumerate(lines) if any(word in text.lower() for text in line[1:3])}
        seen, found = set(level), {}
        while level:
            following = {}
            for at, step in level.items():
                for user in users[at]:
                    if isinstance(user, str):
                        found.setdefault(user, step)
                    elif user not in seen:
                        seen.add(user)
                        following[user] = step + 1
            level = following
        model = ModelFinder({}).lines(cli_services()[command])
        wanted = _Candidate(Service(command, "", lambda model=model: model), [word])._operations_with(word)
        assert found == {api: step for api, (step, _) in wanted.items()}


NASTY = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"><a href="javascript:alert(3)">here</a> & "quoted" \u2028'
)


def nasty_model(*names: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "zoo", "protocol": "json", "jsonVersion": "1.1",
                     "serviceFullName": NASTY, "serviceId": "Zoo", "signatureVersion": "v4", "uid": "zoo-2020-01-01"},
        "documentation": NASTY,
        "operations": {
            name: {"name": name, "http": {"method": "POST", "requestUri": "/"}, "documentation": NASTY,
                   "input": {"shape": "In"}, "output": {"shape": "Out"}, "errors": [{"shape": "Bad"}]}
            for name in names
        },
        "shapes": {
            "In": {"type": "structure", "members": {"Kind": {"shape": "Kind", "documentation": NASTY}}},
            "Out": {"type": "structure", "members": {"Deep": {"shape": "Deep", "documentation": NASTY}}},
            "Deep": {"type": "structure", "members": {f"M{n}": {"shape": "Kind"} for n in range(9)}},
            "Kind": {"type": "string", "enum": [NASTY, "</script>"], "pattern": NASTY, "documentation": NASTY},
            "Bad": {"type": "structure", "members": {"Deep": {"shape": "Deep"}}, "exception": True,
                    "documentation": NASTY},
        },
    }  # fmt: skip


def test_what_a_model_says_is_text_and_names_no_files(tmp_path):
    models = {"zoo": ("FeedAll",), "farm": ("FeedAll", "../../../Evil"), "barn": ('<img src=x onerror="alert(4)">',)}
    for name, operations in models.items():
        folder = tmp_path / "models" / name / "2020-01-01"
        folder.mkdir(parents=True)
        (folder / "service-2.json").write_text(json.dumps(nasty_model(*operations)))
    site = tmp_path / "a" / "b" / "c" / "site"
    outcome = run(tmp_path, "docs", "build", str(site), "--services", *models, AWS_DATA_PATH=str(tmp_path / "models"))
    assert outcome.returncode == 0
    assert "farm/2020-01-01 cannot be used." in outcome.stderr
    assert {path.name for path in (site / "zoo").iterdir()} == {"feed-all.html"}
    assert [path.name for path in tmp_path.rglob("*vil*")] == []
    for path in site.rglob("*.html"):
        assert not [link for link in Page(path.read_text()).links if "javascript" in link]
    assert NASTY.split(">")[0] in Page((site / "zoo" / "feed-all.html").read_text()).text
    for path in site.glob("_/*/*.js"):
        for html in values(path.read_text())[0].values():
            Page(html)
        assert "\u2028" not in path.read_text()


def test_a_folder_with_other_things_is_left_alone(aws, tmp_path):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear")
    outcome = aws(f"docs build {foreign}")
    assert outcome.code == 252
    assert f"{foreign} is not empty, and has not been written by `awsmini docs build`." in outcome.stderr
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]
    assert aws(f"docs build {foreign}/letter.txt").code == 252
    assert (foreign / "letter.txt").read_text() == "dear"
    assert aws(f"docs build {tmp_path}/new --services nosuch").code == 252
    assert not (tmp_path / "new").exists()


def test_built_again_pages_of_what_is_gone_go(aws, tmp_path):
    assert aws(f"docs build {tmp_path}/site --services sts sqs").code == 0
    (tmp_path / "site" / "notes.txt").write_text("mine")
    before = (tmp_path / "site" / "sts.html").read_bytes()
    assert aws(f"docs build {tmp_path}/site --services sts").code == 0
    assert not list((tmp_path / "site").rglob("*queue*"))
    assert (tmp_path / "site" / "sts.html").read_bytes() == before
    assert (tmp_path / "site" / "notes.txt").read_text() == "mine"
    assert not list(tmp_path.rglob("*.part"))


def test_css_and_js_are_small():
    assert sum(path.stat().st_size for path in (DATA / "docs").iterdir()) <= CSS_AND_JS


def test_without_documentation_a_page_stands_too(aws, tmp_path, monkeypatch):
    monkeypatch.setattr("awsmini.help.prose.find_spec", lambda _: None)
    assert aws(f"docs build {tmp_path}/site --services sqs").code == 0
    assert (
        "--queue-name (string) [required]" in Page((tmp_path / "site" / "sqs" / "create-queue.html").read_text()).text
    )
    names = values((tmp_path / "site" / "_" / "names.js").read_text())[0]
    assert names["prose"] is False
    assert not list((tmp_path / "site").glob("_/prose*"))


def test_prose_is_that_of_the_operation(site):
    rows = dict(values((site / "_" / "prose0.js").read_text())[1])
    operations = values((site / "_" / "names.js").read_text())[0]["services"]
    for command, _, told, _ in operations:
        assert len(rows[command]) == len(told.split())
    assert rows["sqs"][operations[2][2].split().index("PurgeQueue")].startswith("Deletes available messages in a queue")


SAMPLE = ("cloudfront", "iam", "route53", "sagemaker", "sqs")


@pytest.mark.every
def test_the_site_is_in_its_budget(tmp_path, request):
    """All of it where every service is asked for, else the share of some."""
    every = oracle.takes_every(request.config)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = (
        "import awsmini.help.prose as p, sys; p.find_spec = lambda _: None; "
        "from awsmini.cli import main; main(sys.argv[1:])"
    )
    words = ["docs", "build", str(tmp_path / "site"), *([] if every else ["--services", *SAMPLE])]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script, *words], env=env, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    count = sum(path.suffix == ".html" for path in files)
    share = min(count / PAGES, 1)
    assert not every or share == 1
    assert sum(path.stat().st_size for path in files) <= SITE * share
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent <= CPU * share + (0 if every else 1)  # to start costs too


def test_a_page_is_small(site, pages):
    """The share that a page has of the budget, and half as much again: documentation is installed here."""
    size = sum(path.stat().st_size for path in site.rglob("*.*") if path.parent != site / "_")
    assert size / len(pages) <= 1.5 * SITE / PAGES


class Server:
    """`docs serve` as a process."""

    def __init__(self, home: Path, *words: str) -> None:
        env = {"PATH": os.environ["PATH"], "HOME": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "awsmini", "docs", "serve", *words],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.line = self.process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", self.line)
        self.port = int(address[1]) if address else 0

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        reply = connection.getresponse()
        found = reply.status, reply.read().decode(), dict(reply.headers)
        connection.close()
        return found

    def end(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("home"), "--services", *SERVICES)
    assert started.port
    yield started
    assert started.end() == (0, "")


def test_served_pages_are_those_that_are_built(server, site):
    for path in ("index.html", "sqs.html", "sqs/create-queue.html", "s3/cp.html", "help/topics.html",
                 "lambda/wait/function-active.html", "_/names.js", "_/part0.js", "_/prose0.js", "_/lambda/1.js",
                 "_/_/0.js", "_/site.css", "_/site.js"):  # fmt: skip
        status, text, headers = server.get(f"/{path}")
        assert (status, text) == (200, (site / path).read_text()), path
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert server.get("/")[1] == (site / "index.html").read_text()
    status, text, headers = server.get("/sqs.html", "HEAD")
    assert (status, text, int(headers["Content-Length"])) == (200, "", (site / "sqs.html").stat().st_size)


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "/_/../../../pyproject.toml", "/_/%2e%2e/site.css",
        "/_/site.css/../site.js", "/sqs/nosuch.html", "/nosuch.html", "/_/nosuch.js", "/_/part99.js", "/_/sqs/99.js",
        "/_/nosuch/0.js", "/sqs", "/sqs/create-queue", "/help.html", "/help/nosuch.html", "/help/../index.html",
        "/\x00.html", "/_/sqs/0/x.js", "/ec2/run-instances.html", "//etc/passwd", "/etc/passwd", "/_/",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_served(server, path):
    status, text, _ = server.get(path.replace("\x00", "%00"))
    assert (status, text) == (404, "There is no such page.\n")


def test_only_this_machine_under_its_own_name_is_answered(server):
    assert server.get("/", Host="evil.example")[0] == 404
    assert server.get("/", Host=f"localhost:{server.port}")[0] == 200
    assert server.get("/", "POST")[0] == 501


def test_a_page_of_a_service_comes_at_once(server):
    """50 ms for one that is asked for the first time; measured again where the machine was busy."""
    server.get("/sqs.html")
    spent = []
    for path in ("/s3api/put-object.html", "/s3api/get-object.html", "/s3api/list-objects-v2.html", "/lambda.html"):
        begin = time.perf_counter()
        assert server.get(path)[0] == 200
        spent.append(time.perf_counter() - begin)
    assert min(spent) <= 0.05


def test_a_port_that_is_taken_is_named(tmp_path, aws):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = aws(f"docs serve --port {port}")
    assert outcome.code == 255
    assert f"--port {port} cannot be listened on: " in outcome.stderr
    assert aws("docs serve --port 70000").code == 252
    assert aws("docs").code == 252
