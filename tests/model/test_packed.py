"""Packed models, as the wheel has them: the same lines as the text has, found in the same way."""

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from awsmini.commands.models_build import changes, write
from awsmini.model import load, packing
from awsmini.model import packed as packed_module
from awsmini.model.load import DATA, ModelFinder, ModelLines, shipped_lines, shipped_text
from awsmini.model.packed import FILE, OTHERS, PackedFiles, PackedModels, PackedText, spelled, unfolded
from awsmini.model.packing import BLOCK, GROUP, PRIMERS, folded, pack, pack_all, pack_others, packed_data, shortened

SCRIPTS = DATA.parent.parent / "completions"
KINDS = ("endpoints", "operation", "paginator", "service", "shape", "waiter")
SERVICES = (*PRIMERS, "ec2", "kinesisvideo", "s3", "sts")  # many blocks, two, a line longer than a block, one


TEXTS = {name: shipped_text(name) for name in SERVICES}


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    """A file as in the wheel."""
    made = tmp_path_factory.mktemp("data") / FILE
    made.write_bytes(pack_all(TEXTS))
    return made


def packed_lines(packed: Path, service_name: str) -> ModelLines:
    return ModelLines(service_name, PackedModels(packed).model(service_name))


def test_the_texts_come_back_to_the_byte_and_are_a_sixth_of_the_size(packed):
    models = PackedModels(packed)
    assert models.names() == list(SERVICES)
    assert {name: models.model(name).text() for name in SERVICES} == TEXTS
    assert packed.stat().st_size < sum(map(len, TEXTS.values())) / 6


@pytest.mark.parametrize("name", ["sts", "st", "ts", "s3", "", "sts\n", "sts\t0", "xsts"])
def test_a_model_is_there_or_not(packed, name):
    assert PackedModels(packed).has(name) is (name in SERVICES)


@pytest.mark.parametrize(
    "line",
    [
        'operation\tAsk\t{"A":{"shape":"A"},"B":{"shape":"Bc"},"c":{"shape":"C"}}',
        'x\ty\t"A":{"shape":"AA":{"shape":"AAA"',
        'x\ty\tA":{"shape":"A":{"shape":"A',
        'x\ty\t{"Names":{"shape":"Names"},"Name":{"shape":"Names"},"sName":{"shape":"Name"},"é":{"shape":"é"}}',
        'x\ty\t{"_":{"shape":"_"},"-":{"shape":"-"},"x-y":{"shape":"y"},"x":{"shape":"x-y"}}',
        'x\ty\t{"members":{"Id":{"shape":"S","locationName":"id"},"Ib":{"shape":"Ib","locationName":"Ib"}}}',
        'x\ty\t{"Ab":{"shape":"Ab","locationName":"ab"},"ab":{"shape":"Ab","location":"uri","locationName":"ab"}}',
        'x\ty\t{"Ab":{"shape":"S","location":"querystring","locationName":"aB"},"A":{"shape":"A","locationName":"a"}}',
        'x\ty\t{"ÄAb":{"shape":"S","locationName":"ab"},"A":{"shape":"S","locationName":"a:b"},"":{"shape":"","locationName":""}}',
        'x\ty\t{"X-Ab":{"shape":"S","locationName":"Ab"},"Ab":{"shape":"S.T","locationName":"Ab"}}',
        'x\ty\t{"tag":{"shape":"Tag"},"key":{"shape":"TagKey"},"Key":{"shape":"TagKey"},"id":{"shape":"TagKeyid"}}',
        'x\ty\t{"ab":{"shape":"MyAb","locationName":"ab"},"Ab":{"shape":"MyAb","locationName":"ab"},"Ä":{"shape":"ä"}}',
        'x\ty\t{"a":{"shape":"A"},"a":{"shape":"AA"},"String":{"shape":"MyString"},"My":{"shape":"MyString"},"x":{}}',
        'shape\tTagList\t{"type":"list","member":{"shape":"Tag"}}',
        'shape\tTags\t{"type":"list","member":{"shape":"Tags"}}',
        'shape\tTag\t{"type":"list","member":{"shape":"Tagged"}}',
        'shape\tStatus\t{"type":"list","member":{"shape":"Statu"}}',
        'shape\tList\t{"type":"list","member":{"shape":"List"}}',
        'shape\ts\t{"type":"list","member":{"shape":""}}',
        'operation\tGet\t{"input":{"shape":"GetRequest"},"output":{"shape":"GetResponse"},"errors":["Get"]}',
        'operation\tGet\t{"name":"x","input":{"shape":"GetRequest"},"output":{"shape":"GetResponse"},"errors":["GetException"]}',
        'shape\tA\t{"type":"structure","required":["a","c"],"members":{"a":{"shape":"A"},"b":{"shape":"B"},"c":{"shape":"A"}}}',
        'shape\tA\t{"type":"structure","required":["c","a"],"members":{"a":{"shape":"A"},"c":{"shape":"A"}}}',
        'shape\tA\t{"type":"structure","required":["a"],"members":{"b-a":{"shape":"A"},"a":{"shape":"AB"}}}',
        'shape\tA\t{"type":"structure","required":["a"],"members":{"b-a":{"shape":"A"}}}',
        'shape\tA\t{"type":"structure","required":["a-b"],"members":{"a-b":{"shape":"A"}}}',
        'shape\tA\t{"type":"structure","required":["a"],"members":{"Aa":{"shape":"A"},"a":{"shape":"A","locationName":"a"}},"x":1}',
        'shape\tA\t{"type":"structure","required":["a"],"members":{}}',
        'shape\tA\t{"type":"structure","members":{}}',
        'shape\tA\t{"type":"structure","required":[],"members":{}}',
        "x\ty\t",
        "\t\t{}",
    ],
)
def test_what_is_in_short_can_be_spelled(line):
    assert spelled(shortened(line.encode())) == line.encode()


