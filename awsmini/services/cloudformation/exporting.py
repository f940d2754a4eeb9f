"""A template whose local files are uploaded, and named by where they are in S3 from then on.

`RESOURCES` is the table of what is uploaded: by the type of a resource, the property that may name a file or a folder.
A folder becomes a zip file, a nested template is packaged itself, and what is in S3 already is left alone.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from zipfile import is_zipfile

from awsmini.errors import AwsminiError
from awsmini.services.cloudformation.template_yaml import parse
from awsmini.services.shared.artifacts import Uploader, digest
from awsmini.services.shared.block_yaml import dump
from awsmini.services.shared.zip_archives import Entry, files_below, zipped

S3 = "s3://"
FOR_EACH = "Fn::ForEach::"
TEMPLATES = ("http://", "https://")
THREADS, AHEAD = 8, 32  # folders uploaded at the same time, and before they are asked for


class PackageError(AwsminiError):
    """The template names something that cannot be uploaded."""


class Exported(NamedTuple):
    """One property that may name a file or a folder.

    Without `parts` its value becomes a URL; with them, a mapping of bucket, key and version under those names.
    """

    type: str
    property: str
    parts: tuple[str, str, str | None] | None = None
    whole_folder: bool = False  # where it is not given, it means the folder of the template
    zip_files: bool = False  # a single file goes as a zip file of its own
    nested: bool = False  # it is a template


_LAMBDA = ("S3Bucket", "S3Key", "S3ObjectVersion")
_PLAIN = ("Bucket", "Key", "Version")

RESOURCES = (
    Exported("AWS::Serverless::Function", "CodeUri", whole_folder=True, zip_files=True),
    Exported("AWS::Serverless::Api", "DefinitionUri"),
    Exported("AWS::AppSync::GraphQLSchema", "DefinitionS3Location"),
    Exported("AWS::AppSync::Resolver", "RequestMappingTemplateS3Location"),
    Exported("AWS::AppSync::Resolver", "ResponseMappingTemplateS3Location"),
    Exported("AWS::AppSync::FunctionConfiguration", "RequestMappingTemplateS3Location"),
    Exported("AWS::AppSync::FunctionConfiguration", "ResponseMappingTemplateS3Location"),
    Exported("AWS::ApiGateway::RestApi", "BodyS3Location", _PLAIN),
    Exported("AWS::Lambda::Function", "Code", _LAMBDA, whole_folder=True, zip_files=True),
    Exported("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle", (*_LAMBDA[:2], None), whole_folder=True),
    Exported("AWS::CloudFormation::Stack", "TemplateURL", whole_folder=True, nested=True),
    Exported("AWS::Serverless::Application", "Location", whole_folder=True, nested=True),
    Exported("AWS::Serverless::LayerVersion", "ContentUri", whole_folder=True, zip_files=True),
    Exported("AWS::Lambda::LayerVersion", "Content", _LAMBDA, whole_folder=True, zip_files=True),
    Exported("AWS::Glue::Job", "Command.ScriptLocation", whole_folder=True),
    Exported("AWS::StepFunctions::StateMachine", "DefinitionS3Location", _PLAIN),
    Exported("AWS::Serverless::StateMachine", "DefinitionUri", _PLAIN),
    Exported("AWS::CodeCommit::Repository", "Code.S3", (*_PLAIN[:2], "ObjectVersion"), zip_files=True),
)
METADATA = (
    Exported("AWS::ServerlessRepo::Application", "ReadmeUrl"),
    Exported("AWS::ServerlessRepo::Application", "LicenseUrl"),
)


def export(path: str, folder: str, uploader: Uploader, encoding: str | None = None) -> Any:
    """The template at a path below a folder, its files uploaded. Raises PackageError, TemplateError, OSError …"""
    with Folders(uploader) as folders:
        return _Template(path, folder, uploader, folders, encoding).export()


class Folders:
    """Folders as zip files in S3. Where several are expected, other threads upload them before they are asked for.

    The first one is uploaded alone: what goes wrong with all of them goes wrong once.
    """

    def __init__(self, uploader: Uploader) -> None:
        self._uploader = uploader
        self._pool: ThreadPoolExecutor | None = None
        self._ahead: dict[str, Future[tuple[str, str]]] = {}
        self._waiting: deque[str] = deque()

    def __enter__(self) -> "Folders":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def expect(self, folders: list[str]) -> None:
        """These folders will be asked for, in that order."""
        self._waiting.extend(folders)

    def put(self, folder: str) -> str:
        """The URL of a folder's zip file. Raises what uploading raises."""
        ahead = self._ahead.pop(folder, None)
        if ahead is not None:
            self._go_ahead()
            url, told = ahead.result()
            self._uploader.told.write(told)
            self._uploader.told.flush()
            return url
        with suppress(ValueError):
            self._waiting.remove(folder)
        url = _upload(folder, self._uploader)
        self._go_ahead()
        return url

    def _go_ahead(self) -> None:
        while self._waiting and len(self._ahead) < AHEAD:
            folder = self._waiting.popleft()
            if folder not in self._ahead:
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(THREADS)
                self._ahead[folder] = self._pool.submit(_upload_quietly, folder, self._uploader)


