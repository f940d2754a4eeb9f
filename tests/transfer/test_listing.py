"""Pages of listings: what the pattern reads is what XML says, and what it cannot read goes through XML."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from awsmini.errors import PaginationError, ResponseParseError
from awsmini.transfer.engine import Engine
from awsmini.transfer.listing import next_token, read_page
from awsmini.transfer.records import Listed, Page
from tests.servers import CaptureServer, Received, answer, capture_server
from tests.transfer.clients import s3_client

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
AWS = (
    "<Contents><Key>{key}</Key><LastModified>2024-01-02T03:04:05.000Z</LastModified><ETag>&quot;abc-2&quot;</ETag>"
    "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>7</Size>"
    "<Owner><ID>1</ID><DisplayName>me</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>"
)
PLAIN = "<Contents><Key>{key}</Key><LastModified>2024-01-02T03:04:05.000Z</LastModified><ETag>abc-2</ETag><Size>7</Size></Contents>"
OTHER_ORDER = (
    '<Contents>\n <Size>7</Size><Key>{key}</Key><ETag>"abc-2"</ETag><StorageClass>STANDARD</StorageClass>'
    "<LastModified>2024-01-02T03:04:05Z</LastModified></Contents>"
)


def body(rows: str, *, encoded: bool = True, token: str = "", prefixes: str = "") -> str:
    more = f"<IsTruncated>{'true' if token else 'false'}</IsTruncated>"
    following = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    encoding = "<EncodingType>url</EncodingType>" if encoded else ""
    return f"{HEAD}<Name>box</Name>{encoding}{following}{more}{rows}{prefixes}</ListBucketResult>"


def test_the_pattern() -> None:
    page = read_page(
        body(
            AWS.format(key="a%20b%2Fc+d") + PLAIN.format(key="e"),
            prefixes="<CommonPrefixes><Prefix>x%2F</Prefix></CommonPrefixes>",
        )
    )
    assert page == Page(
        [
            Listed("a b/c d", "2024-01-02T03:04:05.000Z", "abc-2", 7, "STANDARD"),
            Listed("e", "2024-01-02T03:04:05.000Z", "abc-2", 7, ""),
        ],
        ["x/"],
    )
    assert read_page(body(AWS.format(key="a%20b"), encoded=False)) == Page(
        [Listed("a%20b", "2024-01-02T03:04:05.000Z", "abc-2", 7, "STANDARD")], []
    )


@pytest.mark.parametrize(
    "row",
    [
        OTHER_ORDER.format(key="k"),
        AWS.format(key="a&amp;b"),
        AWS.format(key="k").replace("<Size>", "<New>1</New><Size>"),
    ],
)
def test_what_is_written_another_way_is_not_read_by_the_pattern(row: str) -> None:
    assert read_page(body(AWS.format(key="k") + row)) is None


@pytest.mark.parametrize(
    ("text", "token"),
    [
        (body(""), None),
        (body("", token="a&amp;b"), "a&b"),
        (body(AWS.format(key="k" * 9000) + "<!-- -->", token="t"), "t"),
        (
            HEAD
            + AWS.format(key="k" * 9000)
            + "<NextContinuationToken>late</NextContinuationToken><IsTruncated>true</IsTruncated></ListBucketResult>",
            "late",
        ),
        (HEAD + "</ListBucketResult>", None),
    ],
)
def test_next_tokens(text: str, token: str | None) -> None:
    assert next_token(text.encode()) == token


def test_a_page_that_names_no_next_one_is_refused() -> None:
    with pytest.raises(ResponseParseError):
        next_token(f"{HEAD}<IsTruncated>true</IsTruncated></ListBucketResult>".encode())


@pytest.fixture
def server() -> Iterator[CaptureServer]:
    with capture_server() as made:
        yield made


def test_pages_through_xml(server: CaptureServer, tmp_path: Path) -> None:
    server.replies(200, body(OTHER_ORDER.format(key="a%2Bb"), token="next one"), {"Content-Type": "application/xml"})
    server.replies(200, body(AWS.format(key="c")), {"Content-Type": "application/xml"})
    with Engine(s3_client(tmp_path, server.url)) as engine:
        pages = list(engine.list("box", "p"))
    assert [item for page in pages for item in page.objects] == [
        Listed("a+b", "2024-01-02T03:04:05.000Z", "abc-2", 7, "STANDARD"),
        Listed("c", "2024-01-02T03:04:05.000Z", "abc-2", 7, "STANDARD"),
    ]
    assert server.requests[1].query["continuation-token"] == ["next one"]


def test_a_token_that_comes_again_ends_the_listing(server: CaptureServer, tmp_path: Path) -> None:
    server.always(lambda _: answer(200, body(AWS.format(key="c"), token="same")))
    with Engine(s3_client(tmp_path, server.url)) as engine, pytest.raises(PaginationError):
        list(engine.list("box"))


def test_the_next_page_is_asked_for_before_this_one_is_handed_out(server: CaptureServer, tmp_path: Path) -> None:
    def pages(request: Received) -> object:
        at = int(request.query.get("continuation-token", ["0"])[0])
        return answer(200, body(AWS.format(key=f"k{at}"), token=str(at + 1) if at < 5 else ""))

    server.always(pages)  # type: ignore[arg-type]
    with Engine(s3_client(tmp_path, server.url)) as engine:
        listing = engine.list("box")
        assert [item.key for item in next(listing).objects] == ["k0"]
        assert [item.key for item in next(listing).objects] == ["k1"]
        assert len(server.requests) >= 2
        assert len(list(listing)) == 4


def test_an_error_in_a_success_is_tried_again(server: CaptureServer, tmp_path: Path) -> None:
    server.replies(200, "<Error><Code>InternalError</Code><Message>oops</Message></Error>")
    server.replies(200, body(AWS.format(key="c"))[:-20])
    server.replies(200, body(AWS.format(key="c")))
    client = s3_client(tmp_path, server.url)
    client._context = client._context._replace(app=client._context.app._replace(uniform=lambda: 0.0))
    with Engine(client) as engine:
        assert len(list(engine.list("box"))) == 1
    assert len(server.requests) == 3