@pytest.mark.parametrize(
    ("line", "in_short"),
    [
        ('shape\tTags\t{"type":"list","member":{"shape":"Tag"}}', 3),
        ('shape\tA\t{"type":"structure","required":["ab","c"],"members":{"ab":{"shape":"S"},"c":{"shape":"T"}}}', 10),
        ('shape\tA\t{"type":"structure","members":{"name":{"shape":"TableName"}}}', 13),
        ('shape\tA\t{"type":"structure","members":{"Ab":{"shape":"S","locationName":"ab"}}}', 8),
    ],
)
def test_what_can_be_told_is_not_said(line, in_short):
    assert len(shortened(line.encode()).rpartition(b"\t")[2]) == in_short


def all_spelled(service_name: str) -> bytes:
    lines = shortened(shipped_text(service_name)).splitlines()
    return b"".join(spelled(line) + b"\n" for line in lines)


@pytest.mark.parametrize("service_name", SERVICES)
def test_every_model_can_be_in_short(service_name):
    assert len(shortened(TEXTS[service_name])) < len(TEXTS[service_name]) * 0.7
    assert all_spelled(service_name) == TEXTS[service_name]


@pytest.mark.every
def test_all_that_is_shipped_can_be_in_short():
    for service_name in load.services():
        assert all_spelled(service_name) == shipped_text(service_name), service_name


@pytest.mark.parametrize("service_name", SERVICES)
def test_every_line_is_found_and_no_other(packed, service_name):
    text = ModelLines(service_name, TEXTS[service_name])
    lines = packed_lines(packed, service_name)
    for kind in KINDS:
        assert lines.of(kind) == text.of(kind)
        assert [*lines.of_kind(kind)] == [*text.of_kind(kind)]
        assert lines.containing(kind, b'"deprecated"') == text.containing(kind, b'"deprecated"')
        for name, content in text.of_kind(kind):
            assert lines.get(kind, name) == json.loads(content)
            assert lines.get(kind, name + "\0") is None
            assert lines.get(kind, name[:-1]) == text.get(kind, name[:-1])
    for kind in ("", "a", "operatio", "operations", "shape\t", "zebra"):
        assert lines.of(kind) == []
        assert lines.get(kind, "") is None


def test_a_call_unpacks_what_it_reaches_and_that_once(packed, monkeypatch):
    unpacked = []
    whole = PackedText._unpacked
    monkeypatch.setattr(PackedText, "_unpacked", lambda self, *place: unpacked.append(place) or whole(self, *place))
    model = PackedModels(packed).model("ec2")
    lines = ModelLines("ec2", model)
    assert unpacked == []
    lines.get("operation", "DescribeRegions")
    lines.get("operation", "DescribeRegions")
    assert len(unpacked) == 1
    lines.names("operation")
    assert len(unpacked) == len(set(unpacked))
    assert len(unpacked) < len(model._places) / 2


def test_lines_near_one_are_unfolded_once(packed, monkeypatch):
    unfolded = []
    whole = packed_module.unfolded
    monkeypatch.setattr(packed_module, "unfolded", lambda group: unfolded.append(group) or whole(group))
    lines = packed_lines(packed, "ec2")
    for _ in range(2):
        for name in ("DescribeRegions", "DescribeRegion", "DescribeRegionsX"):
            lines.get("operation", name)
    assert 1 <= len(unfolded) <= 2


