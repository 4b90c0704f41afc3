"""`lifeboat up`: an environment, whole, on this machine."""

from __future__ import annotations

from dataclasses import asdict

import click

from lifeboat.core.contract import parse_contract
from lifeboat.core.errors import LifeboatError
from lifeboat.core.identity import LOCAL, environment_of
from localcloud.commands.answer import answer, json_option
from localcloud.commands.narrator import Narrator
from localcloud.commands.session import Session, stack_session
from localcloud.commands.setting import Setting, setting_of
from localcloud.stack.access import aws_endpoint, fly_endpoint
from localcloud.stack.addresses import AppAddress, require_answers, serving_apps
from localcloud.stack.checkpoint import glance_at
from localcloud.stack.home import LocalHome
from localcloud.stack.notes import StackNote, read_note, write_note
from localcloud.stack.provision import Provisioned, provision
from localcloud.supervisor.admin import AdminApi


@click.command()
@click.argument("environment", default=LOCAL)
@json_option
@click.pass_context
def up(context: click.Context, environment: str, as_json: bool) -> None:
    """Bring an environment up on the local cloud.

    ENVIRONMENT is one of environments/Pulumi.<environment>.yaml; without it, local. The first time this
    finds or builds the Pulumi engine, which may take minutes. Doing it again changes only what differs.
    """
    setting = setting_of(context)
    narrator = Narrator()
    with stack_session(setting, environment, "up", narrator) as session:
        done, warnings = _bring_up(setting, session, narrator)
        apps = _doors(setting, session, narrator)
    home, stack = setting.home, session.engine.stack
    data = {
        "stack": stack,
        "environment": environment_of(stack),
        "endpoint": aws_endpoint(home),
        "fly_endpoint": fly_endpoint(home),
        "apps": {app.app: app.url for app in apps},
        "cloud_started": session.cloud.started,
        **asdict(done),
    }
    answer("up", data, _lines(stack, home, done, apps), as_json=as_json, warnings=warnings)


def _bring_up(setting: Setting, session: Session, narrator: Narrator) -> tuple[Provisioned, list[str]]:
    engine, home = session.engine, session.home
    refresh = _may_have_lost(session)
    if refresh:
        narrator.say("the local cloud may hold less than the state says: looking at every object first")
    else:
        _note(session)
    home.created(engine.stack).unlink(missing_ok=True)
    with narrator.during(f"provisioning stack {engine.stack}"):
        done = provision(engine, refresh=refresh, say=narrator.step, clock=setting.clock)
    # A program that publishes no contract has no secrets of ours.
    if glance_at(home.checkpoint(engine.stack)).contract is not None:
        with narrator.during("looking after generated secrets"):
            made = setting.complete(engine)
        for line in made:
            narrator.say(line)
        if made:
            with narrator.during("handing the new values to the apps"):
                done = done.then(provision(engine, refresh=False, say=narrator.step, clock=setting.clock))
    warnings = [*_save(aws_endpoint(home)), *_save(fly_endpoint(home))]
    _note(session)
    return done, warnings


def _doors(setting: Setting, session: Session, narrator: Narrator) -> tuple[AppAddress, ...]:
    """Return the apps that serve, after each has answered from outside."""
    document = glance_at(session.home.checkpoint(session.engine.stack)).contract
    if document is None:
        return ()
    contract = parse_contract(document, source="checkpoint")
    apps = serving_apps(contract, AdminApi(fly_endpoint(session.home)))
    with narrator.during("asking every app for its health"):
        require_answers(apps, setting.clock)
    return apps


def _may_have_lost(session: Session) -> bool:
    """Tell whether the cloud is another than the one this stack's state was written from."""
    stack, home = session.engine.stack, session.home
    if session.refreshed or not glance_at(home.checkpoint(stack)).resources:
        return False
    return read_note(stack, home).generation != session.cloud.record.generation


def _note(session: Session) -> None:
    note = StackNote(generation=session.cloud.record.generation, engine=str(session.engine.directory))
    write_note(session.engine.stack, session.home, note)


def _save(endpoint: str) -> list[str]:
    try:
        AdminApi(endpoint).post("save")
    except LifeboatError as error:
        # What was asked for is done; the cloud saves by itself as well, and says so when it cannot.
        return [f"the local cloud could not save its state at once: {error.message}"]
    return []


def _lines(stack: str, home: LocalHome, done: Provisioned, apps: tuple[AppAddress, ...]) -> tuple[str, ...]:
    changed = [
        f"{number} {what}"
        for what, number in (
            ("created", done.created),
            ("updated", done.updated),
            ("replaced", done.replaced),
            ("deleted", done.deleted),
            ("unchanged", done.unchanged),
        )
        if number
    ]
    option = "" if stack == LOCAL else f" --stack {stack}"
    return (
        f"stack {stack}: {', '.join(changed) or 'nothing to do'} in {done.seconds:.0f} s",
        f"local cloud: aws {aws_endpoint(home)}, fly {fly_endpoint(home)}",
        *(f"app {app.app}: {app.url}  (answers {app.check_path})" for app in apps),
        "next:",
        f"  lifeboat outputs{option}",
        f'  eval "$(lifeboat env {stack})"   and plain `pulumi preview` works in this shell',
        "  lifeboat status",
        "  lifeboat down",
    )
