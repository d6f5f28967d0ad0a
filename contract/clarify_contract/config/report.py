"""The report beside the numbers: the key `methods.report`."""

from __future__ import annotations

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import Text


class Report(ConfigModel):
    """Name and title of the report."""

    name: Text = Field(examples=["report"])
    """File name of the report without its ending; the service takes `report`."""

    title: Text | None = None
    """Heading; the service takes `SageMaker AI Analysis Report`."""

    @property
    def page(self) -> str:
        """Name of the file for a browser."""
        return f"{self.name}.html"
