"""What the cloud named, by the references of the desired model: turns texts and policies into outputs.

Every component teaches the ARNs of what it declared and asks for those it needs, so the order of `declare`
is the order of dependence. Must never be asked inside an `apply`: the graph is complete before one runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import pulumi

from infra.desired.policy_document import PolicyDocument, render
from infra.desired.reference import AccountId, Joined, Partition, Reference, Text, resolve


class Resolver:
    """Looks references up in what has been declared so far.

    Args:
        account_id: the twelve digits of the account.
        partition: the account's partition.
    """

    def __init__(self, account_id: pulumi.Input[str], partition: pulumi.Input[str]) -> None:
        self._known: dict[Reference, pulumi.Input[str]] = {AccountId(): account_id, Partition(): partition}

    def learn(self, reference: Reference, value: pulumi.Input[str]) -> None:
        """Remember what a reference stands for."""
        self._known[reference] = value

    def text(self, text: Text) -> pulumi.Input[str]:
        """Return a text of the model with its references replaced.

        Raises:
            LookupError: it refers to something that was not declared before; the model or its order is wrong.
        """
        if isinstance(text, str):
            return text
        references = _references_in([text])
        if not isinstance(text, Joined):
            return self._learned(references)[0]
        return self._values(references).apply(lambda values: _fill(text, values))

    def policy(self, document: PolicyDocument) -> pulumi.Output[str]:
        """Return a policy document as IAM's JSON.

        One output per document, not one per text in it: an environment has hundreds of such texts.

        Raises:
            LookupError: as for `text`.
        """
        texts: list[Text] = []
        render(document, texts.append)

        def dump(values: Mapping[Reference, str]) -> str:
            return json.dumps(render(document, lambda text: _fill(text, values)), separators=(",", ":"))

        return self._values(_references_in(texts)).apply(dump)

    def _values(self, references: tuple[Reference, ...]) -> pulumi.Output[Mapping[Reference, str]]:
        known = pulumi.Output.all(*self._learned(references))
        return known.apply(lambda values: dict(zip(references, values, strict=True)))

    def _learned(self, references: tuple[Reference, ...]) -> list[pulumi.Input[str]]:
        unknown = [reference for reference in references if reference not in self._known]
        if unknown:
            msg = f"{unknown[0]} is used before it is declared"
            raise LookupError(msg)
        return [self._known[reference] for reference in references]


def _fill(text: Text, values: Mapping[Reference, str]) -> str:
    return resolve(text, values.__getitem__, "".join)


def _references_in(texts: Iterable[Text]) -> tuple[Reference, ...]:
    found: dict[Reference, str] = {}
    for text in texts:
        resolve(text, lambda reference: found.setdefault(reference, ""), "".join)
    return tuple(found)