@pytest.mark.parametrize(
    "lines",
    [
        [b"service\tx\t{}"],
        [b"operation\tA\t" + b"x" * BLOCK * 2, b"operation\tB\t{}", b"service\tx\t" + b"y" * BLOCK],
        [b"shape\tS%05d\t{}" % number for number in range(9000)],
        ["shape\tÜber\t{}".encode()],
    ],
)
def test_blocks_are_runs_of_whole_lines(lines):
    text = b"\n".join(lines) + b"\n"
    assert PackedText(pack(text, b"{}"), b"{}").text() == text
    blocks = list(packing._blocks(text))
    assert b"\n".join(blocks) + b"\n" == text
    assert all(len(block) <= BLOCK or b"\n" not in block for block in blocks)


@pytest.mark.parametrize(
    ("lines", "in_groups"),
    [
        ([b"shape\tTag\t1", b"shape\tTagList\t2"], b"shape\tTag\t1\naList\t2"),
        ([b"shape\tGetTagRequest\t1", b"shape\tGetTagResult\t2"], b"shape\tGetTagRequest\t1\nhResult\t2"),
        ([b"shape\tGet\t1", b"shape\tGetter\t2"], b"shape\tGet\t1\ndGetter\t2"),
        ([b"operation\tGet\t1", b"operation\tGetAll\t2"], b"operation\tGet\t1\noperation\tGetAll\t2"),
        ([b"operation\tGet\t1", b"shape\tGet\t2"], b"operation\tGet\t1\n\nshape\tGet\t2"),
        ([b"shape\t" + b"a" * 300 + b"\t1", b"shape\tb\t2"], b"shape\t" + b"a" * 300 + b"\t1\n\nshape\tb\t2"),
        (["shape\tÜb\t1".encode(), "shape\tÜc\t2".encode(), b""], "shape\tÜb\t1\nbc\t2".encode()),
    ],
)
def test_a_line_says_what_is_not_in_the_line_before(lines, in_groups):
    assert folded(b"\n".join(lines)) == in_groups
    assert [line for group in in_groups.split(b"\n\n") for line in unfolded(group)] == [*filter(None, lines)]


def test_groups_are_short():
    groups = folded(b"\n".join(b"shape\tS%04d\t{}" % number for number in range(100))).split(b"\n\n")
    assert {len(group.split(b"\n")) for group in groups[:-1]} == {GROUP}


def test_another_dictionary_is_refused():
    with pytest.raises(zlib.error):
        PackedText(pack(b"service\tx\t{}\n", b"one"), b"other").text()


def test_packed_models_are_found_as_others_are(packed, monkeypatch):
    monkeypatch.setattr(load, "SHIPPED", packed)
    finder = ModelFinder({"HOME": "/nowhere"})
    assert finder.lines("sts").names("operation") == ModelLines("sts", TEXTS["sts"]).names("operation")
    assert shipped_lines("sts").names("operation") == ModelLines("sts", TEXTS["sts"]).names("operation")
    assert shipped_text("sts") == TEXTS["sts"]
    assert finder.is_shipped("sts")
    assert finder.has("sts")
    assert finder.folder("sts") == packed
    assert not finder.is_shipped("stsx")


def test_a_model_of_ones_own_wins_over_a_packed_one(packed, monkeypatch, tmp_path):
    monkeypatch.setattr(load, "SHIPPED", packed)
    (tmp_path / "sts.jsonl").write_bytes(b'operation\tMine\t{}\nservice\tsts\t{"metadata":{"apiVersion":"1"}}\n')
    finder = ModelFinder({"HOME": "/nowhere", "AWS_DATA_PATH": str(tmp_path)})
    assert finder.lines("sts").names("operation") == ["Mine"]


