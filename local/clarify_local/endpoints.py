"""Which endpoints came and went while a run was going on."""

from __future__ import annotations

import time

from clarify_local.aws import EmulatedAws

_POLL_SECONDS = 0.2


class EndpointWatch:
    """Remembers endpoints that appear after it was made, and tells which are still there."""

    def __init__(self, aws: EmulatedAws) -> None:
        self._aws = aws
        self._before = self._endpoints() | self._configs()
        self.seen: set[str] = set()

    def look(self) -> None:
        """See which endpoints there are now."""
        self.seen |= self._endpoints() - self._before

    def settle(self, seconds: float = 60) -> None:
        """Wait until no job runs, which may outlive its execution, and no clean-up after one."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._going_on():
            time.sleep(_POLL_SECONDS)

    def _going_on(self) -> bool:
        jobs = self._aws.listed("sagemaker", "list_processing_jobs", "ProcessingJobSummaries")
        if any(job["ProcessingJobStatus"] in ("InProgress", "Stopping") for job in jobs):
            return True
        # With nothing left, a clean-up that still looks has nothing to find.
        return bool(self.left()) and self._executions_run()

    def _executions_run(self) -> bool:
        states = self._aws.client("stepfunctions")
        return any(
            states.list_executions(
                stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING"
            )["executions"]
            for machine in self._aws.listed("stepfunctions", "list_state_machines", "stateMachines")
        )

    def left(self) -> list[str]:
        """Return endpoints and endpoint configurations that the run left behind."""
        return sorted((self._endpoints() | self._configs()) - self._before)

    def story(self) -> str:
        """Say in words what happened."""
        seen, left = sorted(self.seen), self.left()
        if left:
            return f"left behind: {', '.join(left)}"
        if seen:
            return f"created and deleted: {', '.join(seen)}"
        return "none was created"

    def _endpoints(self) -> set[str]:
        listed = self._aws.listed("sagemaker", "list_endpoints", "Endpoints")
        return {endpoint["EndpointName"] for endpoint in listed}

    def _configs(self) -> set[str]:
        listed = self._aws.listed("sagemaker", "list_endpoint_configs", "EndpointConfigs")
        return {config["EndpointConfigName"] for config in listed}
