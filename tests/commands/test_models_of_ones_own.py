"""`awsmini models add|update|list|show|remove`: new services become commands at once, broken ones never get in."""

import gzip
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from awsmini.model.load import data
from tests.small_botocore import botocore_of
from tests.small_smithy import NAMESPACE, parcels

SERVICE_2 = {
    "metadata": {
        "apiVersion": "2020-01-01",
        "endpointPrefix": "gadgets",
        "jsonVersion": "1.1",
        "protocol": "json",
        "serviceFullName": "Gadget Shop",
        "serviceId": "Gadget Shop",
        "signatureVersion": "v4",
        "targetPrefix": "Gadgets",
    },
    "operations": {
        "ListGadgets": {
            "name": "ListGadgets",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Page"},
            "output": {"shape": "Page"},
            "documentation": "<p>Lists.</p>",
        }
    },
    "shapes": {
        "Page": {"type": "structure", "members": {"Token": {"shape": "Text"}, "Gadgets": {"shape": "Texts"}}},
        "Text": {"type": "string"},
        "Texts": {"type": "list", "member": {"shape": "Text"}},
    },
}
PAGINATORS = {"pagination": {"ListGadgets": {"input_token": "Token", "output_token": "Token", "result_key": "Gadgets"}}}


def test_a_smithy_model_becomes_commands(aws):
    aws.write("parcels.json", json.dumps(parcels()))
    added = aws("models add parcels.json")
    assert added.stdout.startswith("Example Parcel Post is now 'awsmini parcel-post': 5 operations, in ")
    aws.service.replies(200, {"parcel": {"id": "p1"}})
    sent = aws("parcel-post send-parcel --depot here --weight 2.5 --size small --via road=north --labels a=b --token t")
    assert sent.json == {"parcel": {"id": "p1"}, "status": 200}
    request = aws.service.requests[-1]
    assert request.target == "/depots/here/parcels?kind=sent"
    assert request.json == {"grams": 2.5, "size": "small", "labels": {"a": "b"}, "via": {"road": "north"}}
    assert "/us-east-1/parcels/aws4_request" in request.headers["authorization"]


def test_its_pages_waiters_and_errors_work_too(aws):
    aws.write("parcels.json", json.dumps(parcels()))
    assert aws("models add parcels.json --name post").code == 0
    aws.service.replies(200, {"parcels": [{"id": "a"}], "next": "n", "total": 2})
    aws.service.replies(200, {"parcels": [{"id": "b"}], "total": 2})
    assert aws("post list-parcels").json == {"parcels": [{"id": "a"}, {"id": "b"}], "total": 2}
    aws.service.replies(200, {"open": True})
    assert aws("post wait depot-open --depot d").code == 0
    aws.service.replies(409, {"message": "full"}, {"x-amzn-errortype": "NoRoom"})
    failed = aws("post send-parcel --depot d")
    assert failed.code == 254
    assert "An error occurred (NoRoom) when calling the SendParcel operation: full" in failed.message
    aws.service.replies(200, b"")
    assert aws("post ping").code == 0
    assert "authorization" not in aws.service.requests[-1].headers


XML = "<%s xmlns='https://parcels.example.com/doc'>%s</%s>"
LISTED = "<parcels><Parcel><id>a</id></Parcel></parcels><total>1</total>"
WRAPPED = XML % ("ListParcelsResponse", f"<ListParcelsResult>{LISTED}</ListParcelsResult>", "ListParcelsResponse")
IN_CBOR = b"\xa2\x67parcels\x81\xa1\x62id\x61a\x65total\x01"


