"""The `query` and `ec2` protocols: XML bodies, with the request's id and, for query, a wrapper in them."""

from xml.etree.ElementTree import Element

from awsmini.errors import NoAnswerError
from awsmini.model.shapes import OperationModel, StructureShape
from awsmini.parse.codec import WireProtocol, codec_of
from awsmini.parse.xml import XmlCodec, answer_of, children_by_name, root_of
from awsmini.records import Conversions, Output, Reply


def _query_output(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    root = answer_of(reply.body)
    children = children_by_name(root)
    made = _result(operation.output_shape, root, children, conversions)
    if "ResponseMetadata" in children:
        ids = children_by_name(children["ResponseMetadata"][0])
        made["ResponseMetadata"] = {name: nodes[0].text for name, nodes in ids.items()}
    return made


def _ec2_output(operation: OperationModel, reply: Reply, conversions: Conversions) -> Output:
    root = answer_of(reply.body)
    children = children_by_name(root)
    made = _result(operation.output_shape, root, children, conversions)
    if "requestId" in children:
        made["ResponseMetadata"] = {"RequestId": children["requestId"][0].text}
    return made


def _result(
    shape: StructureShape | None, root: Element, children: dict[str, list[Element]], conversions: Conversions
) -> Output:
    if shape is None:
        return {}
    wrapper = shape.traits.get("resultWrapper")
    if wrapper is not None:
        if wrapper not in children:
            raise NoAnswerError(f"Unable to parse response, it has no {wrapper}. Further retries may succeed.")
        root = children[wrapper][0]
    made: Output = codec_of(shape.service_model, XmlCodec, conversions).of_body(shape)(root)
    return made


def _modeled_error(shape: StructureShape, reply: Reply, conversions: Conversions) -> Output:
    codec = codec_of(shape.service_model, XmlCodec, conversions)
    made: Output = codec.of_body(shape)(root_of(reply.body))
    return made


QUERY = WireProtocol(_query_output, _modeled_error)
EC2 = WireProtocol(_ec2_output, _modeled_error)
