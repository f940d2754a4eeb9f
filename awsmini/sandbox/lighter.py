"""moto with less to load: what a server of it never needs is there by name alone, and loaded when it is used after all.

That is boto3 with what it brings, and the decorators by which tests mock AWS in their own process: half of what
moto loads. Packages of a few services that are not installed are there by name as well, so that the other
operations of those services work; what uses them says what to install.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

from awsmini.sandbox import flask_stand_in
from awsmini.sandbox.refusal import Refusal

# Modules that are late, with what of them moto takes by name.
_LATE = {
    "boto3": ["Session"],
    "botocore.session": ["Session", "get_session"],
    "botocore.client": [],
    "cryptography.x509": [],
}
# Packages that moto[server] has and the extra `local` has not, by the modules that moto imports.
PACKAGES = {
    "antlr4": "antlr4-python3-runtime",
    "aws_xray_sdk": "aws-xray-sdk",
    "cfnlint": "cfn-lint",
    "docker": "docker",
    "graphql": "graphql-core",
    "joserfc": "joserfc",
    "jsonpath_ng": "jsonpath-ng",
    "jsonschema": "jsonschema",
    "openapi_spec_validator": "openapi-spec-validator",
    "py_partiql_parser": "py-partiql-parser",
    "pyparsing": "pyparsing",
}


class _Late(ModuleType):
    """A module that is loaded when something of it is asked for that is not here."""

    def __init__(self, spec: ModuleSpec, classes: Sequence[str], **known: Any) -> None:
        super().__init__(spec.name)
        stand_ins = {each: self._stand_in(each) for each in classes}
        self.__dict__.update(known, **stand_ins, __path__=spec.submodule_search_locations)
        self._spec = spec
        self._real: ModuleType | None = None
        self._lock = RLock()
        _put(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._load(), name)

    def _load(self) -> ModuleType:
        with self._lock:
            if self._real is None:
                self._real = module_from_spec(self._spec)
                _put(self._real)
                assert self._spec.loader
                self._spec.loader.exec_module(self._real)
                for name, part in vars(self).items():  # modules below it that were loaded before
                    if type(part) is ModuleType and part.__name__ == f"{self.__name__}.{name}":
                        vars(self._real).setdefault(name, part)
            return self._real

    def _stand_in(self, name: str) -> type:
        """What stands for a class or a function, in annotations for one: to call it calls the real one."""
        return type(name, (), {"__new__": lambda _, *args, **kwargs: getattr(self._load(), name)(*args, **kwargs)})


def _put(module: ModuleType) -> None:
    """Make a module known by its name, as importing it would."""
    sys.modules[module.__name__] = module
    parent, _, name = module.__name__.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], name, module)


class _Absent(ModuleType):
    """A module of a package that is not installed: all that can be taken from it is an error that says so."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        package = PACKAGES[self.__name__.partition(".")[0]]

        def refuse(*_: Any, **__: Any) -> Any:
            raise Refusal(
                f"needs the package {package} for this. Install it with: pip install {package}, "
                "and start the sandbox anew: awsmini local stop"
            )

        return type(name, (Exception,), {"__new__": refuse})


class _AbsentFinder:
    """Finds the modules of `PACKAGES` that nothing else finds."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, _AbsentFinder) if name.partition(".")[0] in PACKAGES else None  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        return _Absent(spec.name)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Nothing is in it."""


def lighten() -> None:
    """To be called before moto is imported."""
    flask_stand_in.install()
    sys.meta_path.append(_AbsentFinder)
    moto = find_spec("moto")
    assert moto
    assert moto.submodule_search_locations
    for name, classes in _LATE.items():
        spec = find_spec(name)
        if spec:
            _Late(spec, classes)
    models = PathFinder.find_spec("moto.core.models", [os.path.join(moto.submodule_search_locations[0], "core")])
    names = ("MockAWS", "ProxyModeMockAWS", "ServerModeMockAWS", "patch_client", "patch_resource")
    if models:  # a moto that is broken says so itself
        _Late(models, names, DEFAULT_ACCOUNT_ID="123456789012")


class _Regions:
    """What moto asks a session of boto3's for, from botocore's own table."""

    def __init__(self) -> None:
        self._loader = importlib.import_module("botocore.loaders").create_loader()
        resolver = importlib.import_module("botocore.regions").EndpointResolver
        self._resolver = resolver(self._loader.load_data("endpoints"))
        self._unknown = importlib.import_module("botocore.exceptions").UnknownServiceError

    def get_available_partitions(self) -> list[str]:
        return list(self._resolver.get_available_partitions())

    def get_available_regions(self, service_name: str, partition_name: str = "aws") -> list[str]:
        try:
            metadata = self._loader.load_service_model(service_name, "service-2")["metadata"]
        except self._unknown:
            return []
        prefix = metadata.get("endpointPrefix", service_name)
        return list(self._resolver.get_available_endpoints(prefix, partition_name))


def hasten() -> None:
    """To be called after: looks at fewer files, and asks for regions without a session of boto3's."""
    backend = importlib.import_module("moto.core.base_backend").AccountSpecificBackend
    regions = _Regions()
    backend.get_session = classmethod(lambda cls: regions)
    loaders = importlib.import_module("moto.core.loaders")

    def list_available_services(self: Any, type_name: str) -> list[str]:
        return sorted({name for path in self.search_paths if os.path.isdir(path) for name in os.listdir(path)})

    loaders.Loader.list_available_services = list_available_services
    backends = importlib.import_module("moto.backends")
    modules = tuple(backends.list_of_moto_modules())
    vars(backends)["list_of_moto_modules"] = lambda: modules
