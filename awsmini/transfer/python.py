"""What boto3's S3 clients have beside the operations: files and file objects to and from objects, on the engine.

    client.upload_file("report.pdf", "docs", "2026/report.pdf", ExtraArgs={"ContentType": "application/pdf"})

An error is what the service or the system says (ClientError, OSError), and nothing half done is left behind.
"""

import io
import os
from collections.abc import Callable, Mapping
from typing import Any

from awsmini.client import Client
from awsmini.config.client import TransferConfig
from awsmini.errors import ParamValidationError
from awsmini.transfer.core import known_members
from awsmini.transfer.engine import Engine
from awsmini.transfer.records import Copy, Download, Task, TransferOptions, Upload
from awsmini.transfer.shared import bare

Args = Mapping[str, Any] | None
Told = Callable[[int], object] | None
OWN = {"Bucket", "Key", "Body", "ContentLength", "ContentMD5", "Range", "PartNumber", "CopySource", "CopySourceRange"}
PROPERTIES = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata")
OF_SOURCE = {
    "CopySourceSSECustomerAlgorithm": "SSECustomerAlgorithm",
    "CopySourceSSECustomerKey": "SSECustomerKey",
    "CopySourceSSECustomerKeyMD5": "SSECustomerKeyMD5",
    "ExpectedSourceBucketOwner": "ExpectedBucketOwner",
    "RequestPayer": "RequestPayer",
}


class _Sink:
    """A file object that says how much it has written, whatever it says itself."""

    def __init__(self, target: Any) -> None:
        self.write = lambda data: (target.write(bytes(data)), len(data))[1]
        self.flush = getattr(target, "flush", lambda: None)


def upload_file(
    client: Client,
    Filename: str | os.PathLike[str],  # noqa: N803 - boto3's names
    Bucket: str,  # noqa: N803
    Key: str,  # noqa: N803
    ExtraArgs: Args = None,  # noqa: N803
    Callback: Told = None,  # noqa: N803
    Config: TransferConfig | None = None,  # noqa: N803
) -> None:
    """Upload a file, in parts where it is large. `ExtraArgs` are members of PutObject; `Callback` is told of bytes."""
    params = _allowed(client, "PutObject", ExtraArgs)
    _do(client, Upload(os.fspath(Filename), Bucket, Key, params=params), Callback, Config)


def upload_fileobj(
    client: Client,
    Fileobj: Any,  # noqa: N803
    Bucket: str,  # noqa: N803
    Key: str,  # noqa: N803
    ExtraArgs: Args = None,  # noqa: N803
    Callback: Told = None,  # noqa: N803
    Config: TransferConfig | None = None,  # noqa: N803
) -> None:
    """Upload what is left of a file object that gives bytes. It is read by a thread of the engine."""
    if not hasattr(Fileobj, "read"):
        raise ValueError("Fileobj must implement read")
    if isinstance(Fileobj, io.TextIOBase):
        raise TypeError("Fileobj has to give bytes, and gives text: open it with mode 'rb'")
    _do(client, Upload(Fileobj, Bucket, Key, params=_allowed(client, "PutObject", ExtraArgs)), Callback, Config)


def download_file(
    client: Client,
    Bucket: str,  # noqa: N803
    Key: str,  # noqa: N803
    Filename: str | os.PathLike[str],  # noqa: N803
    ExtraArgs: Args = None,  # noqa: N803
    Callback: Told = None,  # noqa: N803
    Config: TransferConfig | None = None,  # noqa: N803
) -> None:
    """Download an object to a file, which appears when it is whole. `ExtraArgs` are members of GetObject."""
    params = _allowed(client, "GetObject", ExtraArgs)
    path = os.fspath(Filename)

    def task(engine: Engine) -> Task:
        asked = known_members(client._service_model.operation_model("HeadObject"), params)
        head = engine.head(Bucket, Key, asked)
        return Download(Bucket, Key, path, head.get("ContentLength"), bare(head.get("ETag")), params=params)

    _do(client, task, Callback, Config)
    os.utime(path)  # the engine gives it the time of the object


