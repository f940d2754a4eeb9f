"""`ddb select` and `ddb put` as whole commands."""

import json

import pytest

ITEM = {"id": {"S": "a"}, "n": {"N": "1.50"}, "b": {"B": "aGk="}, "tags": {"SS": ["y", "x"]}, "l": {"L": [{"N": "1"}]}}


def test_a_scan(aws):
    aws.service.replies(200, {"Items": [ITEM], "Count": 1, "ScannedCount": 1})
    outcome = aws(["ddb", "select", "t", "--projection", "a,", "b", "--filter", "n >= 1.50"])
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout == (
        'Count: 1\nItems:\n- b: !!binary "aGk="\n  id: a\n  l:\n  - 1\n  n: 1.50\n  tags: !!set\n    x: null\n'
        "    y: null\nScannedCount: 1\n"
    )
    assert aws.service.request.headers["X-Amz-Target"] == "DynamoDB_20120810.Scan"
    assert aws.service.request.json == {
        "TableName": "t",
        "ConsistentRead": True,
        "ProjectionExpression": "#n0, #n1",
        "FilterExpression": "#n2 >= :n3",
        "ExpressionAttributeNames": {"#n0": "a", "#n1": "b", "#n2": "n"},
        "ExpressionAttributeValues": {":n3": {"N": "1.50"}},
        "ReturnConsumedCapacity": "NONE",
    }


def test_a_query(aws):
    aws.service.replies(200, {"Items": [], "Count": 0, "ScannedCount": 0})
    words = (
        "ddb select t --index-name by-name --no-consistent-read --return-consumed-capacity --attributes ALL_PROJECTED"
    )
    outcome = aws([*words.split(), "--key-condition", 'id = "a"'])
    assert (outcome.code, outcome.stderr) == (0, "")
    assert aws.service.request.headers["X-Amz-Target"] == "DynamoDB_20120810.Query"
    asked = aws.service.request.json
    assert (asked["ConsistentRead"], asked["Select"], asked["ReturnConsumedCapacity"]) == (
        False, "ALL_PROJECTED_ATTRIBUTES", "INDEXES",
    )  # fmt: skip


def test_an_expression_from_a_file(aws):
    aws.write("filter", "status = 1")
    aws.service.replies(200, {"Items": [], "Count": 0, "ScannedCount": 0})
    assert aws("ddb select t --filter file://filter").code == 0
    assert aws.service.request.json["ExpressionAttributeNames"] == {"#n0": "status"}


@pytest.mark.parametrize(
    "key", [{"B": "aGk="}, {"BS": ["aGk=", "eA=="]}, {"L": [{"B": "aGk="}]}, {"M": {"k": {"BS": ["eA=="]}}}]
)
@pytest.mark.parametrize("command", ["ddb select t", "dynamodb scan --table-name t"])
def test_keys_of_pages_are_sent_back_as_they_came(aws, key, command):
    aws.service.replies(200, {"Items": [], "Count": 0, "ScannedCount": 0, "LastEvaluatedKey": {"k": key}})
    aws.service.replies(200, {"Items": [], "Count": 0, "ScannedCount": 0})
    assert aws(command).code == 0
    assert aws.service.requests[1].json["ExclusiveStartKey"] == {"k": key}


