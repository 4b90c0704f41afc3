"""What every component shares: the one provider, and the resolver of what is declared so far."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.resources.resolver import Resolver


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Handed down to every component.

    Args:
        provider: the one provider; what is in a region says so itself (`region=`).
        account_id: the account the program runs in.
        resolver: answers the references of the desired model.
    """

    provider: aws.Provider
    account_id: pulumi.Output[str]
    resolver: Resolver

    def component(self) -> pulumi.ResourceOptions:
        """Return the options of a component: its children use the one provider."""
        return pulumi.ResourceOptions(providers=[self.provider])

    def invoke(self) -> pulumi.InvokeOutputOptions:
        """Return the options of a question to the provider."""
        return pulumi.InvokeOutputOptions(provider=self.provider)
