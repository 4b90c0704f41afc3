"""Machines: listed, made, changed, run, waited for and destroyed (`/v1/apps/{app}/machines`)."""

from lifeboat.fly.client.machines.machines import Machines
from lifeboat.fly.client.machines.new_machine import NewMachine

__all__ = ["Machines", "NewMachine"]
