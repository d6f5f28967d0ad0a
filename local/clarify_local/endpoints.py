"""Which endpoints came and went while a run was going on."""

from __future__ import annotations

from clarify_local.aws import EmulatedAws


class EndpointWatch:
    """Remembers endpoints that appear after it was made, and tells which are still there."""

    def __init__(self, aws: EmulatedAws) -> None:
        self._aws = aws
        self._before = self._now()
        self.seen: set[str] = set()

    def look(self) -> None:
        """See which endpoints there are now."""
        self.seen |= self._now() - self._before

    def left(self) -> list[str]:
        """Return endpoints and endpoint configurations that the run left behind."""
        return sorted(self._now() - self._before)

    def story(self) -> str:
        """Say in words what happened."""
        seen, left = sorted(self.seen), self.left()
        if left:
            return f"left behind: {', '.join(left)}"
        if seen:
            return f"created and deleted: {', '.join(seen)}"
        return "none was created"

    def _now(self) -> set[str]:
        sagemaker = self._aws.client("sagemaker")
        endpoints = {e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]}
        configs = {
            c["EndpointConfigName"] for c in sagemaker.list_endpoint_configs()["EndpointConfigs"]
        }
        return endpoints | configs
