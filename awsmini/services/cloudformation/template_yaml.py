"""Templates read as AWS CLI v2 reads them: JSON where they are, else YAML with the short forms of functions.

`!Ref A` is `{"Ref": "A"}`, `!GetAtt A.B.C` is `{"Fn::GetAtt": ["A", "B.C"]}`, and any other `!Name` is `Fn::Name`.
Of a key that stands twice the last value counts. A file of its own because PyYAML takes time to import.
"""

import json
import re
from typing import Any

import yaml

from awsmini.errors import AwsminiError
from awsmini.params.yaml_documents import Loader
from awsmini.services.shared.block_yaml import SortedMapping

_BARE = ("Ref", "Condition")  # functions whose name in full has no `Fn::`
_OLD_BOOLEANS = r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"


class TemplateError(AwsminiError):
    """The text is no YAML, or holds what no template may."""


class _TemplateLoader(Loader):
    """YAML 1.2 with the booleans of 1.1, which CloudFormation reads as such."""

    def construct_template_mapping(self, node: yaml.MappingNode) -> dict[Any, Any]:
        self.flatten_mapping(node)
        return dict(self._pairs(node))

    def construct_tagged(self, suffix: str, node: yaml.Node) -> dict[str, Any]:
        name = node.tag[1:]
        value: Any
        if name == "GetAtt" and isinstance(node, yaml.ScalarNode):
            value = node.value.split(".", 1)
        elif isinstance(node, yaml.ScalarNode):
            value = self.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = self.construct_sequence(node)
        else:
            assert isinstance(node, yaml.MappingNode)
            self.flatten_mapping(node)
            pairs = self._pairs(node)
            value = SortedMapping(pairs)
            if len(value) < len(pairs):
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return {name if name in _BARE else f"Fn::{name}": value}

    def _pairs(self, node: yaml.MappingNode) -> list[tuple[Any, Any]]:
        pairs = []
        for key_node, value_node in node.value:
            key = self.construct_object(key_node)
            if isinstance(key, (dict, list, set)):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key has to be a text or a number", key_node.start_mark
                )
            pairs.append((key, self.construct_object(value_node)))
        return pairs


_TemplateLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"(?:{_OLD_BOOLEANS})$"), list("yYnNoO"))
_TemplateLoader.add_constructor("tag:yaml.org,2002:map", _TemplateLoader.construct_template_mapping)
_TemplateLoader.add_multi_constructor("!", _TemplateLoader.construct_tagged)


def parse(text: str) -> Any:
    """What a template says. Raises TemplateError."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return yaml.load(text, Loader=_TemplateLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise TemplateError(str(error)) from None
    except RecursionError:
        raise TemplateError("The template is nested too deeply.") from None
