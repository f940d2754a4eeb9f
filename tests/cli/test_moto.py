"""Whole commands against moto's server, each protocol over several services: made, looked at, gone again."""

import io
import json
import zipfile

import pytest

ACCOUNT = "123456789012"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]})  # fmt: skip


@pytest.fixture
def aws(aws_moto):
    return aws_moto


def fails(outcome, code: str) -> None:
    """The service answered with that error."""
    assert outcome.code == 254
    assert f"An error occurred ({code}) when calling the " in outcome.message


# JSON ----------------------------------------------------------------------------------------------------------


def test_dynamodb(aws):
    table = "--table-name orders"
    made = aws(
        f"dynamodb create-table {table} --billing-mode PAY_PER_REQUEST "
        "--key-schema AttributeName=id,KeyType=HASH --attribute-definitions AttributeName=id,AttributeType=S"
    ).json
    assert made["TableDescription"]["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert aws("dynamodb list-tables --query TableNames[0]").stdout == '"orders"\n'
    for number in range(3):
        put = aws(["dynamodb", "put-item", *table.split(), "--item",
                   json.dumps({"id": {"S": f"o{number}"}, "n": {"N": str(number)}, "b": {"B": "AAEC"}})])  # fmt: skip
        assert (put.code, put.stdout) == (0, "")
    item = aws(["dynamodb", "get-item", *table.split(), "--key", '{"id": {"S": "o1"}}']).json["Item"]
    assert item == {"id": {"S": "o1"}, "n": {"N": "1"}, "b": {"B": "AAEC"}}
    pages = aws(f"dynamodb scan {table} --page-size 1 --query Count").json
    assert pages == 3
    first = aws(f"dynamodb scan {table} --max-items 1").json
    assert len(first["Items"]) == 1
    rest = aws(f"dynamodb scan {table} --starting-token {first['NextToken']}").json
    assert {item["id"]["S"] for item in first["Items"] + rest["Items"]} == {"o0", "o1", "o2"}
    updated = aws(["dynamodb", "update-item", *table.split(), "--key", '{"id": {"S": "o1"}}', "--update-expression",
                   "SET n = n + :one", "--expression-attribute-values", '{":one": {"N": "1"}}', "--return-values",
                   "UPDATED_NEW"]).json  # fmt: skip
    assert updated["Attributes"] == {"n": {"N": "2"}}
    fails(
        aws(["dynamodb", "put-item", *table.split(), "--item", '{"id": {"S": "o1"}}', "--condition-expression",
             "attribute_not_exists(id)"]),
        "ConditionalCheckFailedException",
    )  # fmt: skip
    assert aws(["dynamodb", "delete-item", *table.split(), "--key", '{"id": {"S": "o1"}}']).stdout == ""
    assert aws(f"dynamodb delete-table {table}").code == 0
    fails(aws(f"dynamodb describe-table {table}"), "ResourceNotFoundException")


def test_kinesis(aws):
    assert aws("kinesis create-stream --stream-name clicks --shard-count 1").stdout == ""
    assert aws("kinesis wait stream-exists --stream-name clicks").code == 0
    put = aws("kinesis put-record --stream-name clicks --partition-key p --data aGVsbG8=").json
    shard = put["ShardId"]
    iterator = aws(
        f"kinesis get-shard-iterator --stream-name clicks --shard-id {shard} "
        "--shard-iterator-type TRIM_HORIZON --query ShardIterator --output text"
    ).stdout.strip()
    records = aws(["kinesis", "get-records", "--shard-iterator", iterator]).json["Records"]
    assert [record["Data"] for record in records] == ["aGVsbG8="]
    summary = aws("kinesis describe-stream-summary --stream-name clicks").json["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 1
    assert aws("kinesis delete-stream --stream-name clicks").code == 0
    assert aws("kinesis list-streams").json["StreamNames"] == []


def test_sqs(aws):
    url = aws("sqs create-queue --queue-name jobs --attributes VisibilityTimeout=45 --tags team=a,stage=b").json[
        "QueueUrl"
    ]
    assert aws(f"sqs list-queue-tags --queue-url {url}").json == {"Tags": {"team": "a", "stage": "b"}}
    sent = aws(["sqs", "send-message", "--queue-url", url, "--message-body", "grüße & <more>", "--message-attributes",
                "kind={DataType=String,StringValue=note}"]).json  # fmt: skip
    received = aws(f"sqs receive-message --queue-url {url} --message-attribute-names All").json["Messages"][0]
    assert received["MessageId"] == sent["MessageId"]
    assert received["Body"] == "grüße & <more>"
    assert received["MessageAttributes"]["kind"] == {"StringValue": "note", "DataType": "String"}
    attributes = aws(f"sqs get-queue-attributes --queue-url {url} --attribute-names VisibilityTimeout").json
    assert attributes == {"Attributes": {"VisibilityTimeout": "45"}}
    gone = aws(["sqs", "delete-message", "--queue-url", url, "--receipt-handle", received["ReceiptHandle"]])
    assert (gone.code, gone.stdout) == (0, "")
    assert aws(f"sqs delete-queue --queue-url {url}").code == 0
    fails(aws("sqs get-queue-url --queue-name jobs"), "AWS.SimpleQueueService.NonExistentQueue")


@pytest.mark.filterwarnings("ignore:deprecated string literal:PendingDeprecationWarning")  # in back-ticks, as people do
def test_kms(aws):
    key = aws("kms create-key --description mine --tags TagKey=a,TagValue=b").json["KeyMetadata"]
    assert key["CreationDate"].endswith("+00:00")
    aws.write("secret.txt", b"\x00\xffsecret")
    cipher = aws(f"kms encrypt --key-id {key['KeyId']} --plaintext fileb://secret.txt").json["CiphertextBlob"]
    plain = aws(["kms", "decrypt", "--ciphertext-blob", cipher, "--query", "Plaintext", "--output", "text"]).stdout
    assert plain == "AP9zZWNyZXQ=\n"
    assert aws(f"kms create-alias --alias-name alias/mine --target-key-id {key['KeyId']}").stdout == ""
    aliases = aws("kms list-aliases --query 'Aliases[?AliasName==`alias/mine`].TargetKeyId' --output text").stdout
    assert aliases == f"{key['KeyId']}\n"
    assert aws(f"kms schedule-key-deletion --key-id {key['KeyId']} --pending-window-in-days 7").json["DeletionDate"]


def test_secretsmanager(aws):
    assert aws("secretsmanager create-secret --name db --secret-string old").json["Name"] == "db"
    assert aws("secretsmanager put-secret-value --secret-id db --secret-string '{\"a\": 1}'").code == 0
    value = aws("secretsmanager get-secret-value --secret-id db --query SecretString --output text").stdout
    assert value == '{"a": 1}\n'
    assert aws("secretsmanager list-secrets --query SecretList[].Name").json == ["db"]
    assert aws("secretsmanager delete-secret --secret-id db --force-delete-without-recovery").code == 0
    fails(aws("secretsmanager describe-secret --secret-id db"), "ResourceNotFoundException")


def test_ssm(aws):
    for name in "abc":
        assert aws(f"ssm put-parameter --name /app/{name} --value v{name} --type SecureString").json["Version"] == 1
    assert aws("ssm get-parameter --name /app/a --with-decryption").json["Parameter"]["Value"] == "va"
    found = aws(
        "ssm get-parameters-by-path --path /app --with-decryption --query Parameters[].Name --output text"
    ).stdout
    assert sorted(found.split()) == ["/app/a", "/app/b", "/app/c"]
    assert aws("ssm delete-parameters --names /app/a /app/b /app/x").json == {
        "DeletedParameters": ["/app/a", "/app/b"],
        "InvalidParameters": ["/app/x"],
    }


def test_logs(aws):
    assert aws("logs create-log-group --log-group-name app").stdout == ""
    assert aws("logs create-log-stream --log-group-name app --log-stream-name one").code == 0
    now = aws("logs describe-log-groups --query logGroups[0].creationTime").json
    put = aws(["logs", "put-log-events", "--log-group-name", "app", "--log-stream-name", "one", "--log-events",
               f"timestamp={now},message='first line'", f"timestamp={now + 1},message=second"])  # fmt: skip
    assert put.code == 0
    events = aws("logs get-log-events --log-group-name app --log-stream-name one --query events[].message").json
    assert events == ["first line", "second"]
    assert aws("logs delete-log-group --log-group-name app").code == 0


def test_ecs(aws):
    made = aws("ecs create-cluster --cluster-name web --tags key=team,value=a").json["cluster"]
    assert made["clusterArn"] == f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/web"
    task = aws(["ecs", "register-task-definition", "--family", "job", "--container-definitions",
                '[{"name": "main", "image": "busybox", "memory": 64, "environment": [{"name": "A", "value": "1"}]}]'])  # fmt: skip
    assert task.json["taskDefinition"]["containerDefinitions"][0]["environment"] == [{"name": "A", "value": "1"}]
    assert aws("ecs describe-clusters --clusters web nope --query failures[].reason").json == ["MISSING"]
    assert aws("ecs list-clusters").json == {"clusterArns": [made["clusterArn"]]}
    assert aws("ecs delete-cluster --cluster web").json["cluster"]["status"] == "INACTIVE"


def test_stepfunctions(aws):
    definition = '{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}'
    aws.write("machine.json", definition)
    arn = aws(
        "stepfunctions create-state-machine --name m --definition file://machine.json "
        f"--role-arn arn:aws:iam::{ACCOUNT}:role/x --query stateMachineArn --output text"
    ).stdout.strip()
    assert aws(f"stepfunctions describe-state-machine --state-machine-arn {arn}").json["definition"] == definition
    assert aws("stepfunctions list-state-machines --query stateMachines[].name").json == ["m"]
    assert aws(f"stepfunctions delete-state-machine --state-machine-arn {arn}").stdout == ""


def test_events(aws):
    rule = aws(["events", "put-rule", "--name", "nightly", "--schedule-expression", "rate(1 day)"]).json
    assert rule["RuleArn"].endswith(":rule/nightly")
    added = aws(f"events put-targets --rule nightly --targets Id=1,Arn=arn:aws:sqs:us-east-1:{ACCOUNT}:jobs").json
    assert added == {"FailedEntryCount": 0, "FailedEntries": []}
    assert aws("events list-targets-by-rule --rule nightly --query Targets[].Id --output text").stdout == "1\n"
    assert aws("events remove-targets --rule nightly --ids 1").json["FailedEntryCount"] == 0
    assert aws("events delete-rule --name nightly").code == 0


def test_cloudwatch(aws):
    put = aws(
        "cloudwatch put-metric-data --namespace app --metric-name hits --value 3.5 --unit Count --dimensions host=a"
    )
    assert (put.code, put.stdout) == (0, "")
    metrics = aws("cloudwatch list-metrics --namespace app").json["Metrics"]
    assert metrics == [{"Namespace": "app", "MetricName": "hits", "Dimensions": [{"Name": "host", "Value": "a"}]}]
    alarm = "cloudwatch put-metric-alarm --alarm-name high --comparison-operator GreaterThanThreshold --threshold 5.5"
    assert (
        aws(f"{alarm} --evaluation-periods 2 --namespace app --metric-name hits --period 60 --statistic Sum").code == 0
    )
    assert aws("cloudwatch describe-alarms --query MetricAlarms[0].Threshold").json == 5.5
    assert aws("cloudwatch delete-alarms --alarm-names high").code == 0


def test_cognito(aws):
    pool = aws("cognito-idp create-user-pool --pool-name people").json["UserPool"]["Id"]
    user = aws(["cognito-idp", "admin-create-user", "--user-pool-id", pool, "--username", "ann", "--user-attributes",
                "Name=email,Value=ann@example.com"]).json["User"]  # fmt: skip
    assert {"Name": "email", "Value": "ann@example.com"} in user["Attributes"]
    assert aws(f"cognito-idp list-users --user-pool-id {pool} --query Users[].Username --output text").stdout == "ann\n"
    assert aws(f"cognito-idp delete-user-pool --user-pool-id {pool}").code == 0


# REST, JSON ----------------------------------------------------------------------------------------------------


def test_kinesisvideo(aws):
    assert aws("kinesisvideo list-streams").stdout == '{\n    "StreamInfoList": []\n}\n'
    arn = aws("kinesisvideo create-stream --stream-name demo --tags a=1,b=2").json["StreamARN"]
    assert aws("kinesisvideo list-streams --query 'StreamInfoList[].StreamName' --output text").stdout == "demo\n"
    info = aws("kinesisvideo describe-stream --stream-name demo").json["StreamInfo"]
    assert (info["StreamARN"], info["Status"]) == (arn, "ACTIVE")
    table = aws("kinesisvideo list-streams --output table").stdout
    assert "ListStreams" in table
    assert arn in table
    assert aws(f"kinesisvideo delete-stream --stream-arn {arn}").stdout == ""
    assert aws("kinesisvideo list-streams").json["StreamInfoList"] == []


def test_lambda(aws):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("index.py", "def handler(event, context): return event")
    aws.write("function.zip", archive.getvalue())
    role = aws(["iam", "create-role", "--role-name", "run", "--assume-role-policy-document", TRUST]).json["Role"]["Arn"]
    made = aws(
        f"lambda create-function --function-name echo --runtime python3.12 --role {role} --handler index.handler "
        "--zip-file fileb://function.zip --environment Variables={A=1,B=2} --timeout 7"
    ).json
    assert made["Environment"] == {"Variables": {"A": "1", "B": "2"}}
    assert made["CodeSize"] == len(archive.getvalue())
    assert aws("lambda get-function-configuration --function-name echo").json["Timeout"] == 7
    assert aws("lambda wait function-active-v2 --function-name echo").code == 0
    invoked = aws(["lambda", "invoke", "--function-name", "echo", "--cli-binary-format", "raw-in-base64-out",
                   "--payload", '{"a": 1}', "out.json"])  # fmt: skip
    assert invoked.json["StatusCode"] == 200
    assert (aws.home / "out.json").exists()
    assert aws("lambda list-functions --query Functions[].FunctionName").json == ["echo"]
    assert aws("lambda delete-function --function-name echo").code == 0
    fails(aws("lambda get-function --function-name echo"), "ResourceNotFoundException")


def test_apigateway(aws):
    api = aws("apigateway create-rest-api --name shop --description 'a shop' --tags team=a").json["id"]
    assert aws(f"apigateway get-rest-api --rest-api-id {api}").json["description"] == "a shop"
    patched = aws(
        f"apigateway update-rest-api --rest-api-id {api} --patch-operations op=replace,path=/name,value=market"
    ).json
    assert patched["name"] == "market"
    root = aws(f"apigateway get-resources --rest-api-id {api} --query items[0].id --output text").stdout.strip()
    child = aws(f"apigateway create-resource --rest-api-id {api} --parent-id {root} --path-part items").json
    assert child["path"] == "/items"
    assert aws(f"apigateway delete-rest-api --rest-api-id {api}").stdout == ""
    fails(aws(f"apigateway get-rest-api --rest-api-id {api}"), "NotFoundException")


def test_efs(aws):
    made = aws("efs create-file-system --creation-token t --encrypted --tags Key=Name,Value=data").json
    assert made["Encrypted"] is True
    assert (
        aws(f"efs describe-file-systems --file-system-id {made['FileSystemId']}").json["FileSystems"][0]["Name"]
        == "data"
    )
    assert aws(f"efs delete-file-system --file-system-id {made['FileSystemId']}").stdout == ""


def test_scheduler(aws):
    assert aws("scheduler create-schedule-group --name batch").json["ScheduleGroupArn"].endswith("/batch")
    target = f"RoleArn=arn:aws:iam::{ACCOUNT}:role/x,Arn=arn:aws:sqs:us-east-1:{ACCOUNT}:q"
    assert aws(["scheduler", "create-schedule", "--name", "s", "--group-name", "batch", "--schedule-expression",
                "rate(5 minutes)", "--flexible-time-window", "Mode=OFF", "--target", target]).code == 0  # fmt: skip
    assert aws("scheduler get-schedule --name s --group-name batch").json["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert aws("scheduler delete-schedule --name s --group-name batch").code == 0


def test_sesv2(aws):
    assert aws("sesv2 create-contact-list --contact-list-name people").code == 0
    made = aws("sesv2 create-contact --contact-list-name people --email-address ann@example.com --unsubscribe-all")
    assert made.code == 0
    contact = aws("sesv2 get-contact --contact-list-name people --email-address ann@example.com").json
    assert contact["UnsubscribeAll"] is True
    assert aws("sesv2 delete-contact-list --contact-list-name people").code == 0


def test_iot(aws):
    assert (
        aws("iot create-thing --thing-name lamp --attribute-payload attributes={color=red}").json["thingName"] == "lamp"
    )
    assert aws("iot describe-thing --thing-name lamp").json["attributes"] == {"color": "red"}
    assert aws("iot list-things --query things[].thingName --output text").stdout == "lamp\n"
    assert aws("iot delete-thing --thing-name lamp").code == 0


# REST, XML -----------------------------------------------------------------------------------------------------


def test_s3api(aws):
    assert aws("s3api create-bucket --bucket logs").json["Location"] == "/logs"
    assert aws("s3api wait bucket-exists --bucket logs").code == 0
    aws.write("body.txt", "hello")
    for key in ("a/1", "a/2", "b c+d/é"):
        put = aws(
            ["s3api", "put-object", "--bucket", "logs", "--key", key, "--body", "body.txt", "--metadata", "k=v"]
        ).json
        assert put["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    listed = aws("s3api list-objects-v2 --bucket logs --page-size 1 --query Contents[].Key").json
    assert listed == ["a/1", "a/2", "b c+d/é"]
    got = aws(["s3api", "get-object", "--bucket", "logs", "--key", "b c+d/é", "--range", "bytes=1-3", "out.txt"]).json
    assert (got["ContentLength"], got["Metadata"]) == (3, {"k": "v"})
    assert (aws.home / "out.txt").read_text() == "ell"
    tagging = "TagSet=[{Key=team,Value=a}]"
    assert aws(f"s3api put-object-tagging --bucket logs --key a/1 --tagging {tagging}").code == 0
    assert aws("s3api get-object-tagging --bucket logs --key a/1").json["TagSet"] == [{"Key": "team", "Value": "a"}]
    copied = aws("s3api copy-object --bucket logs --key copy --copy-source logs/a/1")
    assert copied.json["CopyObjectResult"]["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    deleted = aws(["s3api", "delete-objects", "--bucket", "logs", "--delete",
                   "Objects=[{Key=a/1},{Key=a/2},{Key=copy},{Key='b c+d/é'}],Quiet=true"])  # fmt: skip
    assert deleted.code == 0
    assert aws("s3api delete-bucket --bucket logs").stdout == ""
    missing = aws("s3api head-bucket --bucket logs")
    assert missing.code == 254
    assert missing.message.endswith("An error occurred (404) when calling the HeadBucket operation: Not Found")


def test_s3api_multipart(aws):
    assert aws("s3api create-bucket --bucket big --region eu-west-1 "
               "--create-bucket-configuration LocationConstraint=eu-west-1").code == 0  # fmt: skip
    assert aws("s3api get-bucket-location --bucket big").json == {"LocationConstraint": "eu-west-1"}
    upload = aws("s3api create-multipart-upload --bucket big --key k --query UploadId --output text").stdout.strip()
    aws.write("part", b"x" * 5_242_880)
    part = f"s3api upload-part --bucket big --key k --upload-id {upload} --body part --part-number"
    tags = [aws(f"{part} {number}").json["ETag"] for number in (1, 2)]
    parts = aws(f"s3api list-parts --bucket big --key k --upload-id {upload} --query Parts[].[PartNumber,ETag]").json
    assert parts == [[1, tags[0]], [2, tags[1]]]
    document = {"Parts": [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]}
    done = aws(["s3api", "complete-multipart-upload", "--bucket", "big", "--key", "k", "--upload-id", upload,
                "--multipart-upload", json.dumps(document)]).json  # fmt: skip
    assert done["ETag"].endswith('-2"')
    assert aws("s3api head-object --bucket big --key k --query ContentLength").json == 10_485_760


def test_route53(aws):
    zone = aws("route53 create-hosted-zone --name example.com --caller-reference 1").json["HostedZone"]
    batch = {
        "Changes": [
            {
                "Action": "UPSERT",
                "ResourceRecordSet": {
                    "Name": "www.example.com",
                    "Type": "A",
                    "TTL": 60,
                    "ResourceRecords": [{"Value": "192.0.2.1"}, {"Value": "192.0.2.2"}],
                },
            }
        ]
    }
    change = aws(
        ["route53", "change-resource-record-sets", "--hosted-zone-id", zone["Id"], "--change-batch", json.dumps(batch)]
    )
    assert change.json["ChangeInfo"]["Status"] == "INSYNC"
    found = aws(["route53", "list-resource-record-sets", "--hosted-zone-id", zone["Id"], "--query",
                 "ResourceRecordSets[?Type=='A'].ResourceRecords[].Value", "--output", "text"]).stdout  # fmt: skip
    assert found == "192.0.2.1\t192.0.2.2\n"
    fails(aws("route53 get-hosted-zone --id NOSUCH"), "NoSuchHostedZone")


def test_cloudfront(aws):
    config = {
        "CallerReference": "1",
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "logs.s3.amazonaws.com",
                                              "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "MinTTL": 10,
                                 "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}},
        "Comment": "mine",
        "Enabled": False,
    }  # fmt: skip
    aws.write("config.json", json.dumps(config))
    made = aws("cloudfront create-distribution --distribution-config file://config.json").json
    name = made["Distribution"]["Id"]
    assert made["Distribution"]["DistributionConfig"]["Comment"] == "mine"
    assert aws("cloudfront list-distributions --query DistributionList.Items[].Id --output text").stdout == f"{name}\n"
    got = aws(f"cloudfront get-distribution-config --id {name}").json
    assert got["DistributionConfig"]["Origins"]["Items"][0]["Id"] == "o"
    assert aws(["cloudfront", "delete-distribution", "--id", name, "--if-match", got["ETag"]]).stdout == ""


# Query ---------------------------------------------------------------------------------------------------------


def test_iam(aws):
    made = aws("iam create-user --user-name ann --path /team/ --tags Key=a,Value=b").json["User"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/team/ann"
    for name in ("bob", "cy"):
        assert aws(f"iam create-user --user-name {name}").code == 0
    assert aws("iam list-users --page-size 1 --query Users[].UserName --output text").stdout == "ann\tbob\tcy\n"
    assert aws("iam attach-user-policy --user-name ann --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess").code in (
        0,
        254,
    )
    role = aws(["iam", "create-role", "--role-name", "run", "--assume-role-policy-document", TRUST]).json["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"
    key = aws("iam create-access-key --user-name ann").json["AccessKey"]
    assert key["UserName"] == "ann"
    assert aws(f"iam delete-access-key --user-name ann --access-key-id {key['AccessKeyId']}").stdout == ""
    assert aws("iam delete-user --user-name bob").stdout == ""
    fails(aws("iam get-user --user-name bob"), "NoSuchEntity")


def test_sts(aws):
    identity = aws("sts get-caller-identity").json
    assert identity["Account"] == ACCOUNT
    assert list(identity) == ["UserId", "Account", "Arn"]
    assumed = aws(f"sts assume-role --role-arn arn:aws:iam::{ACCOUNT}:role/run --role-session-name me").json
    assert assumed["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/run/me"


def test_sns(aws):
    arn = aws("sns create-topic --name news --tags Key=a,Value=b").json["TopicArn"]
    assert (
        aws(f"sns set-topic-attributes --topic-arn {arn} --attribute-name DisplayName --attribute-value News").code == 0
    )
    assert aws(f"sns get-topic-attributes --topic-arn {arn} --query Attributes.DisplayName").json == "News"
    published = aws(["sns", "publish", "--topic-arn", arn, "--message", "a=b&c", "--message-attributes",
                     '{"n": {"DataType": "Number", "StringValue": "1"}}'])  # fmt: skip
    assert published.json["MessageId"]
    assert aws(f"sns delete-topic --topic-arn {arn}").stdout == ""
    assert aws("sns list-topics").json["Topics"] == []


def test_rds(aws):
    made = aws(
        "rds create-db-instance --db-instance-identifier main --db-instance-class db.t3.micro --engine postgres "
        "--master-username me --master-user-password secret-secret --allocated-storage 20 --no-multi-az"
    ).json["DBInstance"]
    assert (made["MultiAZ"], made["AllocatedStorage"]) == (False, 20)
    assert aws("rds wait db-instance-available --db-instance-identifier main").code == 0
    assert aws("rds describe-db-instances --query DBInstances[].Engine --output text").stdout == "postgres\n"
    assert aws("rds delete-db-instance --db-instance-identifier main --skip-final-snapshot").code == 0
    fails(aws("rds describe-db-instances --db-instance-identifier main"), "DBInstanceNotFound")


def test_autoscaling(aws):
    image = aws("ec2 describe-images --query Images[0].ImageId --output text").stdout.strip()
    launch = "autoscaling create-launch-configuration --launch-configuration-name lc --instance-type t3.micro"
    assert aws(f"{launch} --image-id {image}").stdout == ""
    assert aws(
        "autoscaling create-auto-scaling-group --auto-scaling-group-name web --launch-configuration-name lc "
        "--min-size 0 --max-size 2 --availability-zones us-east-1a us-east-1b"
    ).code == 0  # fmt: skip
    group = aws("autoscaling describe-auto-scaling-groups --auto-scaling-group-names web").json["AutoScalingGroups"][0]
    assert (group["MinSize"], group["MaxSize"], group["AvailabilityZones"]) == (0, 2, ["us-east-1a", "us-east-1b"])
    assert aws("autoscaling delete-auto-scaling-group --auto-scaling-group-name web --force-delete").code == 0


def test_cloudformation(aws):
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}, "Outputs": {"Url": {"Value": {"Ref": "Queue"}}}}
    aws.write("template.json", json.dumps(template))
    made = aws("cloudformation create-stack --stack-name s --template-body file://template.json")
    assert made.json["StackId"].startswith(f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/s/")
    assert aws("cloudformation wait stack-create-complete --stack-name s").code == 0
    assert aws("cloudformation get-template --stack-name s --query TemplateBody").json == template
    kinds = aws("cloudformation list-stack-resources --stack-name s --query StackResourceSummaries[].ResourceType").json
    assert kinds == ["AWS::SQS::Queue"]
    assert aws("cloudformation delete-stack --stack-name s").stdout == ""


def test_elbv2(aws):
    subnets = aws("ec2 describe-subnets --query Subnets[:2].SubnetId --output text").stdout.split()
    made = aws(["elbv2", "create-load-balancer", "--name", "front", "--subnets", *subnets]).json["LoadBalancers"][0]
    assert made["LoadBalancerName"] == "front"
    changed = aws(["elbv2", "modify-load-balancer-attributes", "--load-balancer-arn", made["LoadBalancerArn"],
                   "--attributes", "Key=idle_timeout.timeout_seconds,Value=30"]).json  # fmt: skip
    assert {"Key": "idle_timeout.timeout_seconds", "Value": "30"} in changed["Attributes"]
    assert aws(f"elbv2 delete-load-balancer --load-balancer-arn {made['LoadBalancerArn']}").code == 0


# EC2 -----------------------------------------------------------------------------------------------------------


def test_ec2_instances(aws):
    image = aws("ec2 describe-images --query Images[0].ImageId --output text").stdout.strip()
    ran = aws(["ec2", "run-instances", "--image-id", image, "--count", "2", "--instance-type", "t3.micro",
               "--tag-specifications", "ResourceType=instance,Tags=[{Key=Name,Value=web}]", "--user-data", "#!/bin/sh"])  # fmt: skip
    ids = [instance["InstanceId"] for instance in ran.json["Instances"]]
    assert len(ids) == 2
    query = "Reservations[].Instances[].[InstanceId,State.Name,Tags[0].Value]"
    found = aws(
        ["ec2", "describe-instances", "--filters", "Name=tag:Name,Values=web", "--query", query, "--output", "text"]
    )
    assert sorted(found.stdout.splitlines()) == sorted(f"{name}\trunning\tweb" for name in ids)
    data = aws(["ec2", "describe-instance-attribute", "--instance-id", ids[0], "--attribute", "userData"]).json
    assert data["UserData"] == {"Value": "IyEvYmluL3No"}
    assert aws(["ec2", "create-tags", "--resources", *ids, "--tags", "Key=team,Value=", "Key=n,Value=1"]).stdout == ""
    tags = aws(
        f"ec2 describe-tags --filters Name=resource-id,Values={ids[0]} --query 'Tags[].Key' --output text"
    ).stdout
    assert sorted(tags.split()) == ["Name", "n", "team"]
    dry = aws(["ec2", "stop-instances", "--instance-ids", *ids, "--dry-run"])
    fails(dry, "DryRunOperation")
    ended = aws(["ec2", "terminate-instances", "--instance-ids", *ids]).json["TerminatingInstances"]
    assert [instance["PreviousState"]["Name"] for instance in ended] == ["running", "running"]
    assert aws(["ec2", "wait", "instance-terminated", "--instance-ids", *ids]).code == 0
    fails(aws("ec2 describe-instances --instance-ids i-00000000000000000"), "InvalidInstanceID.NotFound")


def test_ec2_network(aws):
    vpc = aws("ec2 create-vpc --cidr-block 10.1.0.0/16 --query Vpc.VpcId --output text").stdout.strip()
    assert aws(f"ec2 modify-vpc-attribute --vpc-id {vpc} --enable-dns-hostnames").code == 0
    names = aws(f"ec2 describe-vpc-attribute --vpc-id {vpc} --attribute enableDnsHostnames").json
    assert names["EnableDnsHostnames"] == {"Value": True}
    subnet = aws(f"ec2 create-subnet --vpc-id {vpc} --cidr-block 10.1.1.0/24").json["Subnet"]
    assert subnet["AvailableIpAddressCount"] == 251
    group = aws(
        ["ec2", "create-security-group", "--group-name", "web", "--description", "for the web", "--vpc-id", vpc]
    )
    group_id = group.json["GroupId"]
    opened = aws(
        f"ec2 authorize-security-group-ingress --group-id {group_id} --protocol tcp --port 443 --cidr 0.0.0.0/0"
    )
    assert opened.json["Return"] is True
    rules = aws(
        f"ec2 describe-security-groups --group-ids {group_id} --query SecurityGroups[0].IpPermissions[0].ToPort"
    )
    assert rules.json == 443
    assert aws(f"ec2 delete-security-group --group-id {group_id}").code == 0
    assert aws(f"ec2 delete-subnet --subnet-id {subnet['SubnetId']}").code == 0
    assert aws(f"ec2 delete-vpc --vpc-id {vpc}").code == 0


def test_ec2_regions_in_every_format(aws):
    query = "--region-names us-east-1 --query Regions[].{Name:RegionName,State:OptInStatus}"
    assert aws(f"ec2 describe-regions {query}").json == [{"Name": "us-east-1", "State": "opt-in-not-required"}]
    assert aws(f"ec2 describe-regions {query} --output text").stdout == "us-east-1\topt-in-not-required\n"
    assert (
        aws(f"ec2 describe-regions {query} --output yaml").stdout == "- Name: us-east-1\n  State: opt-in-not-required\n"
    )
    table = aws(f"ec2 describe-regions {query} --output table").stdout
    assert "DescribeRegions" in table
    assert "us-east-1" in table
