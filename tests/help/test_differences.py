"""`awsmini help differences`: each thing that awsmini does otherwise than AWS CLI v2 is named there, and has its test."""

import re

import pytest

from awsmini.model.load import DATA
from tests.terminal import PROJECT

TEXT = (DATA / "topics/differences.md").read_text("utf-8")
ENTRIES = dict(re.findall(r"^- `([\w-]+)`: (.*)$", TEXT, re.MULTILINE))
SHOWN_BY = {  # a file of tests, and a word in the name of the one that shows it
    "no-answer": ("cli/test_no_answers.py", ""),
    "asked-again": ("cli/test_no_answers.py", ""),
    "cut-xml": ("cli/test_no_answers.py", ""),
    "interim-answers": ("send/test_expect.py", ""),
    "cut-heads": ("cli/test_no_answers.py", ""),
    "broken-downloads": ("services/s3/test_differences.py", "broken_download"),
    "event-streams": ("parse/test_eventstream.py", ""),
    "error-pages": ("cli/test_messages.py", "without_a_code"),
    "long-errors": ("parse/test_errors.py", ""),
    "proxy-refusals": ("config/credentials/test_metadata.py", "proxy_on_the_way"),
    "clock": ("send/test_retry.py", ""),
    "expired-credentials": ("config/credentials/test_chain.py", ""),
    "retry-after": ("send/test_retry.py", ""),
    "dates-of-answers": ("parse/test_timestamps.py", "date_that_is_none"),
    "strict-base64": ("params/test_values.py", ""),
    "page-size": ("params/test_paging.py", ""),
    "shorthand": ("params/test_shorthand.py", ""),
    "read-once": ("params/test_input_documents.py", "pipe_is_read_once"),
    "byte-order-marks": ("config/credentials/test_process.py", "byte_order_mark"),
    "broken-documents": ("params/test_input_documents.py", "errors"),
    "query-functions": ("test_query.py", "bad_function"),
    "configure-set": ("commands/test_configure.py", "get_finds_what_set"),
    "header-breaks": ("send/test_header_breaks.py", "session_token"),
    "hidden-secrets": ("config/credentials/test_secrets.py", "no_secret_is_shown"),
    "kept-files": ("system/test_atomic.py", ""),
    "checked-files": ("services/test_output_files.py", ""),
    "private-folders": ("system/test_atomic.py", ""),
    "no-proxy": ("send/test_proxies.py", ""),
    "line-ends": ("config/credentials/test_metadata.py", "line_ends"),
    "plug-ins": ("test_layers.py", ""),
    "crc32": ("send/test_checksums.py", ""),
    "questions": ("commands/test_configure.py", ""),
    "user-agent": ("send/test_useragent.py", ""),
}


def test_each_difference_is_named():
    assert set(ENTRIES) == set(SHOWN_BY)


@pytest.mark.parametrize("name", sorted(SHOWN_BY))
def test_each_has_a_test_and_a_reason(name):
    path, word = SHOWN_BY[name]
    text = (PROJECT / "tests" / path).read_text("utf-8")
    assert any(word in found for found in re.findall(r"^def test_(\w+)", text, re.MULTILINE))
    assert len(ENTRIES[name].split(". ")) > 1 or ":" in ENTRIES[name] or ";" in ENTRIES[name] or "," in ENTRIES[name]


def test_the_topic_is_there(aws):
    shown = aws("help differences").stdout
    assert all(f"{name}:" in shown for name in SHOWN_BY)
    assert "differences" in aws("help topics").stdout