@pytest.mark.parametrize(
    ("protocol", "answer", "sent"),
    [
        ("aws.protocols#restJson1", {"parcels": [{"id": "a"}], "total": 1}, ("/parcels?most=2", b"")),
        ("aws.protocols#awsJson1_0", {"parcels": [{"id": "a"}], "total": 1}, ("/", b'{"most": 2}')),
        ("aws.protocols#awsJson1_1", {"parcels": [{"id": "a"}], "total": 1}, ("/", b'{"most": 2}')),
        ("aws.protocols#awsQuery", WRAPPED.encode(), ("/", b"Action=ListParcels&Version=2024-05-01&most=2")),
        ("aws.protocols#restXml", (XML % ("R", LISTED, "R")).encode(), ("/parcels?most=2", b"")),
        ("smithy.protocols#rpcv2Cbor", IN_CBOR, ("/service/Parcels/operation/ListParcels", b"\xa1\x64most\x02")),
    ],
)
def test_a_call_in_each_protocol(aws, protocol, answer, sent):
    aws.write("parcels.json", json.dumps(parcels(protocol)))
    assert aws("models add parcels.json").code == 0
    cbor = {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"} if "Cbor" in protocol else {}
    aws.service.replies(200, answer, cbor)
    answered = aws("parcel-post list-parcels --page-size 2")
    assert answered.json == {"parcels": [{"id": "a"}], "total": 1}, answered.stderr
    request = aws.service.request
    assert (request.target, request.body) == sent


def test_a_profile_names_folders_of_models(aws):
    aws.write("models/gadgets/2020-01-01/service-2.json", json.dumps(SERVICE_2))
    aws.write(".aws/config", "[profile shop]\ndata_path = nowhere:$MODELS\n[default]\n")
    aws.env["MODELS"] = "~/models"
    aws.service.replies(200, {"Gadgets": ["a"]})
    assert aws("gadgets list-gadgets", env={"AWS_PROFILE": "shop"}).json["Gadgets"] == ["a"]
    assert "gadgets\t2020-01-01" in aws("models list --profile shop").stdout
    for elsewhere in ({}, {"AWS_PROFILE": "none"}, {"AWS_PROFILE": "shop", "AWS_DATA_PATH": "~/others"}):
        assert "Found invalid choice 'gadgets'" in aws("gadgets list-gadgets", env=elsewhere).message


def gadgets(operation="ListGadgets", version="2020-01-01"):
    described = {**SERVICE_2["operations"]["ListGadgets"], "name": operation}
    return {
        **SERVICE_2,
        "metadata": {**SERVICE_2["metadata"], "apiVersion": version},
        "operations": {operation: described},
    }


GADGETS_2020 = "gadgets/2020-01-01/service-2.json"
NEWER_ELSEWHERE = {f"m/{GADGETS_2020}": gadgets(), "n/gadgets/2021-01-01/service-2.json": gadgets("ListMore")}


@pytest.mark.parametrize(
    ("files", "operation"),
    [
        (NEWER_ELSEWHERE, "list-more"),
        ({f"n/{GADGETS_2020}": gadgets(), f"m/{GADGETS_2020}": gadgets("ListMore")}, "list-more"),
        (
            {f"n/{GADGETS_2020}": gadgets(), ".aws/models/gadgets/2021-01-01/service-2.json": gadgets("ListMore")},
            "list-more",
        ),
        ({".aws/models/" + GADGETS_2020: gadgets(), f"n/{GADGETS_2020}": gadgets("ListMore")}, "list-more"),
    ],
)
def test_the_newest_version_counts_and_of_one_version_the_first_folders(aws, files, operation):
    for name, content in files.items():
        aws.write(name, json.dumps(content))
    aws.env["AWS_DATA_PATH"] = "~/m:~/none:~/n"
    aws.service.replies(200, {})
    assert aws(f"gadgets {operation}").code == 0
    assert "Found invalid choice 'list-gadgets'" in aws("gadgets list-gadgets").message


@pytest.mark.parametrize(
    "where", ["m/gadgets/2010-01-01", "m/gadgets/2030-01-01", "n/gadgets/2020-01-01", ".aws/models/gadgets/2020-01-01"]
)
def test_paginators_may_lie_apart_from_their_service(aws, where):
    aws.write(f"m/{GADGETS_2020}", json.dumps(SERVICE_2))
    aws.write(f"{where}/paginators-1.json", json.dumps(PAGINATORS))
    aws.env["AWS_DATA_PATH"] = "~/m:~/n"
    aws.service.replies(200, {"Gadgets": ["a"], "Token": "t"})
    aws.service.replies(200, {"Gadgets": ["b"]})
    assert aws("gadgets list-gadgets").json == {"Gadgets": ["a", "b"]}


TABLES = {
    "metadata": {
        "apiVersion": "2099-01-01",
        "endpointPrefix": "dynamodb",
        "jsonVersion": "1.0",
        "protocol": "json",
        "serviceFullName": "Tables",
        "serviceId": "DynamoDB",
        "signatureVersion": "v4",
        "targetPrefix": "Newer",
    },
    "operations": {
        "ListTables": {
            "name": "ListTables",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Page"},
            "output": {"shape": "Page"},
        },
        "DescribeTable": {"name": "DescribeTable", "http": {"method": "POST", "requestUri": "/"}},
    },
    "shapes": {
        "Page": {
            "type": "structure",
            "members": {
                "ExclusiveStartTableName": {"shape": "Text"},
                "LastEvaluatedTableName": {"shape": "Text"},
                "Limit": {"shape": "Number"},
                "TableNames": {"shape": "Texts"},
            },
        },
        "Number": {"type": "integer"},
        "Text": {"type": "string"},
        "Texts": {"type": "list", "member": {"shape": "Text"}},
    },
}
TWO_PAGES = ({"TableNames": ["one"], "LastEvaluatedTableName": "one"}, {"TableNames": ["two"]})


@pytest.mark.parametrize(("version", "target"), [("2099-01-01", "Newer"), ("2000-01-01", "DynamoDB_20120810")])
def test_a_shipped_service_gives_way_to_a_newer_model_alone_and_lends_it_its_paginators(aws, version, target):
    model = {**TABLES, "metadata": {**TABLES["metadata"], "apiVersion": version}}
    aws.write(f".aws/models/dynamodb/{version}/service-2.json", json.dumps(model))
    for page in TWO_PAGES:
        aws.service.replies(200, page)
    assert aws("dynamodb list-tables").json == {"TableNames": ["one", "two"]}
    assert aws.service.requests[0].headers["x-amz-target"] == f"{target}.ListTables"
    assert ("from: " + str(aws.home) in aws("models show dynamodb").stdout) == (target == "Newer")


@pytest.mark.parametrize(("version", "pages"), [("2012-08-10", 1), ("2099-01-01", 1), ("2000-01-01", 2)])
def test_paginators_alone_take_the_place_of_older_ones(aws, version, pages):
    aws.write(f".aws/models/dynamodb/{version}/paginators-1.json", json.dumps({"pagination": {}}))
    for page in TWO_PAGES[:pages]:
        aws.service.replies(200, page)
    assert aws("dynamodb list-tables").json["TableNames"] == ["one", "two"][:pages]
    assert len(aws.service.requests) == pages


def test_the_endpoint_of_a_model_of_ones_own_goes_by_the_name_of_its_command(aws):
    aws.write(f".aws/models/{GADGETS_2020}", json.dumps(SERVICE_2))
    aws.env["AWS_ENDPOINT_URL_GADGETS"] = aws.env.pop("AWS_ENDPOINT_URL")
    aws.env["AWS_ENDPOINT_URL_GADGET_SHOP"] = "http://127.0.0.1:1"
    aws.service.replies(200, {"Gadgets": ["a"]})
    assert aws("gadgets list-gadgets").json == {"Gadgets": ["a"]}


@pytest.mark.parametrize("form", ["file", "folder", "gzip", "other name"])
def test_a_botocore_model_becomes_commands(aws, form):
    text = json.dumps(SERVICE_2)
    names = {"file": "m/service-2.json", "folder": "m", "gzip": "m/service-2.json.gz", "other name": "m/gadgets.json"}
    if form == "gzip":
        aws.write("m/service-2.json.gz", gzip.compress(text.encode()))
    else:
        aws.write("m/gadgets.json" if form == "other name" else "m/service-2.json", text)
    aws.write("m/paginators-1.json", json.dumps(PAGINATORS))
    added = aws(["models", "add", names[form]])
    assert "'awsmini gadget-shop': 1 operation, in" in added.stdout, added.stderr
    aws.service.replies(200, {"Gadgets": ["a"], "Token": "t"})
    if form == "other name":
        assert aws("gadget-shop list-gadgets").json == {"Token": "t", "Gadgets": ["a"]}
    else:
        aws.service.replies(200, {"Gadgets": ["b"]})
        assert aws("gadget-shop list-gadgets").json == {"Gadgets": ["a", "b"]}
    assert aws.service.requests[0].headers["x-amz-target"] == "Gadgets.ListGadgets"
    assert "<p>" not in "".join(path.read_text() for path in aws.home.rglob("*.jsonl"))


def test_the_user_is_told_what_there_is_and_can_take_it_back(aws):
    aws.write("parcels.json", json.dumps(parcels()))
    assert aws("parcel-post ping").code == 252
    aws("models add parcels.json")
    listed = dict(line.split("\t", 1) for line in aws("models list").stdout.splitlines())
    assert listed["parcel-post"] == "2024-05-01\tawsmini models add"
    assert listed["kinesisvideo"] == f"2017-09-30\tbotocore {data('services.json')['botocore']}"
    assert len(listed) == len(data("services.json")["services"]) + 1
    shown = aws("models show parcel-post").stdout
    for line in ("protocol: rest-json", "operations: 5", "waiters: 1", "from: awsmini models add", "id: Parcel Post"):
        assert f"{line}\n" in shown
    assert aws("models remove parcel-post").stdout == "The model of parcel-post that was added is gone.\n"
    assert aws("parcel-post ping").code == 252
    assert aws("models remove parcel-post").code == 255
    assert aws("models show parcel-post").code == 252


def test_an_added_model_wins_over_the_shipped_one(aws):
    ast = parcels()
    ast["shapes"][f"{NAMESPACE}#Parcels"]["traits"]["aws.api#service"]["sdkId"] = "Kinesis Video"
    aws.write("parcels.json", json.dumps(ast))
    assert "'awsmini kinesisvideo', in the place of the shipped one" in aws("models add parcels.json").stdout
    assert aws("kinesisvideo list-streams").code == 252
    aws("models remove kinesisvideo")
    aws.service.replies(200, {"StreamInfoList": []})
    assert aws("kinesisvideo list-streams").code == 0


HOSTILE = {
    "not JSON": b"{",
    "no object": b"[1]",
    "deep": b"[" * 100_000,
    "binary": b"\x00\xff\xfe",
    "empty": b"",
    "no model": b'{"a": 1}',
    "metadata of another kind": b'{"metadata": 5, "operations": {}}',
    "no service": b'{"smithy": "2.0", "shapes": {}}',
    "shapes of another kind": b'{"smithy": "2.0", "shapes": {"a#b": 5}}',
    "a name that leaves the folder": json.dumps(
        {**SERVICE_2, "metadata": {**SERVICE_2["metadata"], "serviceId": "../../x"}}
    ).encode(),
    "a name of two lines": json.dumps({**SERVICE_2, "shapes": {**SERVICE_2["shapes"], "a\nb": {}}}).encode(),
    "a shape of no type": json.dumps({**SERVICE_2, "shapes": {"Page": {"type": "gizmo"}}}).encode(),
    "a reference to nothing": json.dumps({**SERVICE_2, "shapes": {}}).encode(),
    "half a character": json.dumps({**SERVICE_2, "metadata": {**SERVICE_2["metadata"], "uid": "\ud800"}}).encode(),
    "a reference in red": json.dumps(
        {
            "smithy": "2.0",
            "shapes": {
                **parcels()["shapes"],
                f"{NAMESPACE}#Depot": {"type": "resource", "read": {"target": "\x1b[31m"}},
            },
        }
    ).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_breaks_nothing(aws, name):
    aws.write("model.json", HOSTILE[name])
    outcome = aws("models add model.json")
    assert outcome.code == 255
    assert outcome.message.startswith("awsmini: [ERROR]: ")
    assert outcome.message.isprintable()
    assert list(aws.home.rglob("*.jsonl")) == []
    aws.service.replies(200, {"StreamInfoList": []})
    assert aws("kinesisvideo list-streams").code == 0


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("service-2", {**SERVICE_2, "shapes": {}}, "has no shape Page"),
        ("service-2", {"metadata": 5}, "broken"),
        ("paginators-1", {"pagination": "x"}, "broken"),
        ("paginators-1", {"pagination": {"ListGadgets": 5}}, "broken"),
        ("endpoint-rule-set-1", {"rules": []}, "parameters is missing"),
    ],
)
def test_a_broken_model_in_the_folder_of_botocore_is_told_and_breaks_nothing_else(aws, file, content, message):
    files = {"service-2": SERVICE_2, "paginators-1": PAGINATORS, file: content}
    for name, model in files.items():
        aws.write(f".aws/models/gadgets/2020-01-01/{name}.json", json.dumps(model))
    outcome = aws("gadgets list-gadgets")
    assert outcome.code == 255
    assert f"{aws.home}/.aws/models/gadgets/2020-01-01 cannot be used. " in outcome.message
    assert message in outcome.message
    assert message in dict(line.split("\t", 1) for line in aws("models list").stdout.splitlines())["gadgets"]
    assert aws("kinesisvideo list-streams --generate-cli-skeleton").code == 0
    assert aws("help").code == 0