def test_a_token_goes_on_where_it_ended(aws):
    key = {"k": {"BS": ["aGk=", "eA=="]}}
    aws.service.replies(200, {"Items": [ITEM], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": key})
    token = aws("dynamodb scan --table-name t --max-items 1").json["NextToken"]
    aws.service.replies(200, {"Items": [], "Count": 0, "ScannedCount": 0})
    assert aws(f"ddb select t --starting-token {token}").code == 0
    assert aws.service.requests[1].json["ExclusiveStartKey"] == key


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("select t --output json", 252, "json output format is not supported for ddb commands"),
        ("select t --no-paginate --max-items 1", 252, "Cannot specify --no-paginate along with pagination arguments: --max-items"),
        ("select t --max-items x", 255, "invalid literal for int() with base 10: 'x'"),
        ("select t --filter ''", 252, "Expressions must not be empty"),
        ("select t --query x[", 252, "Bad value for --query x["),
        ("put t '[{a: 1}, {a: 2}]' --condition 'a = 1'", 252, "--condition is not supported for multiple items"),
        ("put t '{a'", 255, "while parsing a flow mapping"),
        ("put t 5", 252, "Invalid type for parameter Item, value: 5"),
        ("", 252, "too few arguments"),
        ("scan", 252, "Found invalid choice 'scan'"),
    ],
)  # fmt: skip
def test_wrong_words(aws, words, code, message):
    outcome = aws(f"ddb {words}")
    assert (outcome.code, message in outcome.message) == (code, True), outcome.stderr
    assert aws.service.requests == []


def test_one_item(aws):
    aws.service.replies(200, {})
    outcome = aws(["ddb", "put", "t", "-", "--condition", "attribute_not_exists(id)"], stdin="id: a\nn: 1.50\n")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    assert aws.service.request.json == {
        "TableName": "t",
        "Item": {"id": {"S": "a"}, "n": {"N": "1.50"}},
        "ConditionExpression": "attribute_not_exists(#n0)",
        "ExpressionAttributeNames": {"#n0": "id"},
        "ReturnConsumedCapacity": "NONE",
    }


def test_no_items(aws):
    assert aws("ddb put t []").code == 0
    assert aws.service.requests == []


def test_what_is_left_is_sent_again(aws):
    left = [
        {"PutRequest": {"Item": {"id": {"S": "3"}, "n": {"N": "1.50"}, "b": {"B": "aGk="}, "bs": {"BS": ["eA=="]}}}}
    ]
    aws.service.replies(200, {"UnprocessedItems": {"t": left}})
    aws.service.replies(200, {"UnprocessedItems": {}})
    items = "[" + ", ".join(f"{{id: '{number}'}}" for number in range(49)) + "]"
    assert aws(["ddb", "put", "t", items]).code == 0
    sizes = [len(request.json["RequestItems"]["t"]) for request in aws.service.requests]
    assert sizes == [25, 25]
    assert aws.service.requests[1].json["RequestItems"]["t"][-1] == left[0]


def test_how_many_are_put_is_told(aws):
    aws.service.replies(200, {})
    aws.service.replies(400, {"__type": "ResourceNotFoundException", "message": "gone"})
    outcome = aws(["ddb", "put", "t", "[" + ", ".join(f"{{id: '{number}'}}" for number in range(30)) + "]"])
    assert outcome.code == 254
    assert outcome.stderr.startswith("Put already: 25 of 30 items.\n")


def test_whole_against_moto(aws_moto):
    aws = aws_moto
    keys = "--attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH"
    assert aws(f"dynamodb create-table --table-name t {keys} --billing-mode PAY_PER_REQUEST").code == 0
    items = "[{id: a, n: 1.50, t: !!set {x, y}, b: !!binary aGk=}, {id: b, n: 7, l: [1, {m: null}]}]"
    assert aws(["ddb", "put", "t", items]).code == 0
    assert aws(["ddb", "put", "t", "{id: a}", "--condition", "attribute_not_exists(id)"]).code == 254
    found = aws(["ddb", "select", "t", "--key-condition", 'id = "a"', "--query", "Items"]).stdout
    assert found == '- b: !!binary "aGk="\n  id: a\n  n: 1.50\n  t: !!set\n    x: null\n    y: null\n'
    assert (
        aws(["ddb", "select", "t", "--filter", "n > 5", "--projection", "id", "--query", "Items"]).stdout == "- id: b\n"
    )
    assert aws(["ddb", "put", "u", found.replace("- ", "  ", 1)]).code == 254  # no such table, but an item all the same
    assert json.loads(aws("dynamodb scan --table-name t --select COUNT").stdout)["Count"] == 2
