"""A product with an app: its tables, and the contract that names the app's secrets."""

from __future__ import annotations

from typing import Any

from lifeboat.core.contract import Contract
from tests.builders import HOME, a_contract, a_contract_document

ROLE = "paint_app"
PRODUCT = """
create table lifeboat_heartbeat (
    id bigint generated always as identity primary key, region text not null, machine text not null,
    written_at timestamptz not null default clock_timestamp());
insert into lifeboat_heartbeat (region, machine) values ('sjc', 'm1');
create table lifeboat_write (
    id text primary key, region text not null, machine text not null, version text not null,
    written_at timestamptz not null default clock_timestamp());
grant all on lifeboat_heartbeat, lifeboat_write to paint_app;
"""


def a_contract_with_an_app(**secrets: dict[str, Any]) -> Contract:
    """Return a contract whose app gets a role's password as DATABASE_URL, and JWT_SECRET."""
    document = a_contract_document()
    entry = document["secrets"]["database-master"]
    for name, role in (("database-app", ROLE), ("jwt", None)):
        document["secrets"][name] = {**entry, "name": f"paintbox/{name}", "database_role": role}
    template = "postgresql://x:{value}@127.0.0.1:5432/app"
    app = {
        "name": "paintbox-web",
        "hostname": "paintbox-web.fly.dev",
        **{name: {} for name in ("addresses", "egress", "certificates", "groups")},
        "volumes": [],
        "secrets": {
            "DATABASE_URL": {"secret": "paintbox/database-app", "regions": [HOME], "template": template},
            "JWT_SECRET": {"secret": "paintbox/jwt", "regions": [HOME], "template": None},
            **secrets,
        },
    }
    fly = {"organization": "o", "regions": {}, "apps": {"web": app}}
    return a_contract(secrets=document["secrets"], fly=fly)