def test_a_service_is_shown_by_the_name_of_its_command_too(aws):
    assert "id: S3\n" in aws("models show s3api").stdout
    outcome = aws("models show kinesisvide")
    assert outcome.code == 252
    assert "  * kinesisvideo" in outcome.stderr


@pytest.mark.parametrize("name", ["../x", "X", "a b", "", "-x"])
def test_a_name_that_is_no_command_is_refused(aws, name):
    aws.write("parcels.json", json.dumps(parcels()))
    outcome = aws(["models", "add", "parcels.json", f"--name={name}"])
    if name:
        assert outcome.code == 255
        assert "cannot be the name of a service" in outcome.message


def test_a_missing_file_and_a_folder_that_cannot_be_written(aws):
    assert "No such file or directory" in aws("models add nope.json").message
    aws.write("parcels.json", json.dumps(parcels()))
    aws.write("file", "")
    outcome = aws("models add parcels.json", env={"XDG_DATA_HOME": str(aws.home / "file")})
    assert "cannot be written" in outcome.message


def test_update_brings_services_and_operations(aws):
    source = botocore_of(aws.home / "newer", "gizmo", release="9.0.0", models={"gadget-shop": SERVICE_2})
    updated = aws(f"models update --from {source}")
    assert updated.stdout == (
        "The models are now those of botocore 9.0.0.\nnew service: gadget-shop\nnew service: gizmo\n"
    ), updated.stderr
    aws.service.replies(200, {"Gadgets": ["a"]})
    assert aws("gadget-shop list-gadgets").json == {"Gadgets": ["a"]}
    listed = aws("models list").stdout
    assert "gadget-shop\t2020-01-01\tbotocore 9.0.0\n" in listed
    more = {**SERVICE_2, "operations": {**SERVICE_2["operations"], "Ping": {"name": "Ping", "http": {}}}}
    source = botocore_of(aws.home / "newest", "gizmo", release="9.1.0", models={"gadget-shop": more})
    assert aws(f"models update --from {source}").stdout == (
        "The models are now those of botocore 9.1.0.\nnew in gadget-shop: Ping\n"
    )
    assert [path.name for path in (aws.home / ".local/share/awsmini/models").iterdir()] == ["botocore-9.1.0"]
    assert aws("models remove --updates").stdout == "Back to the models that awsmini ships.\n"
    assert aws("gadget-shop list-gadgets").code == 252
    assert aws("models remove --updates").stdout == "There are no updates to remove.\n"


