"""What is installed with the packages may be used with them."""

from __future__ import annotations

import re
from importlib.metadata import metadata

from support_house.licences import COMMAND, PAGE, direct, everything, licence, page

#: A choice between licences that names one that is allowed is one.
_FAMILY = re.compile(r"\b(A|L)?GPL|GNU |SSPL|BUSL|Commons Clause", re.IGNORECASE)


def test_the_page_lists_what_pyproject_names() -> None:
    def without_licences(text: str) -> list[str]:
        return re.findall(r"^(\| .* \|) .* (\| `.*)$", text, re.MULTILINE)

    there = without_licences(PAGE.read_text(encoding="utf-8"))
    assert there == without_licences(page()), f"out of date: {COMMAND}"
    assert len(there) == len(direct())


def test_nothing_that_is_installed_has_a_licence_that_binds_its_users() -> None:
    installed = everything(iter(direct()))
    assert {"aws-cdk-lib", "moto", "scipy", "certifi"} <= installed
    for name in installed:
        told = metadata(name)
        kinds = [k for k in told.get_all("Classifier") or () if k.startswith("License ::")]
        said = " ".join([told.get("License-Expression") or "", *kinds])
        assert not _FAMILY.search(said), f"{name}: {said}"
    assert _FAMILY.search("License :: OSI Approved :: GNU Affero General Public License v3")


def test_a_licence_is_told_in_few_words() -> None:
    for name in direct():
        assert 0 < len(licence(name)) < 60, name
        assert licence(name) != "unknown", name
