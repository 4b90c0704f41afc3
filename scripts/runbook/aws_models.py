"""Resolves an AWS CLI command line against the service models of botocore, which the CLI is built from.

What the CLI adds by hand to the models is in `_BY_HAND`. Options are compared only where the CLI adds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from botocore import xform_name
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

PROGRAM = "aws"
_RENAMED = {"s3api": "s3", "deploy": "codedeploy", "configservice": "config"}
_BY_HAND: dict[str, frozenset[str]] = {
    "s3": frozenset({"ls", "cp", "mv", "rm", "sync", "mb", "rb", "presign", "website"}),
    "configure": frozenset({"list", "get", "set", "import", "sso", "list-profiles", "sso-session"}),
    "configservice": frozenset({"subscribe", "get-status"}),
    "rds": frozenset(
        {"generate-db-auth-token", "add-option-to-option-group", "remove-option-from-option-group"}
    ),
    "ecr": frozenset({"get-login", "get-login-password"}),
    "ecr-public": frozenset({"get-login-password"}),
    "eks": frozenset({"update-kubeconfig", "get-token"}),
    "ecs": frozenset({"deploy", "monitor-express-gateway-service"}),
    "cloudformation": frozenset({"package", "deploy"}),
    "cloudtrail": frozenset({"validate-logs"}),
    "cloudfront": frozenset({"sign"}),
    "codecommit": frozenset({"credential-helper"}),
    "codeartifact": frozenset({"login"}),
    "deploy": frozenset({"push", "register", "deregister", "install", "uninstall"}),
    "dlm": frozenset({"create-default-role"}),
    "logs": frozenset({"tail", "start-live-tail"}),
    "sso": frozenset({"login", "logout"}),
    "ssm": frozenset({"start-session"}),
    "history": frozenset({"list", "show"}),
    "gamelift": frozenset({"upload-build", "get-game-session-log"}),
    "servicecatalog": frozenset({"generate"}),
}
_NOT_COMPARED = frozenset(
    {"configure", "sso", "history", "help", "login", "logout", "ddb", "emr", "opsworks"}
)
_OPTIONS_COMPARED = frozenset(
    {"rds", "secretsmanager", "s3api", "kms", "sns", "sqs", "events", "sts", "backup", "iam"}
)
_GLOBAL = frozenset(
    (
        *("region", "profile", "output", "query", "endpoint-url", "debug", "no-cli-pager", "ca-bundle"),
        *("no-verify-ssl", "no-sign-request", "no-paginate", "color", "cli-read-timeout", "version", "help"),
        *("cli-connect-timeout", "cli-binary-format", "cli-auto-prompt", "no-cli-auto-prompt"),
        *("cli-input-json", "cli-input-yaml", "generate-cli-skeleton", "max-items", "starting-token"),
        *("page-size", "outfile", "cli-error-format", "v2-debug"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCall:
    """One AWS CLI command line, understood.

    Args:
        service: as the CLI names it.
        operation: as the CLI names it.
        stranger: the service or operation that does not exist; empty when both do.
        strange_options: options the operation does not take.
        deprecated: AWS marks the operation as deprecated.
        names: what there is where the stranger stands.
    """

    service: str
    operation: str
    stranger: str = ""
    strange_options: tuple[str, ...] = ()
    deprecated: bool = False
    names: tuple[str, ...] = ()


def resolve(words: tuple[str, ...]) -> AwsCall | None:
    """Understand the words after `aws`; None when there is nothing to understand."""
    names = _names(words)
    service, operation = (*names, "", "")[:2]
    if not operation or service in _NOT_COMPARED or operation == "help":
        return None
    by_hand = _BY_HAND.get(service, frozenset())
    if operation in by_hand:
        return AwsCall(service=service, operation=operation)
    model = None if service == "s3" else _service(_RENAMED.get(service, service))
    if model is None:
        known = tuple(by_hand) or _services()
        return AwsCall(
            service=service, operation=operation, stranger=operation if by_hand else service, names=known
        )
    operations = _operations(model)
    if operation == "wait":
        return AwsCall(service=service, operation=operation)
    if operation not in operations:
        everything = (*operations, *by_hand)
        return AwsCall(service=service, operation=operation, stranger=operation, names=everything)
    found = model.operation_model(operations[operation])
    strange = _strange_options(words, found) if service in _OPTIONS_COMPARED else ()
    return AwsCall(
        service=service,
        operation=operation,
        strange_options=strange,
        deprecated=bool(found.deprecated),
    )


def options_of(words: tuple[str, ...]) -> frozenset[str]:
    """Return the long options given, without dashes."""
    return frozenset(
        word[2:].split("=")[0] for word in words if word.startswith("--") and len(word) > len("--")
    )


def _names(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words before the first option; options may come before the service too."""
    names: list[str] = []
    value_expected = False
    for word in words:
        if word.startswith("-"):
            if names:
                break
            value_expected = "=" not in word and not word.startswith(("--no-", "--debug"))
        elif value_expected:
            value_expected = False
        else:
            names.append(word)
    return tuple(names)


@cache
def _loader() -> Loader:
    return Loader()


@cache
def _services() -> tuple[str, ...]:
    return tuple(_loader().list_available_services("service-2"))


@cache
def _service(name: str) -> ServiceModel | None:
    if name not in _services():
        return None
    try:
        return ServiceModel(_loader().load_service_model(name, "service-2"), name)
    except DataNotFoundError:
        return None


def _operations(model: ServiceModel) -> dict[str, str]:
    return {xform_name(name, "-"): name for name in model.operation_names}


def _strange_options(words: tuple[str, ...], operation: OperationModel) -> tuple[str, ...]:
    shape = operation.input_shape
    members = {xform_name(name, "-") for name in shape.members} if shape else set()
    allowed = members | {f"no-{name}" for name in members} | _GLOBAL
    return tuple(f"--{name}" for name in sorted(options_of(words)) if name not in allowed)
