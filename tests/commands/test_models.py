"""`awsmini models build` on a botocore of three services."""

import io
import json
import sys
from pathlib import Path

import click
import pytest

from awsmini.app import App
from awsmini.commandline.invocation import Invocation
from awsmini.commands.models import command
from awsmini.model.build import ModelBuildError
from awsmini.model.load import DATA
from tests.small_botocore import botocore_of, plain


def build(*words: str | Path) -> tuple[int, str]:
    stdout = io.StringIO()
    app = App(stdin=sys.stdin, stdout=stdout, stderr=sys.stderr, env={})
    root = click.Context(click.Group("awsmini"), obj=Invocation(app, {}))
    with command.make_context("models", ["build", *map(str, words)], parent=root) as context:
        code = command.invoke(context)
    return code, stdout.getvalue()


def test_build_writes_a_file_a_service_and_the_index(tmp_path):
    source = botocore_of(tmp_path / "one", "alpha", "beta")
    code, said = build("--from", source, "--to", tmp_path / "out")
    assert code == 0
    assert "10 files" in said
    assert (tmp_path / "out/models/alpha.jsonl").read_text() == (
        "operation\tAsk\t{}\n"
        'service\talpha\t{"metadata":{"serviceId":"alpha","serviceFullName":"ALPHA","apiVersion":"2020-01-01"}}\n'
    )
    index = json.loads((tmp_path / "out/services.json").read_text())
    assert index["botocore"] == "9.9.9"
    assert list(index["services"]) == ["agenttoolkit", "alpha", "beta"]
    assert [path.name for path in tmp_path.glob("out/models/*") if path.suffix != ".jsonl"] == []


def test_what_the_command_line_of_aws_alone_has_comes_from_its_source_or_stays(tmp_path):
    source, model = botocore_of(tmp_path / "one", "alpha"), Path("models/agenttoolkit.jsonl")
    build("--from", source, "--to", tmp_path / "out")
    assert (tmp_path / "out" / model).read_bytes() == (DATA / model).read_bytes()
    build("--from", source, "--also", botocore_of(tmp_path / "aws", "agenttoolkit", "beta"), "--to", tmp_path / "out")
    assert b'"serviceFullName":"AGENTTOOLKIT"' in (tmp_path / "out" / model).read_bytes()
    assert sorted(path.stem for path in tmp_path.glob("out/models/*")) == ["agenttoolkit", "alpha"]
    known = botocore_of(tmp_path / "two", models={"agenttoolkit": plain("known")})
    build("--from", known, "--to", tmp_path / "out")
    assert b'"serviceFullName":"KNOWN"' in (tmp_path / "out" / model).read_bytes()


def test_a_service_that_is_gone_loses_its_model(tmp_path):
    build("--from", botocore_of(tmp_path / "one", "alpha", "beta"), "--to", tmp_path / "out")
    code, said = build("--from", botocore_of(tmp_path / "two", "alpha"), "--to", tmp_path / "out")
    assert code == 0
    assert "1 written anew, 1 removed" in said  # the index, and beta
    assert sorted(path.stem for path in (tmp_path / "out/models").iterdir()) == ["agenttoolkit", "alpha"]


def test_check_says_what_would_change_and_writes_nothing(tmp_path):
    build("--from", botocore_of(tmp_path / "one", "alpha", "beta"), "--to", tmp_path / "out")
    other = botocore_of(tmp_path / "two", "alpha", "gamma")
    before = {path: path.read_bytes() for path in tmp_path.glob("out/**/*.json*")}
    code, said = build("--from", other, "--to", tmp_path / "out", "--check")
    assert code == 1
    assert said == "gone: models/beta.jsonl\nnew: models/gamma.jsonl\nchanged: services.json\n"
    assert {path: path.read_bytes() for path in tmp_path.glob("out/**/*.json*")} == before
    build("--from", other, "--to", tmp_path / "out")
    assert build("--from", other, "--to", tmp_path / "out", "--check") == (0, "")


def test_a_source_that_is_no_botocore_is_refused_and_nothing_is_written(tmp_path):
    (tmp_path / "file").write_text("")
    for source in (tmp_path, tmp_path / "file", tmp_path / "nothing"):
        with pytest.raises(ModelBuildError):
            build("--from", source, "--to", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_broken_is_named_and_nothing_is_written(tmp_path):
    source = botocore_of(tmp_path / "one", "alpha", "beta")
    (source / "botocore/data/beta/2020-01-01/service-2.json").write_text('{"metadata": ')
    with pytest.raises(ModelBuildError, match=r"beta/2020-01-01/service-2\.json .* cannot be read"):
        build("--from", source, "--to", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(ModelBuildError, match="cannot be written"):
        build("--from", botocore_of(tmp_path / "one", "alpha"), "--to", tmp_path / "out")
