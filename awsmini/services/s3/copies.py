"""Copies from S3 to S3, and what they take over: properties, tags, annotations.

CopyObject takes them over by itself, as directives say. A copy in parts does not, so they are read from the source
and written again: properties and a few tags when it begins, what is left when it is done.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from awsmini.errors import AwsminiError
from awsmini.services.s3 import request_params
from awsmini.services.s3.job import Job
from awsmini.services.s3.printing import Printer
from awsmini.services.s3.request_params import PROPERTIES
from awsmini.services.s3.task_makers import Maker
from awsmini.transfer import plan
from awsmini.transfer.engine import Engine
from awsmini.transfer.file_times import METADATA
from awsmini.transfer.local import Entry
from awsmini.transfer.records import Task

MAX_TAGGING_HEADER = 2048


class AnnotationCopyError(AwsminiError):
    """An object was copied, but not all of its annotations."""

    def __init__(self, bucket: str, key: str, failed: Mapping[str, Exception | None]) -> None:
        written = [name for name, error in failed.items() if error is None]
        told = "; ".join(f"{name}: {error}" for name, error in failed.items() if error is not None)
        super().__init__(
            f"Failed to copy all annotations to s3://{bucket}/{key}. The object was copied successfully and was not "
            f"deleted. Annotations written: {', '.join(written) or '(none)'}. Annotations that failed: {told}."
        )


class _Plan(NamedTuple):
    """What is taken over, and the parameters that say so to CopyObject."""

    params: dict[str, Any]
    properties: bool
    tags: bool
    annotations: bool


class Copies(Maker):
    """`engine` gives the engine, which answers the questions on the way."""

    def __init__(self, job: Job, printer: Printer, engine: Callable[[], Engine]) -> None:
        super().__init__(job, printer)
        self.engine = engine
        self.plan = _planned(self.values)
        self.payer = request_params.payer(self.values)
        self.replaces = self.plan.properties and any(name in self.plan.params for name in PROPERTIES)

    def task(self, entry: Entry) -> Task | None:
        if self.archived(entry, "copy"):
            return None
        source_key, key = self.source_key(entry), self.target_key(entry)
        params = self.plan.params
        if self.replaces and not self.dryrun:
            properties = self._properties(source_key)
            params = {**properties, **params, "MetadataDirective": "REPLACE"}
            if self.values.get("preserve_times") and METADATA in properties.get("Metadata", ()):
                kept = {METADATA: properties["Metadata"][METADATA]}
                params["Metadata"] = {**kept, **params["Metadata"]}
        further = _Further(self, source_key, key)
        in_parts = self.plan.properties or self.plan.tags
        return plan.copy(
            entry,
            self.here,
            source_key,
            self.there,
            key,
            params,
            further.begin if in_parts else None,
            further.finish if in_parts else None,
            self.job.move,
        )

    def _properties(self, key: str) -> dict[str, Any]:
        """Those of the source, as a HEAD tells them."""
        head = self.head
        if not head:
            params = request_params.of_copy_source(self.values)
            head = self.engine().head(self.here.bucket, key, params, source=True)
        return {name: head[name] for name in PROPERTIES if name in head}


class _Further:
    """What one copy in parts needs beside its parts."""

    def __init__(self, copies: Copies, source_key: str, key: str) -> None:
        self.copies, self.source_key, self.key = copies, source_key, key
        self.tag_set: list[dict[str, str]] = []
        self.annotations: dict[str, bytes] = {}

    def begin(self) -> Mapping[str, Any]:
        """Members for CreateMultipartUpload. What does not go there is kept for the end."""
        copies = self.copies
        params: dict[str, Any] = {}
        if copies.plan.properties and not copies.replaces:
            params = copies._properties(self.source_key)
        if copies.plan.tags:
            tags = self._source("GetObjectTagging")["TagSet"]
            header = "&".join(f"{_quoted(tag['Key'])}={_quoted(tag['Value'])}" for tag in tags)
            if len(header.encode()) > MAX_TAGGING_HEADER:
                self.tag_set = tags
            elif header:
                params["Tagging"] = header
        if copies.plan.annotations:
            self.annotations = {name: self._annotation(name) for name in self._annotation_names()}
        return params

    def finish(self) -> None:
        """Write what was kept. An object that cannot have its tags is deleted again."""
        if self.tag_set:
            try:
                self._target("PutObjectTagging", Tagging={"TagSet": self.tag_set})
            except Exception:
                self._target("DeleteObject")
                raise
        if self.annotations:
            self._write_annotations()

    def _write_annotations(self) -> None:
        copies = self.copies
        head = copies.engine().head(copies.there.bucket, self.key, copies.payer)
        same = {"ObjectIfMatch": head["ETag"]} if "ETag" in head else {}
        if "VersionId" in head:
            same["VersionId"] = head["VersionId"]
        failed = {name: self._failed(name, payload, same) for name, payload in self.annotations.items()}
        if any(failed.values()):
            raise AnnotationCopyError(copies.there.bucket, self.key, failed)

    def _failed(self, name: str, payload: bytes, same: Mapping[str, str]) -> Exception | None:
        """Why an annotation could not be written, if so."""
        try:
            self._target("PutObjectAnnotation", AnnotationName=name, AnnotationPayload=payload, **same)
        except AwsminiError as error:
            return error
        return None

    def _annotation_names(self) -> list[str]:
        names: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = self._source("ListObjectAnnotations", **token)
            names += [annotation["AnnotationName"] for annotation in page.get("Annotations", ())]
            if not page.get("NextContinuationToken"):
                return names
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def _annotation(self, name: str) -> bytes:
        payload = self._source("GetObjectAnnotation", AnnotationName=name)["AnnotationPayload"]
        content: bytes = payload if isinstance(payload, bytes) else payload.read()
        return content

    def _source(self, operation: str, **params: Any) -> dict[str, Any]:
        copies = self.copies
        where = {"Bucket": copies.here.bucket, "Key": self.source_key}
        if operation != "GetObjectTagging" and copies.head.get("VersionId"):
            where["VersionId"] = copies.head["VersionId"]
        return copies.engine().call(operation, {**where, **params, **copies.payer}, source=True)

    def _target(self, operation: str, **params: Any) -> dict[str, Any]:
        copies = self.copies
        where = {"Bucket": copies.there.bucket, "Key": self.key}
        return copies.engine().call(operation, {**where, **params, **copies.payer})


def _planned(values: Mapping[str, Any]) -> _Plan:
    params = request_params.of_copy(values)
    if values.get("metadata_directive"):
        return _Plan(params, properties=False, tags=False, annotations=False)
    wanted = values.get("copy_props", "default")
    if wanted == "none":
        params["MetadataDirective"] = "REPLACE"
    if wanted in ("none", "metadata-directive"):
        params["TaggingDirective"] = "REPLACE"
    if wanted != "all":
        params["AnnotationDirective"] = "EXCLUDE"
    return _Plan(
        params,
        properties=wanted != "none",
        tags=wanted in ("default", "all"),
        annotations=wanted == "all",
    )


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