def test_building_over_packed_models_replaces_them(tmp_path):
    unchanged, other = b"service\ta\t{}\n", b"service\tc\t{}\n"
    (tmp_path / FILE).write_bytes(pack_all({**dict.fromkeys(PRIMERS, unchanged), "b": b"service\tb\t{}\n", "c": other}))
    files = {f"models/{name}.jsonl": unchanged for name in PRIMERS} | {
        "models/b.jsonl": b"service\tb\t{}\n",
        "models/c.jsonl": other,
    }
    assert changes(files, tmp_path) == {}
    write(files, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    files |= {"models/b.jsonl": b"service\tb\t1\n", "models/d.jsonl": b"new"}
    del files["models/c.jsonl"]
    expected = {"models/b.jsonl": "changed", "models/c.jsonl": "gone", "models/d.jsonl": "new"}
    assert changes(files, tmp_path) == expected
    write(files, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["models"]
    assert {f"models/{path.name}": path.read_bytes() for path in (tmp_path / "models").iterdir()} == files
    assert changes(files, tmp_path) == {}


def test_data_is_read_packed_unless_it_lies_there(tmp_path, monkeypatch):
    packed = {
        "services.json": b'{"services": {"gizmo": {}}}',
        "retry.json": b"{}",
        "topics/b.md": b"# B",
        "topics/a.x.md": b"",
    }
    (tmp_path / OTHERS).write_bytes(pack_others(packed))
    (tmp_path / "regions.json").write_text('{"plain": true}')
    (tmp_path / "retry.json").write_text('{"newer": true}')
    monkeypatch.setattr(load, "DATA", tmp_path)
    assert load.services() == {"gizmo": {}}
    assert load.data("regions.json") == {"plain": True}
    assert load.data("retry.json") == {"newer": True}
    assert load.content("topics/a.x.md") == b""
    assert load.data_names("topics") == ["a.x", "b"]
    assert load.source("services.json") == tmp_path / OTHERS
    assert load.source("retry.json") == tmp_path / "retry.json"
    for name in ("services", "topics", "a.x.md", "topics/c.md"):
        with pytest.raises(FileNotFoundError):
            load.content(name)


def test_there_need_not_be_anything_packed(tmp_path):
    with pytest.raises(FileNotFoundError):
        load.content("services.json", tmp_path)


def test_a_build_compares_with_what_is_packed_and_wins_over_it(tmp_path):
    (tmp_path / OTHERS).write_bytes(pack_others({"services.json": b"{}", "topics/a.md": b"# A"}))
    assert changes({"services.json": b"{}"}, tmp_path) == {}
    assert changes({"services.json": b"[]", "regions.json": b"{}"}, tmp_path) == {
        "services.json": "changed",
        "regions.json": "new",
    }
    write({"services.json": b"[]"}, tmp_path)
    assert (tmp_path / "services.json").read_bytes() == b"[]"
    assert changes({"services.json": b"[]"}, tmp_path) == {}
    assert load.content("services.json", tmp_path) == b"[]"
    assert load.content("topics/a.md", tmp_path) == b"# A"


def test_nothing_of_the_data_is_left_out(installed):
    lying = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    there = {name for name in lying if not name.startswith("models/")} | {
        f"completions/{path.name}" for path in SCRIPTS.iterdir()
    }
    packed = installed / "awsmini" / "data"
    assert {path.name for path in packed.iterdir()} == {FILE, OTHERS}
    assert {*PackedFiles(packed / OTHERS).names()} == there
    for name in there - {"services.json"}:
        path = SCRIPTS.parent / name if name.startswith("completions/") else DATA / name
        assert PackedFiles(packed / OTHERS).content(name) == path.read_bytes()


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the package as the wheel has it, of a few services."""
    few, made = tmp_path_factory.mktemp("few"), tmp_path_factory.mktemp("installed")
    for entry in DATA.iterdir():
        if entry.name not in ("models", "services.json"):
            (few / entry.name).symlink_to(entry)
    index = load.data("services.json")
    index["services"] = {name: index["services"][name] for name in SERVICES}
    (few / "services.json").write_text(json.dumps(index))
    (few / "models").mkdir()
    for name, text in TEXTS.items():
        (few / "models" / f"{name}.jsonl").write_bytes(text)
    (made / "awsmini" / "data").mkdir(parents=True)
    for entry in DATA.parent.iterdir():
        if entry.name != "data":
            (made / "awsmini" / entry.name).symlink_to(entry)
    for name, content in packed_data(few, SCRIPTS):
        (made / "awsmini" / "data" / name).write_bytes(content)
    return made


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("search caller identity", "sts get-caller-identity"),
        ("models list", "kinesisvideo\t"),
        ("models show sts", f"awsmini/data/{FILE}"),
        ("help topics", "return-codes"),
        ("docs build site --services sts", "pages: "),
        ("help return-codes", "What the exit code"),
        ("completion zsh", "#compdef awsmini"),
        ("sts help", "get-caller-identity"),
        ("sts get-caller-identity --print-request http", "Action=GetCallerIdentity"),
    ],
)
def test_what_is_installed_finds_all_its_data(installed, tmp_path, line, expected):
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS")}
    env |= {"HOME": str(tmp_path), "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
    env |= {"AWS_EC2_METADATA_DISABLED": "true"}
    command = [sys.executable, "-m", "awsmini", *line.split()]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert expected in done.stdout + done.stderr


def test_completion_of_what_is_installed(installed, tmp_path):
    env = {"HOME": str(tmp_path), "PYTHONPATH": str(installed), "PATH": os.environ["PATH"]}
    env |= {"COMP_LINE": "awsmini help return-", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", "from awsmini.completion.main import main; main()"]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["return-codes"], done.stderr
