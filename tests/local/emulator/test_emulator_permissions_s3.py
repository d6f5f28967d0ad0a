"""IAM enforcement for S3: objects, prefixes, bucket policies and keys."""

from __future__ import annotations

import json

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    make_bucket,
    read,
)
from support_emulator.people import As, denied


def test_objects_and_prefixes_of_s3(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"data/a": "1", "other/a": "2"})
    person = As(
        emulator,
        [
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/data/*"),
            allow("s3:PutObject", f"arn:aws:s3:::{bucket}/out/*"),
            allow(
                "s3:ListBucket",
                f"arn:aws:s3:::{bucket}",
                StringLike={"s3:prefix": ["data/*", "data"]},
            ),
        ],
    )
    emulator.enforce_iam()
    s3 = person.client("s3")

    assert s3.get_object(Bucket=bucket, Key="data/a")["Body"].read() == b"1"
    assert s3.head_object(Bucket=bucket, Key="data/a")["ContentLength"] == 1
    assert s3.list_objects_v2(Bucket=bucket, Prefix="data/")["KeyCount"] == 1
    s3.put_object(Bucket=bucket, Key="out/a", Body=b"3")
    for call, parameters in (
        (s3.get_object, {"Key": "other/a"}),
        (s3.put_object, {"Key": "data/a", "Body": b""}),
        (s3.list_objects_v2, {"Prefix": "other/"}),
        (s3.list_objects_v2, {}),
        (s3.delete_object, {"Key": "data/a"}),
    ):
        assert denied(call, Bucket=bucket, **parameters)["Error"]["Code"] == "AccessDenied"
    copy = {"Bucket": bucket, "Key": "other/a"}
    assert denied(s3.copy_object, Bucket=bucket, Key="out/b", CopySource=copy)
    assert read(emulator, bucket, "data/a") == "1"


def test_a_missing_object_is_hidden_from_those_who_may_not_list(emulator: Emulator) -> None:
    bucket = make_bucket(emulator)
    reader = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    blind = As(emulator, [reader])
    seeing = As(emulator, [reader, allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")])
    emulator.enforce_iam()

    def code(person: As) -> str:
        response = denied(person.client("s3").get_object, Bucket=bucket, Key="nothing")
        return str(response["Error"]["Code"])

    assert (code(blind), code(seeing)) == ("AccessDenied", "NoSuchKey")


def test_a_buckets_policy_can_deny_what_a_role_allows(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"a": "1"})
    person, other = As(emulator, [allow("s3:*")]), As(emulator, [allow("s3:*")])
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": {"AWS": person.arn},
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
        ],
    }
    emulator.session().client("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    emulator.enforce_iam()

    assert denied(person.client("s3").get_object, Bucket=bucket, Key="a")
    assert other.client("s3").get_object(Bucket=bucket, Key="a")


def test_a_bucket_encrypted_by_a_key_needs_the_keys_rights(emulator: Emulator) -> None:
    session = emulator.session()
    key = session.client("kms").create_key()["KeyMetadata"]["Arn"]
    bucket = make_bucket(emulator)
    session.client("s3").put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    }
                }
            ]
        },
    )
    objects = allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*")
    keyless = As(emulator, [objects])
    reader = As(emulator, [objects, allow("kms:Decrypt", key)])
    writer = As(emulator, [objects, allow("kms:GenerateDataKey", key)])
    emulator.enforce_iam()

    assert denied(keyless.client("s3").put_object, Bucket=bucket, Key="a", Body=b"1")
    writer.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1")
    assert denied(writer.client("s3").get_object, Bucket=bucket, Key="a")
    assert reader.client("s3").get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_an_object_written_with_a_key_of_its_own_needs_the_rights_of_that_key(
    emulator: Emulator,
) -> None:
    session = emulator.session()
    own, other = (session.client("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    bucket = make_bucket(emulator)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": other}
    session.client("s3").put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]  # type: ignore[typeddict-item]
        },
    )
    objects = allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*")
    with_own = As(emulator, [objects, allow("kms:GenerateDataKey", own)]).client("s3")
    with_other = As(emulator, [objects, allow("kms:GenerateDataKey", other)]).client("s3")
    emulator.enforce_iam()

    told = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": own}
    with_own.put_object(Bucket=bucket, Key="a", Body=b"1", **told)
    assert denied(with_other.put_object, Bucket=bucket, Key="a", Body=b"1", **told)
    assert denied(with_own.put_object, Bucket=bucket, Key="a", Body=b"1")


def test_an_object_can_be_written_only_where_there_is_none(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"taken": "1"})
    s3 = emulator.session().client("s3")

    s3.put_object(Bucket=bucket, Key="free", Body=b"2", IfNoneMatch="*")
    response = denied(s3.put_object, Bucket=bucket, Key="taken", Body=b"2", IfNoneMatch="*")

    assert response["Error"]["Code"] == "PreconditionFailed"
    assert read(emulator, bucket, "taken") == "1"


def test_what_a_role_was_asked_for_is_remembered_granted_or_not(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"a": "1", "b": "2", "c": "3"})
    person = As(emulator, [allow("s3:GetObject", f"arn:aws:s3:::{bucket}/a")])
    s3 = person.client("s3")

    emulator.enforce_iam(False)
    s3.get_object(Bucket=bucket, Key="c")
    emulator.enforce_iam()
    s3.get_object(Bucket=bucket, Key="a")
    assert denied(s3.get_object, Bucket=bucket, Key="b")

    asked = [one for one in emulator.asked() if one[0] == person.arn]
    objects = [f"arn:aws:s3:::{bucket}/{key}" for key in ("a", "b")]
    assert asked == [(person.arn, "s3:GetObject", name) for name in objects]