def _upload(folder: str, uploader: Uploader) -> str:
    with zipped(files_below(folder), reproducible=True) as archive:
        return uploader.put(archive, digest(archive))


def _upload_quietly(folder: str, uploader: Uploader) -> tuple[str, str]:
    """The URL, and what is to be told of the upload when its turn comes."""
    told = StringIO()
    return _upload(folder, uploader._replace(told=told)), told.getvalue()


class _Template:
    """One template, its own or a nested one."""

    def __init__(self, path: str, folder: str, uploader: Uploader, folders: Folders, encoding: str | None) -> None:
        self.path = _absolute(folder, path)
        self.folder = os.path.dirname(self.path)
        self.uploader = uploader
        self.folders = folders
        self.encoding = encoding

    def export(self) -> Any:
        with open(self.path, encoding=self.encoding) as file:
            template = parse(file.read())
        if not isinstance(template, dict):
            raise PackageError(f"The template {self.path} is no mapping of sections.")
        for kind, metadata in _section(template, "Metadata"):
            for exported in METADATA:
                if exported.type == kind:
                    self._export(kind, metadata, exported)
        if "Resources" in template:
            self._include(template)
            self._expect(template["Resources"])
            self._resources(template["Resources"])
        return template

    def _include(self, value: Any) -> None:
        """Upload what `Fn::Transform` includes, anywhere below."""
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    self._include(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "Fn::Transform":
                    self._include_one(item)
                else:
                    self._include(item)

    def _include_one(self, transform: Any) -> None:
        if not isinstance(transform, dict) or transform.get("Name") != "AWS::Include":
            return
        parameters = transform.get("Parameters")
        location = parameters.get("Location") if isinstance(parameters, dict) else None
        if not location or not isinstance(location, str) or _is_s3(location):
            return
        path = os.path.join(self.folder, location)
        if not os.path.isfile(path):
            raise _no_such_file("AWS::Include", "Location", path)
        assert isinstance(parameters, dict)
        parameters["Location"] = self.uploader.put_file(path)

    def _expect(self, resources: Any) -> None:
        """Let the archives of folders be made meanwhile, as far as it is plain which will be wanted."""
        folders = []
        for properties, exported in _wanted(resources):
            value = _get(properties, exported.property)
            if value is None and exported.whole_folder and not exported.nested:
                folders.append(self.folder)
            elif isinstance(value, str) and not _is_s3(value) and not exported.nested:
                path = _absolute(self.folder, value)
                if os.path.isdir(path):
                    folders.append(path)
        self.folders.expect(folders)

    def _resources(self, resources: Any) -> None:
        if not isinstance(resources, dict):
            raise PackageError(f"The resources of the template {self.path} are no mapping.")
        for name, resource in resources.items():
            if str(name).startswith(FOR_EACH):
                if not isinstance(resource, list) or len(resource) != 3:
                    raise PackageError(
                        f'The value of {name} has an invalid "{FOR_EACH}" format: Must be a list of three entries'
                    )
                self._resources(resource[2])
                continue
            if not isinstance(resource, dict):
                raise PackageError(f"The resource {name} is no mapping.")
            for exported in RESOURCES:
                if exported.type == resource.get("Type"):
                    self._export(name, resource.get("Properties"), exported)

    def _export(self, name: str, properties: Any, exported: Exported) -> None:
        """Upload what one property names, and put into it where that is now."""
        if not isinstance(properties, dict):
            return
        value = _get(properties, exported.property)
        if isinstance(value, dict) or (not value and not exported.whole_folder):
            return
        try:
            if exported.nested:
                self._export_nested(name, properties, value, exported)
                return
            url = self._uploaded(name, value, exported)
            _set(properties, exported.property, url if exported.parts is None else _parts(url, exported.parts))
        except (AwsminiError, OSError, ValueError) as error:
            raise PackageError(
                f"Unable to upload artifact {value} referenced by {exported.property} parameter of {name} resource.\n"
                f"{error}"
            ) from error

    def _uploaded(self, name: str, value: Any, exported: Exported) -> str:
        """The URL of what a value names: a file, a folder, or S3 itself."""
        if value is None:
            value = self.folder
        if _is_s3(value):
            return str(value)
        path = _absolute(self.folder, value)
        if isinstance(value, str):
            if os.path.isdir(path):
                return self.folders.put(path)
            # v2 looks for a file to be zipped where the command runs, and for all others beside the template.
            if exported.zip_files and os.path.isfile(value) and not is_zipfile(value):
                with zipped([Entry(value, os.path.basename(value))], reproducible=True) as archive:
                    return self.uploader.put(archive, digest(archive))
            if os.path.isfile(path):
                return self.uploader.put_file(path)
        raise _no_such_file(name, exported.property, path)

    def _export_nested(self, name: str, properties: Any, value: Any, exported: Exported) -> None:
        if value is None or _is_s3(value) or str(value).startswith(TEMPLATES):
            return
        path = _absolute(self.folder, value)
        if not (isinstance(value, str) and os.path.isfile(path)):
            raise PackageError(
                f"{exported.property} parameter of {name} resource is invalid. "
                f"It must be a S3 URL or path to CloudFormation template file. Actual: {path}"
            )
        nested = _Template(value, self.folder, self.uploader, self.folders, self.encoding).export()
        _set(properties, exported.property, put_template(self.uploader, template_text(nested)))


def template_text(template: Any) -> str:
    """A template as YAML."""
    return dump(template, old_booleans=True)


def put_template(uploader: Uploader, text: str) -> str:
    """Upload a template; its address as CloudFormation takes it."""
    with BytesIO(text.encode("utf-8", "surrogateescape")) as file:
        return uploader.path_style(uploader.put(file, digest(file), "template"))


def _section(template: dict[Any, Any], name: str) -> list[tuple[Any, Any]]:
    found = template.get(name)
    return list(found.items()) if isinstance(found, dict) else []


def _wanted(resources: Any) -> Iterator[tuple[Any, Exported]]:
    """The properties that will be looked at, with what they may hold."""
    for name, resource in resources.items() if isinstance(resources, dict) else ():
        if str(name).startswith(FOR_EACH):
            if isinstance(resource, list) and len(resource) == 3:
                yield from _wanted(resource[2])
        elif isinstance(resource, dict) and isinstance(resource.get("Properties"), dict):
            for exported in RESOURCES:
                if exported.type == resource.get("Type"):
                    yield resource["Properties"], exported


def _no_such_file(name: str, what: str, path: Any) -> PackageError:
    return PackageError(f"Parameter {what} of resource {name} refers to a file or folder that does not exist {path}")


def _absolute(folder: str, path: Any) -> Any:
    if isinstance(path, str) and not os.path.isabs(path):
        return os.path.normpath(os.path.join(folder, path))
    return path


def _is_s3(value: Any) -> bool:
    """Whether a value names an object in S3, bucket and key."""
    if not isinstance(value, str) or not value.startswith(S3):
        return False
    where = urlsplit(value[3:])
    return bool(where.netloc and where.path)


def _parts(url: str, names: tuple[str, str, str | None]) -> dict[str, str]:
    """Bucket, key and version of `s3://bucket/key?versionId=version`."""
    where = urlsplit(url[3:])
    found = {names[0]: where.netloc, names[1]: where.path.lstrip("/")}
    versions = parse_qs(where.query).get("versionId", [])
    if names[2] is not None and len(versions) == 1:
        found[names[2]] = versions[0]
    return found


def _get(properties: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        properties = properties.get(name) if isinstance(properties, dict) else None
    return properties


def _set(properties: Any, dotted: str, value: Any) -> None:
    *outer, last = dotted.split(".")
    for name in outer:
        properties = properties.setdefault(name, {})
        if not isinstance(properties, dict):
            raise PackageError(f"{name} is no mapping.")
    properties[last] = value
