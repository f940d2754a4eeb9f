"""What single operations' commands do differently: command lines and the parameters they make."""

import io
import json
import zipfile
from datetime import datetime, timezone

import pytest

from awsmini.errors import AwsminiError, ParamValidationError, ResponseParseError
from awsmini.model.cli_names import visible_operations
from awsmini.params.context import ConversionError
from awsmini.services.small.cloudwatch import split_on_commas
from tests.command_line import built, operation, params, service

NOW = datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
UNIQUE = {"now": lambda: NOW, "uniform": lambda: 0.5}


RUN = "ec2 run-instances --image-id ami"
ONE = {"MinCount": 1, "MaxCount": 1, "ImageId": "ami"}
GROUP = "ec2 authorize-security-group-ingress --group-id g"
ACL = "ec2 create-network-acl-entry --network-acl-id a --rule-number 1 --rule-action allow --ingress"
METRIC = "cloudwatch put-metric-data --namespace n"
EMAIL = "ses send-email --from a@x"
DEPLOY = "deploy create-deployment --application-name a"
RECORDER = "configservice put-configuration-recorder"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (RUN, ONE),
        (f"{RUN} --count 2", {**ONE, "MinCount": 2, "MaxCount": 2}),
        (f"{RUN} --count 2:4", {**ONE, "MinCount": 2, "MaxCount": 4}),
        (f"{RUN} --associate-public-ip-address",
         {**ONE, "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]}),
        (f"{RUN} --no-associate-public-ip-address",
         {**ONE, "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]}),
        (f"{RUN} --secondary-private-ip-addresses 1.1.1.1 2.2.2.2 --secondary-private-ip-address-count 3",
         {**ONE, "NetworkInterfaces": [{
             "DeviceIndex": 0,
             "PrivateIpAddresses": [{"PrivateIpAddress": "1.1.1.1", "Primary": False},
                                    {"PrivateIpAddress": "2.2.2.2", "Primary": False}],
             "SecondaryPrivateIpAddressCount": 3}]}),
        (f"{RUN} --associate-public-ip-address --subnet-id s --security-group-ids g h --private-ip-address 1.2.3.4 "
         "--ipv6-address-count 1 --enable-primary-ipv6",
         {**ONE, "NetworkInterfaces": [{
             "DeviceIndex": 0, "AssociatePublicIpAddress": True, "SubnetId": "s", "Groups": ["g", "h"],
             "PrivateIpAddresses": [{"PrivateIpAddress": "1.2.3.4", "Primary": True}], "Ipv6AddressCount": 1,
             "PrimaryIpv6": True}]}),
        (f"{RUN} --subnet-id s", {**ONE, "SubnetId": "s"}),
        (f"{RUN} --network-interfaces DeviceIndex=0 --subnet-id s",
         {**ONE, "NetworkInterfaces": [{"DeviceIndex": 0}], "SubnetId": "s"}),
        (f"{RUN} --network-interfaces DeviceIndex=1 --no-associate-public-ip-address",
         {**ONE, "NetworkInterfaces": [{"DeviceIndex": 1, "AssociatePublicIpAddress": False}]}),
        (f"{RUN} --enable-api-termination", {**ONE, "DisableApiTermination": False}),
        (f"{RUN} --no-dry-run --dry-run", {**ONE, "DryRun": True}),
        (f"{GROUP} --protocol tcp --port 22 --cidr 0.0.0.0/0",
         {"GroupId": "g", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
                                             "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}),
        (f"{GROUP} --protocol all --port all --source-group sg-1 --group-owner 12",
         {"GroupId": "g", "IpPermissions": [{"IpProtocol": "-1", "FromPort": -1, "ToPort": -1,
                                             "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "12"}]}]}),
        (f"{GROUP} --protocol 6 --port 10-20 --source-group name",
         {"GroupId": "g", "IpPermissions": [{"IpProtocol": "6", "FromPort": 10, "ToPort": 20,
                                             "UserIdGroupPairs": [{"GroupName": "name"}]}]}),
        (f"{GROUP} --protocol -1 --port -1",
         {"GroupId": "g", "IpPermissions": [{"IpProtocol": "-1", "FromPort": -1, "ToPort": -1}]}),
        (f"{GROUP} --ip-protocol tcp --from-port 1 --to-port 2 --cidr-ip 1.1.1.1/32",
         {"GroupId": "g", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIp": "1.1.1.1/32"}),
        (f"{ACL} --protocol tcp", {"NetworkAclId": "a", "RuleNumber": 1, "RuleAction": "allow", "Egress": False, "Protocol": "6"}),
        (f"{ACL} --protocol all", {"NetworkAclId": "a", "RuleNumber": 1, "RuleAction": "allow", "Egress": False, "Protocol": "-1"}),
        (f"{ACL} --protocol 47", {"NetworkAclId": "a", "RuleNumber": 1, "RuleAction": "allow", "Egress": False, "Protocol": "47"}),
        ("ec2 modify-instance-attribute --instance-id i --source-dest-check",
         {"InstanceId": "i", "SourceDestCheck": {"Value": True}}),
        ("ec2 modify-instance-attribute --instance-id i --no-source-dest-check",
         {"InstanceId": "i", "SourceDestCheck": {"Value": False}}),
        ("ec2 modify-instance-attribute --instance-id i --source-dest-check Value=false",
         {"InstanceId": "i", "SourceDestCheck": {"Value": False}}),
        ("ec2 modify-instance-attribute --instance-id i --source-dest-check '{\"Value\": true}'",
         {"InstanceId": "i", "SourceDestCheck": {"Value": True}}),
        ("ec2 modify-subnet-attribute --subnet-id s --map-public-ip-on-launch",
         {"SubnetId": "s", "MapPublicIpOnLaunch": {"Value": True}}),
        ("cloudfront create-invalidation --distribution-id d --paths /a /b",
         {"DistributionId": "d", "InvalidationBatch": {"CallerReference": "cli-1577934245-500001",
                                                       "Paths": {"Quantity": 2, "Items": ["/a", "/b"]}}}),
        ("cloudsearch define-expression --domain-name d --name n --expression e",
         {"DomainName": "d", "Expression": {"ExpressionName": "n", "ExpressionValue": "e"}}),
        ("cloudsearch define-index-field --domain-name d --name n --type int-array --default-value 3 --facet-enabled true",
         {"DomainName": "d", "IndexField": {"IndexFieldName": "n", "IndexFieldType": "int-array",
                                            "IntArrayOptions": {"DefaultValue": 3, "FacetEnabled": True}}}),
        ("cloudsearch define-index-field --domain-name d --name n --type latlon --default-value 3 --sort-enabled false",
         {"DomainName": "d", "IndexField": {"IndexFieldName": "n", "IndexFieldType": "latlon",
                                            "LatLonOptions": {"DefaultValue": "3", "SortEnabled": False}}}),
        ("cloudsearch define-index-field --domain-name d --name n --type text --analysis-scheme a --source-field s",
         {"DomainName": "d", "IndexField": {"IndexFieldName": "n", "IndexFieldType": "text",
                                            "TextOptions": {"SourceField": "s", "AnalysisScheme": "a"}}}),
        (f"{METRIC} --metric-name m --value 1.5 --unit Count --timestamp 2020-01-01 --storage-resolution 1 --dimensions A=b,C=d",
         {"Namespace": "n", "MetricData": [{
             "MetricName": "m", "Value": 1.5, "Unit": "Count", "Timestamp": "2020-01-01", "StorageResolution": 1,
             "Dimensions": [{"Name": "A", "Value": "b"}, {"Name": "C", "Value": "d"}]}]}),
        (f"{METRIC} --metric-name m --statistic-values Sum=1,Maximum=2.5",
         {"Namespace": "n", "MetricData": [{"MetricName": "m", "StatisticValues": {"Sum": 1.0, "Maximum": 2.5}}]}),
        (f"{METRIC} --metric-data MetricName=a,Value=1 MetricName=b,Value=2",
         {"Namespace": "n", "MetricData": [{"MetricName": "a", "Value": 1.0}, {"MetricName": "b", "Value": 2.0}]}),
        ("emr list-clusters --active",
         {"ClusterStates": ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"]}),
        ("emr list-clusters --failed", {"ClusterStates": ["TERMINATED_WITH_ERRORS"]}),
        ("emr list-clusters --terminated --created-after 2020-01-01",
         {"ClusterStates": ["TERMINATED"], "CreatedAfter": "2020-01-01"}),
        ("emr list-clusters --cluster-states RUNNING WAITING", {"ClusterStates": ["RUNNING", "WAITING"]}),
        ("emr add-tags --resource-id r --tags a=b c d=e=f",
         {"ResourceId": "r", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": ""}, {"Key": "d", "Value": "e=f"}]}),
        (f"{EMAIL} --to b c --cc d --bcc e --subject s --text t --html h",
         {"Source": "a@x", "Destination": {"ToAddresses": ["b", "c"], "CcAddresses": ["d"], "BccAddresses": ["e"]},
          "Message": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}, "Html": {"Data": "h"}}}}),
        (f"{EMAIL} --to b --subject s",
         {"Source": "a@x", "Destination": {"ToAddresses": ["b"]}, "Message": {"Subject": {"Data": "s"}, "Body": {}}}),
        (f"{DEPLOY} --s3-location bucket=b,key=k,bundleType=zip,eTag=e,version=v",
         {"applicationName": "a", "revision": {"revisionType": "S3", "s3Location": {
             "bucket": "b", "key": "k", "bundleType": "zip", "eTag": "e", "version": "v"}}}),
        (f"{DEPLOY} --s3-location '{{\"bucket\":\"b\",\"key\":\"k\",\"bundleType\":\"zip\"}}'",
         {"applicationName": "a", "revision": {"revisionType": "S3", "s3Location": {
             "bucket": "b", "key": "k", "bundleType": "zip"}}}),
        (f"{DEPLOY} --s3-location bucket=b,key=k,bundleType=zip --github-location repository=a/b,commitId=c",
         {"applicationName": "a", "revision": {"revisionType": "GitHub", "gitHubLocation": {
             "repository": "a/b", "commitId": "c"}}}),
        (f"{RECORDER} --configuration-recorder name=n --recording-group allSupported=true",
         {"ConfigurationRecorder": {"name": "n", "recordingGroup": {"allSupported": True}}}),
        ("rds add-option-to-option-group --option-group-name g --options OptionName=o",
         {"OptionGroupName": "g", "OptionsToInclude": [{"OptionName": "o"}]}),
        ("rds remove-option-from-option-group --option-group-name g --options a b",
         {"OptionGroupName": "g", "OptionsToRemove": ["a", "b"]}),
        ("datapipeline activate-pipeline --pipeline-id p --parameter-values a=b a=c d=e=f",
         {"pipelineId": "p", "parameterValues": [{"id": "a", "stringValue": "b"}, {"id": "a", "stringValue": "c"},
                                                 {"id": "d", "stringValue": "e=f"}]}),
        ("cloudsearchdomain suggest --suggest-query q --suggester s", {"query": "q", "suggester": "s"}),
        ("mgn start-test --source-server-i-ds s-1", {"sourceServerIDs": ["s-1"]}),
        ("eks create-cluster --name n --role-arn r --resources-vpc-config {} --kubernetes-version 1.2",
         {"name": "n", "roleArn": "r", "resourcesVpcConfig": {}, "version": "1.2"}),
        ("ecs run-task --task-definition t --disable-execute-command",
         {"taskDefinition": "t", "enableExecuteCommand": False}),
        ("sns subscribe --topic-arn t --protocol p --notification-endpoint e",
         {"TopicArn": "t", "Protocol": "p", "Endpoint": "e"}),
        ("s3api select-object-content --bucket b --key k --expression e --expression-type SQL --input-serialization {} "
         "--output-serialization {} out",
         {"Bucket": "b", "Key": "k", "Expression": "e", "ExpressionType": "SQL", "InputSerialization": {},
          "OutputSerialization": {}}),
        ("lambda invoke --function-name f --payload aGk= out", {"FunctionName": "f", "Payload": b"hi"}),
    ],
)  # fmt: skip
def test_params(line, expected):
    assert params(line, **UNIQUE, endpoint_url="http://localhost") == expected


EXCLUSIVE = 'The key "{}" cannot be specified when one of the following keys are also specified: {}'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"{RUN} --network-interfaces DeviceIndex=0 --associate-public-ip-address",
         "Mixing the --network-interfaces option with the simple, scalar options is not supported."),
        (f"{GROUP} --protocol tcp --ip-permissions IpProtocol=tcp",
         "The --protocol option is not compatible with the --ip-permissions option "),
        (f"{GROUP} --source-group g --ip-permissions IpProtocol=tcp",
         "The --source_group option is not compatible with the --ip-permissions option "),
        (f"{GROUP} --protocol foo", "protocol parameter should be one of: tcp|udp|icmp|all or any valid protocol number."),
        (f"{GROUP} --protocol 300", "protocol numbers must be in the range 0-255 or -1 to specify all protocols"),
        (f"{GROUP} --port x", "port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)"),
        (f"{GROUP} --port 1-x", "port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)"),
        ("ec2 modify-instance-attribute --instance-id i --source-dest-check --no-source-dest-check",
         'Cannot specify both the "--source-dest-check" option and the "--no-source-dest-check" option.'),
        ("ec2 bundle-instance --instance-id i --storage S3={Bucket=b} --bucket x",
         "Mixing the --storage option with the simple, scalar options is not recommended."),
        ("cloudfront create-invalidation --distribution-id d --paths /a --invalidation-batch {}",
         EXCLUSIVE.format("paths", "invalidation_batch")),
        ("cloudfront create-distribution --distribution-config {} --default-root-object i",
         EXCLUSIVE.format("default_root_object", "distribution_config")),
        ("cloudfront update-distribution --id i --distribution-config {} --default-root-object i",
         EXCLUSIVE.format("default_root_object", "distribution_config")),
        (f"{METRIC} --metric-name m --metric-data MetricName=x", EXCLUSIVE.format("metric_name", "metric_data")),
        (f"{EMAIL} --to b --destination ToAddresses=c", EXCLUSIVE.format("to", "destination")),
        (f"{EMAIL} --text t --message Subject={{Data=x}}", EXCLUSIVE.format("text", "message")),
        ("cloudsearch define-index-field --domain-name d --name n --default-value 3", None),
        ("cloudsearchdomain search --search-query a", "--endpoint-url is required for cloudsearchdomain commands"),
        ("emr list-clusters --active --failed",
         "You can specify only one of the cluster state filters: --cluster-states, --active, --terminated, --failed."),
        ("emr list-clusters --cluster-states RUNNING --active",
         "You can specify only one of the cluster state filters: --cluster-states, --active, --terminated, --failed."),
        (f"{DEPLOY} --s3-location bucket=b", "--s3-location must specify bucket, key and bundleType."),
        (f"{DEPLOY} --github-location repository=b", "--github-location must specify repository and commitId."),
        ("lambda create-function --function-name f --role r --code ZipFile=x",
         "ZipFile cannot be provided as part of the --code argument.  Please use the '--zip-file' option instead to specify "
         "a zip file."),
        ("lambda publish-layer-version --layer-name f --content ZipFile=x",
         "ZipFile cannot be provided as part of the --content argument.  Please use the '--zip-file' option instead to "
         "specify a zip file."),
        ("lambda update-function-code --function-name f --zip-file aGk=",
         "--zip-file must be a zip file with the fileb:// prefix.\nExample usage:  --zip-file fileb://path/to/file.zip"),
        ("translate translate-document --document ContentType=t,Content=x --document-content y --source-language-code en "
         "--target-language-code de",
         "Content cannot be provided as a part of the '--document' argument. Please use the '--document-content' option "
         "instead to specify a file."),
        ("iot create-keys-and-certificate --private-key-outfile /nope/k", "Unable to write to file: /nope/k"),
        ("datapipeline activate-pipeline --pipeline-id p --parameter-values a",
         "Error in parameter: Invalid inline parameter format: a\n"),
        ("datapipeline activate-pipeline --pipeline-id p --parameter-values a=b --parameter-values-uri '{\"values\":{}}'",
         "Only parameter-values or parameter-values-uri is allowed"),
        ("datapipeline put-pipeline-definition --pipeline-id p --pipeline-definition {}",
         'Error in pipeline definition: Missing "objects" key\n'),
        ("datapipeline put-pipeline-definition --pipeline-id p --pipeline-definition []",
         'Error in pipeline definition: Missing "objects" key\n'),
        ("datapipeline put-pipeline-definition --pipeline-id p --pipeline-definition '{\"objects\":[{\"x\":1}]}'",
         'Error in pipeline definition: Missing "id" key of element: {"x": 1}\n'),
    ],
)  # fmt: skip
def test_refused(line, message):
    with pytest.raises(ParamValidationError) as error:
        params(line)
    assert message is None or str(error.value) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"{RUN} --count 2:x", "count parameter should be of form min[:max] (e.g. 1 or 1:10)"),
        (f"{RUN} --count 1:2:3", "count parameter should be of form min[:max] (e.g. 1 or 1:10)"),
        (f"{METRIC} --value abc", "could not convert string to float: 'abc'"),
        (f"{METRIC} --dimensions abc", "not enough values to unpack (expected 2, got 1)"),
        ("cloudsearch define-index-field --domain-name d --name n --type int --default-value x",
         "invalid literal for int() with base 10: 'x'"),
        ("ec2 get-password-data --instance-id i --priv-launch-key /nope",
         "priv-launch-key should be a path to the local SSH private key file used to launch the instance."),
        ("ec2 bundle-instance --instance-id i --bucket b", "Without --policy, --prefix is needed."),
        ("ecs delete-express-gateway-service --service-arn a --monitor-mode TEXT-ONLY",
         "--monitor-mode can only be used with --monitor-resources"),
        (f"{RUN} --network-interfaces --no-associate-public-ip-address",
         "--no-associate-public-ip-address needs NetworkInterfaces to begin with a structure, which it does not"),
        (f"{RUN} --network-interfaces '[null]' --no-associate-public-ip-address",
         "--no-associate-public-ip-address needs NetworkInterfaces to begin with a structure, which it does not"),
        (f"{RUN} --network-interfaces", "NetworkInterfaces is there, but empty"),
        (f"{GROUP} --ip-permissions --port 1",
         "--port needs IpPermissions to begin with a structure, which it does not"),
        (f"{METRIC} --metric-data --storage-resolution 1",
         "--storage-resolution needs MetricData to begin with a structure, which it does not"),
        ("datapipeline put-pipeline-definition --pipeline-id p --pipeline-definition '{\"objects\":[3]}'",
         '"objects" of a pipeline definition has to be a list of objects'),
        ("datapipeline put-pipeline-definition --pipeline-id p --pipeline-definition '{\"objects\":[],\"parameters\":3}'",
         '"parameters" of a pipeline definition has to be a list of objects'),
        ("datapipeline activate-pipeline --pipeline-id p --parameter-values-uri '{\"values\":[1]}'",
         '"values" of a pipeline definition have to be an object'),
        ("datapipeline put-pipeline-definition --pipeline-id p --pipeline-definition x",
         "Expecting value: line 1 column 1 (char 0)"),
    ],
)  # fmt: skip
def test_refused_with_255(line, message):
    with pytest.raises(ConversionError) as error:
        params(line)
    assert (str(error.value), error.value.exit_code) == (message, 255)


def test_a_skeleton_needs_no_endpoint():
    assert params("cloudsearchdomain search --generate-cli-skeleton") == {}


def test_old_options_of_security_groups_are_hidden():
    table = operation("ec2 revoke-security-group-egress")[1]
    hidden = {name for name, argument in table.items() if argument.hidden}
    assert hidden == {
        "ip-protocol", "from-port", "to-port", "cidr-ip", "source-security-group-name", "source-security-group-owner-id",
    }  # fmt: skip


# --- CloudFront


def test_a_distribution_from_a_domain_name():
    line = "cloudfront create-distribution --origin-domain-name b.s3.amazonaws.com --default-root-object i.html"
    config = params(line, **UNIQUE)["DistributionConfig"]
    origin = "b.s3.amazonaws.com-1577934245-500001"
    assert config["Origins"] == {
        "Quantity": 1,
        "Items": [
            {
                "Id": origin,
                "DomainName": "b.s3.amazonaws.com",
                "OriginPath": "",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
        ],
    }
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == origin
    assert config["DefaultRootObject"] == "i.html"
    assert config["Enabled"] is True


def test_an_origin_that_is_no_bucket():
    line = "cloudfront create-distribution --origin-domain-name example.com"
    item = params(line)["DistributionConfig"]["Origins"]["Items"][0]
    assert item["CustomOriginConfig"] == {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}


def test_an_update_keeps_the_other_settings():
    asked = []

    def call(name, given):
        asked.append((name, dict(given)))
        return {"ETag": "E", "DistributionConfig": {"Comment": "c", "DefaultRootObject": "old"}}

    line = "cloudfront update-distribution --id I --default-root-object new"
    assert params(line, call=call) == {
        "Id": "I",
        "IfMatch": "E",
        "DistributionConfig": {"Comment": "c", "DefaultRootObject": "new"},
    }
    assert asked == [("GetDistributionConfig", {"Id": "I"})]


@pytest.mark.parametrize(
    ("answer", "missing"), [({"DistributionConfig": {}}, "ETag"), ({"ETag": "E"}, "DistributionConfig")]
)
def test_an_update_needs_a_whole_answer(answer, missing):
    with pytest.raises(ResponseParseError, match=f"^Invalid service response: it has no {missing}$"):
        params("cloudfront update-distribution --id I --default-root-object new", call=lambda name, given: answer)


# --- EC2 bundles


def test_an_upload_policy_is_written_and_signed():
    line = "ec2 bundle-instance --instance-id i --bucket b --prefix p --owner-akid AK --owner-sak secret"
    s3 = params(line, **UNIQUE)["Storage"]["S3"]
    assert json.loads(s3["UploadPolicy"]) == {
        "expiration": "2020-01-03T03:04:05.000000Z",
        "conditions": [{"bucket": "b"}, {"acl": "ec2-bundle-read"}, ["starts-with", "$key", "p"]],
    }
    assert s3 == {
        "Bucket": "b",
        "Prefix": "p",
        "AWSAccessKeyId": "AK",
        "UploadPolicy": s3["UploadPolicy"],
        "UploadPolicySignature": "S5MQ8HM7+mP0+9FMPQKqwmsZLQw=",
    }


# --- bytes


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bytes").write_bytes(b"\x89PNG")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "b")
    (tmp_path / "f.zip").write_bytes(buffer.getvalue())
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rekognition detect-labels --image-bytes fileb://bytes", {"Image": {"Bytes": b"\x89PNG"}}),
        ("rekognition detect-labels --image-bytes fileb://bytes --image S3Object={Bucket=b}",
         {"Image": {"Bytes": b"\x89PNG", "S3Object": {"Bucket": "b"}}}),
        ("rekognition detect-faces --image S3Object={Bucket=b}", {"Image": {"S3Object": {"Bucket": "b"}}}),
        ("rekognition compare-faces --source-image-bytes fileb://bytes --target-image-bytes aGk=",
         {"SourceImage": {"Bytes": b"\x89PNG"}, "TargetImage": {"Bytes": b"hi"}}),
        ("translate import-terminology --name n --merge-strategy OVERWRITE --data-file fileb://bytes "
         "--terminology-data Format=CSV",
         {"Name": "n", "MergeStrategy": "OVERWRITE", "TerminologyData": {"Format": "CSV", "File": b"\x89PNG"}}),
        ("quicksight start-asset-bundle-import-job --aws-account-id 1 --asset-bundle-import-job-id j "
         "--asset-bundle-import-source-bytes fileb://bytes",
         {"AwsAccountId": "1", "AssetBundleImportJobId": "j", "AssetBundleImportSource": {"Body": b"\x89PNG"}}),
    ],
)  # fmt: skip
def test_bytes_in_structures(line, expected, files):
    assert params(line) == expected


def test_zip_files(files):
    line = "lambda create-function --function-name f --role r --zip-file fileb://f.zip"
    assert params(line)["Code"] == {"ZipFile": files}
    assert params(f"{line} --code S3Bucket=b")["Code"] == {"S3Bucket": "b", "ZipFile": files}
    assert params("lambda publish-layer-version --layer-name l --zip-file fileb://f.zip")["Content"] == {
        "ZipFile": files
    }
    assert params("lambda update-function-code --function-name f --zip-file fileb://f.zip")["ZipFile"] == files


def test_no_zip_file(files):
    with pytest.raises(ParamValidationError, match="must be a zip file with the fileb:// prefix"):
        params("lambda create-function --function-name f --role r --zip-file fileb://bytes")


def test_rekognition_has_bytes_wherever_it_has_an_image():
    model = service("rekognition")
    with_image = {
        name
        for name, api_name in visible_operations(model).items()
        if "Image" in getattr(model.operation_model(api_name).input_shape, "members", {})
    }
    assert len(with_image) >= 9
    for name in with_image:
        assert "image-bytes" in operation(f"rekognition {name}")[1]


# --- Data Pipeline

DEFINITION = {
    "objects": [
        {"id": "a", "name": "n", "x": "y", "z": {"ref": "b"}, "l": ["1", {"ref": "c"}]},
        {"id": "q"},
    ],
    "parameters": [{"id": "p1", "type": "String"}],
    "values": {"k": "v", "m": ["1", "2"]},
}
API = {
    "pipelineObjects": [
        {"id": "a", "name": "n", "fields": [
            {"key": "l", "stringValue": "1"}, {"key": "l", "refValue": "c"}, {"key": "x", "stringValue": "y"},
            {"key": "z", "refValue": "b"}]},
        {"id": "q", "name": "q", "fields": []},
    ],
    "parameterObjects": [{"id": "p1", "attributes": [{"key": "type", "stringValue": "String"}]}],
    "parameterValues": [
        {"id": "k", "stringValue": "v"}, {"id": "m", "stringValue": "1"}, {"id": "m", "stringValue": "2"}],
}  # fmt: skip
PUT = ["datapipeline", "put-pipeline-definition", "--pipeline-id", "p", "--pipeline-definition"]


def test_a_definition_to_the_api_and_back():
    from awsmini.services.small.datapipeline_definitions import show_definition

    assert params([*PUT, json.dumps(DEFINITION)]) == {"pipelineId": "p", **API}
    shown = show_definition(API, {})
    assert shown == {**DEFINITION, "objects": [DEFINITION["objects"][0], {"id": "q", "name": "q"}]}
    assert "pipelineObjects" in API


def test_options_win_over_the_definition():
    words = [
        *PUT,
        json.dumps(DEFINITION),
        "--parameter-values",
        "k=w",
        "--parameter-objects",
        '{"parameters":[{"id":"z"}]}',
    ]
    assert params(words)["parameterObjects"] == [{"id": "z", "attributes": []}]
    assert params(words)["parameterValues"] == [{"id": "k", "stringValue": "w"}]


# --- splitting


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a=b,c=d", ["a=b", "c=d"]),
        ("a=b\\,c,d=e", ["a=b,c", "d=e"]),
        ('a="b,c",d=e', ["a=b,c", "d=e"]),
        ("a='b,c',d=e", ["a=b,c", "d=e"]),
        ("a=[b,c],d=e", ["a=b,c", "d=e"]),
        ("a=[b],d=e", ["a=b", "d=e"]),
        ('a="b",c', ["a=b", "c"]),
    ],
)
def test_split_on_commas(text, parts):
    assert split_on_commas(text) == parts


@pytest.mark.parametrize("text", ['a="b', "a='b,c"])
def test_open_quotes(text):
    with pytest.raises(ValueError):
        split_on_commas(text)


def test_waiters_take_no_customizations():
    assert built("ec2 wait volume-available").params == {}
    assert "count" not in operation("ec2 wait instance-running")[1]


@pytest.mark.parametrize("line", [f"{METRIC} --storage-resolution x", "emr list-clusters --active --terminated"])
def test_errors_are_ours(line):
    with pytest.raises(AwsminiError):
        params(line)
