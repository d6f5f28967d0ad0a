"""EventBridge hears of new objects, from buckets that were told to say so: ``Object Created``.

moto makes such events with a time that is none, and drops whatever goes wrong with them.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.s3 import notifications

from clarify_local.emulator import events
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World

_CREATED = "s3:ObjectCreated:"
#: The API call that S3 names as the reason, where its name is not the event's own.
_REASONS = {
    "CompleteMultipartUpload": "CompleteMultipartUpload",
    "Copy": "CopyObject",
    "Post": "POST Object",
    "Put": "PutObject",
}


def install(world: World) -> None:
    """Put our event in the place of moto's."""

    def send(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
        name = str(getattr(event_name, "value", event_name))
        if not name.startswith(_CREATED):
            return  # nothing here asks for what happens to an object later
        reason = _REASONS[name.removeprefix(_CREATED)]
        if reason == "PutObject" and key.multipart is not None:
            return  # moto says so of an upload in parts, and then that the upload is complete
        tag = key.etag.replace('"', "")
        version = {} if key.version_id in (None, "null") else {"version-id": key.version_id}
        events.send(
            world,
            source="aws.s3",
            detail_type="Object Created",
            resources=[bucket.arn],
            detail={
                "version": "0",
                "bucket": {"name": bucket.name},
                "object": {"key": key.name, "size": key.size, "etag": tag, **version},
                "request-id": uuid.uuid4().hex[:16].upper(),
                "requester": account_id,
                "source-ip-address": "127.0.0.1",
                "reason": reason,
            },
            region=bucket.region_name,
        )

    replace(notifications, "_send_event_bridge_message", send)
