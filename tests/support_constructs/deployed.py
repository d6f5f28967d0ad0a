"""What CloudFormation makes of a template: every function evaluated, every parameter filled in.

Only references to the template's own resources stay, as ``${LogicalId}`` and
``${LogicalId.Attribute}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"\$\{([^!}]+)\}")


class Deployment:
    """Evaluates one template.

    Parameters
    ----------
    template
        As it was synthesised.
    account, region
        Where it is deployed, in the partition ``aws``.
    told
        Values of the template's parameters (a list for one that is a list) and of what it imports.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        *,
        account: str,
        region: str,
        told: Mapping[str, Any],
    ) -> None:
        self._template, self._region = template, region
        self._known = {
            "AWS::AccountId": account,
            "AWS::NoValue": None,
            "AWS::Partition": "aws",
            "AWS::Region": region,
            "AWS::URLSuffix": "amazonaws.com",
            **told,
        }

    def resources(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return type and properties of every resource, by logical id."""
        return {
            name: (resource["Type"], self.value(resource.get("Properties", {})))
            for name, resource in self._template["Resources"].items()
        }

    def outputs(self) -> dict[str, Any]:
        """Return the value of every output."""
        return {
            name: self.value(output["Value"])
            for name, output in self._template.get("Outputs", {}).items()
        }

    def value(self, given: Any) -> Any:
        """Return one value of the template, evaluated."""
        if isinstance(given, list):
            return [self.value(entry) for entry in given]
        if not isinstance(given, Mapping):
            return given
        if len(given) == 1:
            ((name, argument),) = given.items()
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._function(name.removeprefix("Fn::"), argument)
        return {key: self.value(entry) for key, entry in given.items()}

    def _ref(self, name: str) -> Any:
        return self._known[name] if name in self._known else self._resource(name)

    def _resource(self, name: str) -> str:
        logical_id = name.partition(".")[0]
        assert logical_id in self._template["Resources"], f"nothing tells what {name} is"
        return f"${{{name}}}"

    def _function(self, name: str, argument: Any) -> Any:
        if name == "GetAtt":
            return self._resource(".".join(argument))
        if name == "Sub":
            assert isinstance(argument, str), "a substitution with variables of its own"
            return _REFERENCE.sub(lambda found: str(self._ref(found[1])), argument)
        arguments = self.value(argument)
        match name, arguments:
            case "Join", [separator, list(parts)]:
                return separator.join(str(part) for part in parts)
            case "Split", [separator, str(text)]:
                return text.split(separator)
            case "Select", [index, [str(whole)]] if whole.startswith("${"):
                return f"{whole}[{index}]"  # a part of what is not known here either
            case "Select", [index, list(entries)]:
                return entries[int(index)]
            case "FindInMap", [table, row, column]:
                return self._template["Mappings"][table][row][column]
            case "ImportValue", str(export):
                return self._known[export]
            case "GetAZs", str():
                return [f"{self._region}{letter}" for letter in "abc"]
        raise AssertionError(f"Fn::{name} of {arguments!r} is not evaluated here")
