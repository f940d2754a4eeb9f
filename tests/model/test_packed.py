"""Packed models, as the wheel has them: the same lines as the text has, found in the same way."""

import json
import zlib
from pathlib import Path

import pytest

from awsmini.commands.models.build import changes, write
from awsmini.model import load
from awsmini.model.load import SHIPPED, ModelFinder, ModelLines, file_of, read_lines, read_text
from awsmini.model.packed import BLOCK, DICTIONARY, PRIMER, ZLIB, PackedText, folder, pack

KINDS = ("endpoints", "operation", "paginator", "service", "shape", "waiter")
SERVICES = ("ec2", "kinesisvideo", PRIMER, "s3", "sts")  # many blocks, two, a line longer than a block, one


def shipped(service_name: str) -> bytes:
    return read_text(file_of(service_name, SHIPPED))


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    """A folder as in the wheel."""
    made = tmp_path_factory.mktemp("models")
    for name, content in folder({name: shipped(name) for name in SERVICES}):
        (made / name).write_bytes(content)
    return made


@pytest.mark.parametrize("service_name", SERVICES)
def test_the_text_comes_back_to_the_byte_and_is_a_fifth_of_the_size(packed, service_name):
    text, file = shipped(service_name), file_of(service_name, packed)
    assert file.suffix == ".packed"
    assert read_text(file) == text
    assert file.stat().st_size < len(text) / 5


@pytest.mark.parametrize("service_name", SERVICES)
def test_every_line_is_found_and_no_other(packed, service_name):
    text = ModelLines(service_name, shipped(service_name))
    lines = read_lines(file_of(service_name, packed))
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
    whole = PackedText.lines
    monkeypatch.setattr(PackedText, "lines", lambda self, number: unpacked.append(number) or whole(self, number))
    lines = read_lines(file_of("ec2", packed))
    assert unpacked == []
    lines.get("operation", "DescribeRegions")
    lines.get("operation", "DescribeRegions")
    assert len(unpacked) == 1
    lines.names("operation")
    assert len(unpacked) == len(set(unpacked))
    assert len(unpacked) < len(lines._starts) / 3


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
    packed = PackedText(pack(text, b"{}"), b"{}")
    assert packed.text() == text
    blocks = [packed.lines(number) for number in range(len(packed.starts))]
    assert [line for block in blocks for line in block] == lines
    assert all(block[0].startswith(start) for block, start in zip(blocks, packed.starts, strict=True))
    assert all(len(block) == 1 or len(b"\n".join(block)) <= BLOCK for block in blocks)


def test_another_dictionary_is_refused():
    with pytest.raises(zlib.error):
        PackedText(pack(b"service\tx\t{}\n", b"one"), b"other").text()


def test_packed_models_are_found_as_others_are(packed, monkeypatch):
    monkeypatch.setattr(load, "SHIPPED", packed)
    finder = ModelFinder({"HOME": "/nowhere"})
    assert finder.lines("sts").names("operation") == ModelLines("sts", shipped("sts")).names("operation")
    assert finder.is_shipped("sts")
    assert finder.folder("sts") == packed
    assert not finder.is_shipped(DICTIONARY)


def test_a_model_of_ones_own_wins_over_a_packed_one(packed, monkeypatch, tmp_path):
    monkeypatch.setattr(load, "SHIPPED", packed)
    (tmp_path / "sts.jsonl").write_bytes(b'operation\tMine\t{}\nservice\tsts\t{"metadata":{"apiVersion":"1"}}\n')
    finder = ModelFinder({"HOME": "/nowhere", "AWS_DATA_PATH": str(tmp_path)})
    assert finder.lines("sts").names("operation") == ["Mine"]


def test_building_over_packed_models_replaces_those_that_change(tmp_path):
    (tmp_path / "models").mkdir()
    for name, content in folder({PRIMER: b"service\ta\t{}\n", "b": b"service\tb\t{}\n", "c": b"service\tc\t{}\n"}):
        (tmp_path / "models" / name).write_bytes(content)
    files = {
        f"models/{PRIMER}.jsonl": b"service\ta\t{}\n",
        "models/b.jsonl": b"service\tb\t1\n",
        "models/d.jsonl": b"new",
    }
    expected = {"models/b.jsonl": "changed", "models/c.jsonl": "gone", "models/d.jsonl": "new"}
    assert changes(files, tmp_path) == expected
    write(files, tmp_path)
    assert {path.name for path in (tmp_path / "models").iterdir()} == {
        "b.jsonl",
        "d.jsonl",
        DICTIONARY,
        f"{PRIMER}.packed",
    }
    assert changes(files, tmp_path) == {}
    assert read_text(file_of("b", tmp_path / "models")) == b"service\tb\t1\n"


def test_data_is_read_compressed_as_well(tmp_path, monkeypatch):
    (tmp_path / f"services.json{ZLIB}").write_bytes(zlib.compress(b'{"services": {"gizmo": {}}}'))
    (tmp_path / "regions.json").write_text('{"plain": true}')
    monkeypatch.setattr(load, "DATA", tmp_path)
    assert load.services() == {"gizmo": {}}
    assert load.data("regions.json") == {"plain": True}


def test_a_build_compares_with_what_is_compressed_and_replaces_it(tmp_path):
    compressed = tmp_path / f"services.json{ZLIB}"
    compressed.write_bytes(zlib.compress(b"{}"))
    assert changes({"services.json": b"{}"}, tmp_path) == {}
    write({"services.json": b"[]"}, tmp_path)
    assert not compressed.exists()
    assert (tmp_path / "services.json").read_bytes() == b"[]"