def download_fileobj(
    client: Client,
    Bucket: str,  # noqa: N803
    Key: str,  # noqa: N803
    Fileobj: Any,  # noqa: N803
    ExtraArgs: Args = None,  # noqa: N803
    Callback: Told = None,  # noqa: N803
    Config: TransferConfig | None = None,  # noqa: N803
) -> None:
    """Download an object to a file object that takes bytes. It is written by a thread of the engine, in order."""
    if not hasattr(Fileobj, "write"):
        raise ValueError("Fileobj must implement write")
    params = _allowed(client, "GetObject", ExtraArgs)
    sink: Any = _Sink(Fileobj)
    _do(client, Download(Bucket, Key, sink, params=params), Callback, Config)


def copy(
    client: Client,
    CopySource: Mapping[str, str],  # noqa: N803
    Bucket: str,  # noqa: N803
    Key: str,  # noqa: N803
    ExtraArgs: Args = None,  # noqa: N803
    Callback: Told = None,  # noqa: N803
    SourceClient: Client | None = None,  # noqa: N803
    Config: TransferConfig | None = None,  # noqa: N803
) -> None:
    """Copy an object by the service itself, in parts where it is large. `SourceClient` is who looks at the source."""
    if not isinstance(CopySource, Mapping):
        raise TypeError('CopySource has to be {"Bucket": …, "Key": …}, and may have a "VersionId"')
    params = _allowed(client, "CopyObject", ExtraArgs)
    source_bucket, source_key = CopySource["Bucket"], CopySource["Key"]
    version = CopySource.get("VersionId")

    def task(engine: Engine) -> Task:
        asked = {of: params[name] for name, of in OF_SOURCE.items() if name in params}
        head = engine.head(
            source_bucket, source_key, asked if version is None else {**asked, "VersionId": version}, source=True
        )
        kept = {name: head[name] for name in PROPERTIES if name in head}  # a copy in parts takes nothing over by itself
        replaced = params.get("MetadataDirective") == "REPLACE"
        return Copy(
            source_bucket, source_key, Bucket, Key, head.get("ContentLength", 0), bare(head.get("ETag")), params,
            multipart_params=lambda: {} if replaced else kept, source_version=version,
        )  # fmt: skip

    _do(client, task, Callback, Config, SourceClient)


def _allowed(client: Client, operation_name: str, given: Args) -> dict[str, Any]:
    """The arguments, where they are members of the operation that are the caller's to say. Raises ValueError."""
    shape = client._service_model.operation_model(operation_name).input_shape
    names = [name for name in (shape.members if shape else ()) if name not in OWN]
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"ExtraArgs has to be a dict, and is {type(given).__name__}")
    for name in given or ():
        if name not in names:
            raise ValueError(f"Invalid extra_args key '{name}', must be one of: {', '.join(names)}")
    return dict(given or {})


def _do(
    client: Client,
    wanted: Task | Callable[[Engine], Task],
    told: Told,
    config: TransferConfig | None,
    source: Client | None = None,
) -> None:
    """One transfer; raises what it failed with."""
    if config is not None and not hasattr(config, "multipart_threshold"):
        raise TypeError(f"Config has to be an awsmini.TransferConfig, and is {config!r}")
    if told is not None and not callable(told):
        raise ParamValidationError(f"Callback has to be a function of a number of bytes, and is {told!r}")
    config = config or TransferConfig()
    options = TransferOptions(
        multipart_threshold=config.multipart_threshold,
        multipart_chunksize=config.multipart_chunksize,
        max_concurrent_requests=config.max_concurrency,
        max_bandwidth=config.max_bandwidth,
        progress=None if told is None else lambda _, count: (told(count), None)[1],
    )
    with Engine(client, options, source) as engine:
        task = wanted(engine) if callable(wanted) else wanted
        for result in engine.run([task]):
            if result.error is not None:
                raise result.error