def test_an_update_that_is_not_newer_is_left(aws):
    source = botocore_of(aws.home / "older", "gizmo", release="1.0.0")
    assert "1.0.0 is not newer" in aws(f"models update --from {source}").stdout
    assert list(aws.home.rglob("*.jsonl")) == []


def test_a_release_kept_from_before_does_not_outlive_a_newer_awsmini(aws):
    source = botocore_of(aws.home / "newer", "gizmo", release="9.0.0")
    aws(f"models update --from {source}")
    models = aws.home / ".local/share/awsmini/models"
    (models / "botocore-9.0.0").rename(models / "botocore-1.0.0")
    assert "gizmo" not in aws("models list").stdout


@pytest.mark.parametrize("damage", ["cut", "empty", "no JSON", "one byte", "a folder", "not sealed"])
@pytest.mark.parametrize("kept", ["update", "add"])
def test_a_kept_model_that_is_damaged_is_named_with_the_way_back(aws, tmp_path, damage, kept):
    if kept == "update":
        aws(["models", "update", "--from", str(botocore_of(tmp_path / "new", "gizmo", release="9.0.0"))])
        name, back, done = "gizmo", "models remove --updates", "Back to the models"
    else:
        aws.write("parcels.json", json.dumps(parcels()))
        aws("models add parcels.json")
        name, back, done = "parcel-post", "models remove parcel-post", "is gone"
    path = next(aws.home.rglob(f"{name}.jsonl"))
    text = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    else:
        changed = {
            "cut": text[: len(text) // 2],
            "empty": b"",
            "no JSON": b"{",
            "one byte": text.replace(b"e", b"a", 1),
        }
        path.write_bytes(changed.get(damage, text.rpartition(b"~")[0]))
    for command in (f"{name} help", f"models show {name}", f"{name} ping"):
        outcome = aws(command)
        if damage == "a folder":  # it is none of the user's models
            continue
        assert outcome.code == 255
        assert f"The model {path} is damaged. " in outcome.stderr
        assert f"awsmini {back}\n" in outcome.stderr
    if (damage, kept) == ("cut", "update"):
        assert f"{name}\tbroken\tThe model {path} is damaged" in aws("models list").stdout
        found = aws("search kinesisvideo list-streams")
        assert found.code == 0
        assert "kinesisvideo list-streams" in found.stdout
    assert damage == "a folder" or done in aws(back).stdout


def test_a_broken_model_of_ones_own_is_left_out_of_a_search(aws):
    aws.write(".aws/models/gadget/2024-01-01/service-2.json", "{")
    outcome = aws("search kinesisvideo list-streams")
    assert outcome.code == 0
    assert "kinesisvideo list-streams" in outcome.stdout
    assert outcome.stderr.startswith("Left out: ")
    assert ".aws/models/gadget/2024-01-01 cannot be used" in outcome.stderr


def test_an_update_mends_what_is_damaged(aws, tmp_path):
    source = str(botocore_of(tmp_path / "new", "gizmo", release="9.0.0"))
    aws(["models", "update", "--from", source])
    path = next(aws.home.rglob("gizmo.jsonl"))
    whole = path.read_bytes()
    path.write_bytes(whole[:50])
    assert aws(["models", "update", "--from", source]).code == 0
    assert path.read_bytes() == whole


def test_pip_that_fetches_nothing_is_told(aws, monkeypatch):
    def fails(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[1:4] == ["-m", "pip", "download"]
        assert command[-1] == "botocore==1.2.3"
        return subprocess.CompletedProcess(command, 1, "", "WARNING: slow\nERROR: No matching distribution found\n")

    monkeypatch.setattr("awsmini.model.update.subprocess.run", fails)
    outcome = aws("models update --release 1.2.3")
    assert outcome.code == 255
    assert outcome.message.endswith("pip cannot fetch botocore: ERROR: No matching distribution found")


def test_what_pip_fetches_is_built(aws, monkeypatch, tmp_path):
    source = botocore_of(tmp_path / "fetched", "gizmo", release="9.0.0")

    def fetches(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        folder = Path(command[command.index("--dest") + 1])
        zip_of(source, folder / "botocore-9.0.0-py3-none-any.whl")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("awsmini.model.update.subprocess.run", fetches)
    assert "new service: gizmo\n" in aws("models update").stdout


def zip_of(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for path in folder.rglob("*"):
            if path.is_file():
                packed.write(path, path.relative_to(folder).as_posix())


@pytest.mark.parametrize("words", ["models", "models nosuch", "models add", "models show", "models remove"])
def test_bad_words_are_usage_errors(aws, words):
    assert aws(words).code == 252
