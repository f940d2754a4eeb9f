"""URLs as they go over the wire and into the signature."""

import pytest
from botocore.awsrequest import prepare_request_dict

from awsmini.serialize.url import join, percent_encode, query_string
from tests.serialize.test_serialize import request


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a/b", "a%2Fb"),
        ("100%", "100%25"),
        ("%41", "%2541"),
        ("-._~", "-._~"),
        ("é☃", "%C3%A9%E2%98%83"),
        ("!'()*", "%21%27%28%29%2A"),
        ("", ""),
        (5, "5"),
        (b"\xff", "%FF"),
    ],
)
def test_percent_encoding(text, encoded):
    assert percent_encode(text) == encoded


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("plain.txt", "/plain.txt"),
        ("folder/file name", "/folder/file%20name"),
        ("a+b", "/a%2Bb"),
        ("//double//slash", "///double//slash"),
        ("../up/./here/..", "/../up/./here/.."),
        ("/leading", "//leading"),
        ("trailing/", "/trailing/"),
        ("tilde~and%percent", "/tilde~and%25percent"),
        ("sne☃man", "/sne%E2%98%83man"),
        ("what?is#this", "/what%3Fis%23this"),
    ],
)
def test_keys_of_s3_stay_what_they_are(key, path):
    made = request("s3", "PutObject", {"Bucket": "b", "Key": key})
    assert made.url == f"https://example.com{path}"


def test_a_label_that_is_not_greedy_has_no_slashes():
    made = request("lambda", "GetFunction", {"FunctionName": "arn:aws:lambda:x/y z"})
    assert made.url == "https://example.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Ax%2Fy%20z"


def test_an_empty_label_is_sent():
    assert request("apigateway", "GetRestApi", {"restApiId": ""}).url == "https://example.com/restapis/"


def test_query_strings():
    query = {"text": "a b+c&d", "list": ["1", "2"], "number": 5, "empty": "", "none": []}
    assert query_string(query) == "text=a%20b%2Bc%26d&list=1&list=2&number=5&empty="


@pytest.mark.parametrize(
    "endpoint", ["https://h", "https://h/", "https://h:8/base", "https://h/base/", "https://h/a%20b"]
)
@pytest.mark.parametrize("prefix", ["", "p."])
@pytest.mark.parametrize("path", ["", "/", "/p", "/p/", "?list-type=2", "/p?x&y=1", "//p", "/../p"])
@pytest.mark.parametrize("query", [{}, {"a": "1 2", "b": ["x", "y"]}])
def test_joined_as_botocore_joins(endpoint, prefix, path, query):
    theirs = {"url_path": path, "query_string": dict(query), "headers": {}, "host_prefix": prefix or None}
    prepare_request_dict(theirs, endpoint)
    assert join(endpoint, prefix, path, query) == theirs["url"]
