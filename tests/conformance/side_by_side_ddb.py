"""`ddb`, side by side with AWS CLI v2: see `side_by_side.py`."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.conformance.side_by_side import Scenario, main

PROGRAM = ((r'running "aws ', 'running "awsmini '),)  # how a message calls it

NO_TABLE = (
    400,
    {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "Requested resource not found"},
)
CONDITION = (
    400,
    {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed",
    },
)
NUMBERS = (
    "1.50",
    "1",
    "1.0",
    "1E+3",
    "1E-7",
    "100",
    "-0.0",
    "0",
    "-5",
    "12345678901234567890123456789012345678",
    "1.5E+10",
    "1e5",
    "0E-8",
    ".5",
    "017",
)
TEXTS = (
    "plain", "yes", "on", "true", "null", "1.50", "012", "2001-01-01", "", " a", "a: b", "a #b", "a\nb\n", "é\u4e2d", "x" * 200,
    "word " * 30, "- a", "'", '"', "!x", "0x1F", "1e3", ".inf", "~",
)  # fmt: skip
ITEM = {
    "id": {"S": "a"}, "b": {"B": "aGk="}, "none": {"NULL": True}, "yes": {"BOOL": True}, "no": {"BOOL": False},
    "l": {"L": [{"N": "1"}, {"L": []}, {"M": {}}, {"L": [{"S": "x"}]}, {"M": {"a": {"N": "2"}, "b": {"L": [{"B": "eA=="}]}}}]},
    "m": {"M": {"z": {"S": "1"}, "a": {"M": {"k": {"N": "1.0"}}}}}, "ss": {"SS": ["b", "a", "10", "yes"]},
    "ns": {"NS": ["10", "9", "1.50", "1E+3", "-1"]}, "bs": {"BS": ["aGk="]}, "em": {"M": {}}, "el": {"L": []},
    **{f"n{at:02}": {"N": text} for at, text in enumerate(NUMBERS)},
    **{f"s{at:02}": {"S": text} for at, text in enumerate(TEXTS)},
}  # fmt: skip


def found(*items: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    return 200, {"Items": list(items), "Count": len(items), "ScannedCount": len(items), **more}


def select(name: str, words: str | list[str], *answers: Any, **more: Any) -> Scenario:
    command = f"ddb select {words}" if isinstance(words, str) else ["ddb", "select", *words]
    return Scenario(f"select: {name}", (command,), answers=answers or (found(),), **more)


def put(name: str, words: str | list[str], *answers: Any, **more: Any) -> Scenario:
    command = f"ddb put {words}" if isinstance(words, str) else ["ddb", "put", *words]
    return Scenario(f"put: {name}", (command,), answers=answers or ((200, {}),), **more)


A, B = {"id": {"S": "a"}}, {"id": {"S": "b"}}
SELECT = (
    select("all types", "t", found(ITEM)),
    select("none", "t"),
    select("one small", "t", found(A)),
    select("pages", "t", found(A, LastEvaluatedKey={"id": {"S": "a"}}), found(B)),
    select("a page key of bytes", "t", found(A, LastEvaluatedKey={"id": {"B": "aGk="}}), found(B)),
    select("--max-items", "t --max-items 1", found(A, B, LastEvaluatedKey={"id": {"S": "b"}})),
    select("--max-items at a page's end, bytes", "t --max-items 1", found(A, LastEvaluatedKey={"id": {"B": "aGk="}})),
    select("--page-size", "t --page-size 1", found(A, LastEvaluatedKey={"id": {"S": "a"}}), found(B)),
    select("--starting-token", "t --starting-token eyJFeGNsdXNpdmVTdGFydEtleSI6IHsiaWQiOiB7IlMiOiAiYSJ9fX0=", found(B)),
    select("--no-paginate", "t --no-paginate", found(A, LastEvaluatedKey={"id": {"B": "aGk="}})),
    select("--no-paginate and --max-items", "t --no-paginate --max-items 1"),
    select("--no-paginate and two", "t --no-paginate --page-size 2 --max-items 1"),
    select("--max-items 0", "t --max-items 0", found(A)),
    select("--max-items that is no number", "t --max-items x"),
    select("--page-size that is no number", "t --page-size 1.5"),
    select("index", "t --index-name i --return-consumed-capacity", found(A, ConsumedCapacity={"TableName": "t", "CapacityUnits": 0.5})),
    select("capacity", "t --return-consumed-capacity", found(ConsumedCapacity={"TableName": "t", "CapacityUnits": 1.0})),
    select("no capacity", "t --return-consumed-capacity --no-return-consumed-capacity"),
    select("not consistent", "t --no-consistent-read"),
    select("consistent at last", "t --no-consistent-read --consistent-read"),
    *(select(f"attributes {each}", f"t --attributes {each}", (200, {"Count": 3, "ScannedCount": 3})) for each in ("ALL", "ALL_PROJECTED", "COUNT")),
    select("a wrong choice", "t --attributes SOME"),
    select("no table", ""),
    select("two tables", "t u"),
    select("no such table", "t", NO_TABLE),
    select("an error on the second page", "t", found(A, LastEvaluatedKey={"id": {"S": "a"}}), NO_TABLE),
    select("no region", "t", env={"AWS_DEFAULT_REGION": None}, blur=PROGRAM),
    select("no credentials", "t", env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, blur=PROGRAM),
    *(select(f"--output {each}", f"t --output {each}", found(A)) for each in ("json", "text", "yaml", "table", "yaml-stream")),
    select("output of the environment", "t", found(A), env={"AWS_DEFAULT_OUTPUT": "json"}),
    select("--query a number", "t --query Items[0].n", found({"n": {"N": "1.50"}})),
    select("--query a lone item", "t --query Items[0]", found(A)),
    select("--query text of lines", "t --query Items[0].s", found({"s": {"S": "a\nb\n"}})),
    select("--query Count", "t --query Count", found(A)),
    select("--query nothing", "t --query Nothing", found(A)),
    select("--query bytes", "t --query Items[0].b", found({"b": {"B": "aGk="}})),
    select("--query numbers", "t --query Items[].n", found({"n": {"N": "1.50"}}, {"n": {"N": "1.0"}})),
    select("--query a set", "t --query Items[0].ss", found({"ss": {"SS": ["b", "a"]}})),
    select("--query by a number", ["t", "--query", "Items[?n == `1`].id"], found({"n": {"N": "1"}, "id": {"S": "a"}})),
    select("--query true", "t --query Items[0].b", found({"b": {"BOOL": True}})),
    select("--query a hash", ["t", "--query", "{n: Items[0].n, c: Count}"], found({"n": {"N": "1E+3"}})),
    select("a type that there is not", "t", found({"a": {"X": "1"}})),
    select("projection, filter and key", ["t", "--projection", "a, b.c[0].d", "--filter", "n >= 1.50 and 'odd name' = \"x\"", "--key-condition", "id = b\"aGk=\" and begins_with(sk, \"p\")"], found()),
    select("projection in several words", "t --projection a, b", found()),
    *(
        select(f"filter {text!r}", ["t", "--filter", text])
        for text in (
            "a = 1", "a <> b", "a < 1 or b <= -2.5 AND not c > 1e3", "(a = 1 OR b = 2) and c = 3", "not (a = 1)",
            "a between 1 and 2", "a BETWEEN 1 AND 2 and b IN (1, \"x\", c)", "attribute_exists(a)", "contains(a, \"x\")",
            "a = true and b = FALSE and c = Null", "a = [1, \"x\", [2]] and b = {\"k\": 1, \"l\": {}} and c = {1, 2}", "a = []", "a = {}",
            "a = {\"x\"}", "a.b.c[2][0] = 1", "a.b[1].c = 1", "a = a", "1", "\"x\" = a", "a = \"it \\\"is\\\"\"", "'it\\'s' = 1",
            "b = 1", "B = 1", "b1 = b\"\"", "a = -0.0", "a = 1E5", "a = 00.10", "a.1 = 2", "((a = 1))", "a=1", "a<1", "a\t=\n1",
            "", " ", "size(a) > 1", "a == 1", "a = ", "a", "= 1", "a and", "and", "a b", "a = 1 b", "(a = 1", "a = 1)", "a in 1", "a in ()",
            "a between 1 or 2", "a between 1", "a!", "a = 'x", "a = \"x", "a = b\"!\"", "a = b\"aGk\"", "a = 1.", "a = 1e", "a = 1e+", "a = -", "a = --1",
            "a[1.5] = 1", "a[x] = 1", "a[", "a[1", "a.", "a. = 1", ".a", "a = {1, \"x\"}", "a = {true}", "a = {1, }", "a = {x: 1}", "a = {1: 2}", "a = {\"k\": }",
            "a = [1, ]", "a = [", "a = {", "f(", "f()", "f(a", "\"f\"(a)", "a, b", "(a, b)", "a = 1, b", "a <", "a >= ", "a = \"x\"\"y\"", "a = é", "é = 1",
            "a = 12345678901234567890123456789012345678901", "a = \"\\\\\"", "a $ b", "a = {\"k\" 1}", "a = {{1}}", "not", "not not a", "a or or b", "a = {1, 1}",
        )
    ),
)  # fmt: skip
WORDS = "the words of another YAML library"
COLON = "YAML 1.2 lets a word within braces hold a colon"
PUT_OTHERWISE = {
    "{a: !!set {2.50, 1, 2.5}}": WORDS,
    "{a: |\n  x\n}": WORDS,
    "{a: 1, a: 2}": WORDS,
    "{a": WORDS,
    "a: b: c": WORDS,
    "--- {a: 1}\n--- {b: 2}\n": WORDS,
    "{a: !x 1}": WORDS,
    "{a: 1:30}": COLON,
    "{a: 2001-01-01T00:00:00Z}": COLON,
    "{a: !!set {true}}": "AWS CLI v2 stores the number 1 for true",
}
PUT = (
    *(
        put(f"{text!r}", ["t", text], differs=PUT_OTHERWISE.get(text))
        for text in (
            "{n: 1.50, s: [x], b: !!binary aGk=}", "{a: 017, b: 0o17, c: 0x1F, d: 1_000, e: 1e3, f: .5, g: -0.0, h: yes, i: on, j: 0b11}",
            "{a: null, b: ~, c: true, d: False, e: '1', f: \"1\", g: 1.0, h: 100}", "{a: {b: {c: [1, {d: 2}]}}, e: [], f: {}}", "id: a\nn: 1\n",
            "{a: !!set {x}}", "{a: !!set {1.5}}", "{a: !!set {}}", "{a: !!set {? !!binary aGk=}}", "{a: !!set {1, x}}", "{a: !!set {2.50, 1, 2.5}}", "{a: !!set {true}}",
            "{a: 2001-01-01}", "{a: 2001-01-01T00:00:00Z}", "{a: .inf}", "{a: .nan}", "{a: 12345678901234567890123456789012345678901}", "{a: 1.23456789012345678901234567890123456789}",
            "{a: 1e200}", "{a: !!str 1}", "{a: !!int '7'}", "{a: !!float '7'}", "{a: |\n  x\n}", "a: |\n  x\n  y\n", "{1: a}", "{a: 1, a: 2}", "a: &x 1\nb: *x\n", "<<: {a: 1}\nb: 2\n",
            "5", "x", "", "[]", "[{id: a}]", "null", "{a: 1:30}", "{a", "a: b: c", "--- {a: 1}\n--- {b: 2}\n", "{a: !x 1}", "{a: !!binary '???'}", "{a: '{}'}", "[1]", "[1, 2]",
            "{\"id\": \"a\", \"n\": 1.50}", "{a: -1, b: +1, c: '', d: \"\\u00e9\"}", "{a: é}", "{a: !!omap [{x: 1}]}", "{a: !!pairs [{x: 1}]}", "{a: !!seq [1]}", "{a: 1__0, b: 1_0.5}",
        )
    ),
    put("two", ["t", "[{id: a}, {id: b, n: 1.50}]"]),
    put("sixty", ["t", "[" + ", ".join(f"{{id: '{n}'}}" for n in range(60)) + "]"], (200, {"UnprocessedItems": {}}), (200, {"UnprocessedItems": {"t": [{"PutRequest": {"Item": {"id": {"S": "3"}, "n": {"N": "1.50"}, "b": {"B": "aGk="}}}}]}}), (200, {}), stop_clock=False),
    put("an error in the second batch", ["t", "[" + ", ".join(f"{{id: '{n}'}}" for n in range(30)) + "]"], (200, {}), NO_TABLE, differs="it is told how many items are put already"),
    put("condition", ["t", "{id: a}", "--condition", "attribute_not_exists(id)", "or", "n", "<", "5"]),
    put("condition that fails", ["t", "{id: a}", "--condition", "attribute_not_exists(id)"], CONDITION),
    put("condition for two", ["t", "[{id: a}, {id: b}]", "--condition", "attribute_not_exists(id)"]),
    put("condition that is none", ["t", "{id: a}", "--condition", "a =="]),
    put("from stdin", "t -", stdin="id: a\nn: 1.50\n"),
    put("from a file", "t file://i.yaml", files={"i.yaml": "- id: a\n- id: b\n"}),
    put("from a file that is not there", "t file://i.yaml"),
    put("no items", "t"),
    put("an unknown option", ["t", "{a: 1}", "--foo"]),
    put("--output json", ["t", "{id: a}", "--output", "json"]),
    put("no such table", ["t", "{id: a}"], NO_TABLE),
)  # fmt: skip
GROUP = (
    Scenario("ddb alone", ("ddb",)),
    Scenario("ddb and a wrong word", ("ddb scan",)),
    Scenario("ddb and a word nearly right", ("ddb selec t",)),
)

if __name__ == "__main__":
    main((*SELECT, *PUT, *GROUP))
