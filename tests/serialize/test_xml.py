"""XML as ElementTree would write it, but for carriage returns, which it loses."""

import xml.etree.ElementTree as ET

import pytest

from awsmini.serialize.xml import escape_attribute, escape_text, xml_body
from tests.serialize.test_serialize import operation, request

TEXTS = ["", "plain", "<a> & \"b\" 'c'", "]]>", "&amp;", "line\nbreak", "tab\t", "é☃𝒳", " spaces "]


def by_element_tree(text):
    element = ET.Element("a", {"b": text})
    element.text = text
    return ET.tostring(element, encoding="utf-8").decode()


@pytest.mark.parametrize("text", TEXTS)
def test_escaping_is_element_trees(text):
    body = f">{escape_text(text)}</a>" if text else " />"
    assert f'<a b="{escape_attribute(text)}"{body}' == by_element_tree(text)


@pytest.mark.parametrize("text", [*TEXTS, "carriage\rreturn", "\r\n"])
def test_what_is_written_is_read_again(text):
    element = ET.fromstring(f'<a b="{escape_attribute(text)}">{escape_text(text)}</a>')
    assert (element.text or "", element.attrib["b"]) == (text, text)


def body(name, params):
    return request("s3", name, {"Bucket": "b", **params}).body.decode()


def test_attributes_stand_in_the_tag():
    grantee = {"Type": "CanonicalUser", "ID": "i", "DisplayName": 'a "b"'}
    policy = {"Grants": [{"Grantee": grantee, "Permission": "READ"}], "Owner": {"ID": "o"}}
    assert body("PutObjectAcl", {"Key": "k", "AccessControlPolicy": policy}) == (
        '<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><AccessControlList><Grant>'
        '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">'
        '<ID>i</ID><DisplayName>a "b"</DisplayName></Grantee><Permission>READ</Permission></Grant></AccessControlList>'
        "<Owner><ID>o</ID></Owner></AccessControlPolicy>"
    )


def test_flattened_lists_have_no_element_of_their_own():
    upload = {"Parts": [{"ETag": "e", "PartNumber": 1}, {"ETag": "f", "PartNumber": 2}]}
    assert body("CompleteMultipartUpload", {"Key": "k", "UploadId": "u", "MultipartUpload": upload}) == (
        '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        "<Part><ETag>e</ETag><PartNumber>1</PartNumber></Part><Part><ETag>f</ETag><PartNumber>2</PartNumber></Part>"
        "</CompleteMultipartUpload>"
    )


def test_a_request_without_payload_is_named_by_the_operation():
    params = {"Name": "n.com", "CallerReference": "r", "HostedZoneConfig": {"PrivateZone": False}}
    assert request("route53", "CreateHostedZone", params).body == (
        b'<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>n.com</Name>'
        b"<CallerReference>r</CallerReference><HostedZoneConfig><PrivateZone>false</PrivateZone></HostedZoneConfig>"
        b"</CreateHostedZoneRequest>"
    )


def test_empty_values():
    assert "<TagSet />" in body("PutBucketTagging", {"Tagging": {"TagSet": []}})
    assert body("PutBucketTagging", {"Tagging": {}}) == '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/" />'


@pytest.mark.parametrize(
    ("name", "params", "text"),
    [
        ("DeleteObjects", {"Delete": {"Objects": [{"Key": "a\r\nb"}]}}, "<Key>a&#xD;&#xA;b</Key>"),
        ("PutBucketLifecycleConfiguration",
         {"LifecycleConfiguration": {"Rules": [{"Prefix": "a\nb", "Status": "Enabled"}]}}, "<Prefix>a&#xA;b</Prefix>"),
        ("PutBucketTagging", {"Tagging": {"TagSet": [{"Key": "a\r\nb", "Value": ""}]}}, "<Key>a&#xD;\nb</Key><Value />"),
    ],
)  # fmt: skip
def test_line_breaks_in_names_survive(name, params, text):
    assert text in body(name, params)


def test_a_root_without_a_name_is_called_like_its_shape():
    shape = operation("s3", "PutBucketTagging").service_model.shape_for("Tag")
    assert xml_body(shape, {"Key": "k"}) == b"<Tag><Key>k</Key></Tag>"


def test_numbers_and_times():
    rule = {"Status": "Enabled", "Expiration": {"Date": 1633132800, "Days": 5}}
    written = body("PutBucketLifecycleConfiguration", {"LifecycleConfiguration": {"Rules": [rule]}})
    assert "<Expiration><Date>2021-10-02T00:00:00Z</Date><Days>5</Days></Expiration>" in written
