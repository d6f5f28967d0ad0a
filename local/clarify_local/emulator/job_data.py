"""Brings a job's inputs from S3 and takes its outputs there, with the job's own credentials."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from botocore.exceptions import ClientError


class TransferFailed(Exception):  # noqa: N818 - it reads as what happened
    """Data could not be moved; the message is worded as SageMaker's FailureReason."""


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of an ``s3://`` URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def local_path(root: Path, path: str) -> Path:
    """Return where a path of the container is on this machine."""
    return root / PurePosixPath(path).relative_to("/")


def download_inputs(s3: Any, request: Mapping[str, Any], root: Path) -> None:
    """Copy every input of a job to its local path.

    Raises
    ------
    TransferFailed
        Nothing matches an input's URI, or the job's role may not list or read it.
    """
    for item in request.get("ProcessingInputs") or ():
        source = item["S3Input"]
        folder = local_path(root, source["LocalPath"])
        folder.mkdir(parents=True, exist_ok=True)
        try:
            found = False
            for bucket, key, relative in _objects(s3, source):
                found = True
                target = (folder / relative).resolve()
                if not target.is_relative_to(folder.resolve()):
                    raise TransferFailed(
                        f"ClientError: Failed to download data. An object under"
                        f" {source['S3Uri']} has a key that leads outside {source['LocalPath']}."
                    )
                target.parent.mkdir(parents=True, exist_ok=True)
                s3.download_file(bucket, key, str(target))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise TransferFailed(
                f"ClientError: Failed to download data. {error.operation_name} on"
                f" {source['S3Uri']}: {code}. Please ensure that the bucket exists and that the"
                f' role "{request["RoleArn"]}" has s3:ListBucket and s3:GetObject permissions.'
            ) from error
        if not found:
            bucket, _ = split_uri(source["S3Uri"])
            raise TransferFailed(
                "ClientError: Failed to download data. No S3 objects found under S3 URL"
                f' "{source["S3Uri"]}" given in input data source. Please ensure that the bucket'
                " exists in the selected region, that objects exist under that S3 prefix, and that"
                f' the role "{request["RoleArn"]}" has "s3:ListBucket" permissions on bucket'
                f' "{bucket}".'
            )


def upload_outputs(s3: Any, request: Mapping[str, Any], root: Path) -> None:
    """Copy every output folder of a job to S3.

    Raises
    ------
    TransferFailed
        The job's role may not write there, or there is no such bucket.
    """
    settings = request.get("ProcessingOutputConfig") or {}
    extra = {}
    if key := settings.get("KmsKeyId"):
        extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    for output in settings.get("Outputs", ()):
        target = output["S3Output"]
        bucket, prefix = split_uri(target["S3Uri"])
        folder = local_path(root, target["LocalPath"])
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = file.relative_to(folder).as_posix()
            try:
                s3.put_object(
                    Bucket=bucket,
                    Key=f"{prefix.rstrip('/')}/{name}".lstrip("/"),
                    Body=file.read_bytes(),
                    **extra,
                )
            except ClientError as error:
                code = error.response["Error"]["Code"]
                raise TransferFailed(
                    f"ClientError: Failed to upload data. PutObject on {target['S3Uri']}: {code}."
                    f' Please ensure that the bucket exists and that the role "'
                    f'{request["RoleArn"]}" has s3:PutObject permissions.'
                ) from error


def _objects(s3: Any, source: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield bucket, key and path below the input's folder of each object that an input names."""
    bucket, prefix = split_uri(source["S3Uri"])
    if source["S3DataType"] == "ManifestFile":
        body = s3.get_object(Bucket=bucket, Key=prefix)["Body"].read()
        yield from _manifest(body, source["S3Uri"])
        return
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", ()):
            if not item["Key"].endswith("/"):
                yield bucket, item["Key"], _below(prefix, item["Key"])


def _manifest(body: bytes, uri: str) -> Iterator[tuple[str, str, str]]:
    try:
        first, *names = json.loads(body)
        base = first["prefix"]
    except (ValueError, KeyError, TypeError) as error:
        raise TransferFailed(
            f"ClientError: Failed to download data. {uri} is no manifest: it must be a JSON list of"
            ' {"prefix": "s3://…"} and names below it.'
        ) from error
    for name in names:
        bucket, key = split_uri(f"{base}{name}")
        yield bucket, key, name


def _below(prefix: str, key: str) -> str:
    """Return a key's path below a prefix, which need not end where a folder does.

    >>> _below("data/", "data/a.csv"), _below("data", "data/a.csv"), _below("data/a", "data/a.csv")
    ('a.csv', 'a.csv', 'a.csv')
    """
    if key.startswith(prefix.rstrip("/") + "/") and prefix:
        return key[len(prefix.rstrip("/")) + 1 :]
    return key[prefix.rfind("/") + 1 :]
