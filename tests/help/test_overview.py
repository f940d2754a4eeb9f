import pytest

from awsmini.help.overview import describer, overview
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel


@pytest.mark.parametrize(
    ("html", "sentence"),
    [
        ("", ""),
        ("<p>The <code>name</code> of the queue. More.</p>", "The name of the queue."),
        ("<p>Lines\nand \u2028 breaks</p>", "Lines and   breaks."),
        ("<p>One of these: a, b</p>", "One of these."),
        ("Version 1.5 is cut", "Version 1."),
        ("<p>not closed", "<p>not closed."),
        ("a &lt; b", "a < b."),
        (". starts with a stop", ""),
    ],
)
def test_overview(html, sentence):
    assert overview(html) == sentence


def test_members_of_a_shape():
    shape = ServiceModel(ModelFinder({}).lines("sqs")).operation_model("CreateQueue").input_shape
    assert describer("sqs")(shape, "QueueName") == "The name of the new queue."
    assert describer("no-such-service")(shape, "QueueName") == ""
