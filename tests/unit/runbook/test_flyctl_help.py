"""The command tree is read from flyctl's help as flyctl prints it."""

from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError
from tools.flyctl_help import children, entry, flags_of, section, shows
from tools.flyctl_tree import Flyctl, tree, version_of

GROUP = """Backup commands

Usage:
  flyctl postgres backup [command]

Aliases:
  backup, backups

Available Commands:
  create      Create a backup
  list        List backups

Flags:
  -h, --help   help for backup

Global Flags:
      --verbose               Verbose output
"""
COMMAND = """List all the releases of the application onto the Fly platform, including type,
when, success/fail and which user triggered the release.

Usage:
  flyctl releases [flags]

Flags:
  -a, --app string      Application name
      --depot string[="true"]            Deploy using depot to build the
                                         image (default "auto")
  -y, --yes             Accept all confirmations (also
                        --auto-confirm)
"""
PROGRAM = f"""#!/bin/sh
case "$*" in
version) echo "flyctl VERSION linux/amd64";;
--help) cat <<'END'
Usage:
  flyctl [command]

Databases
  postgres     Unmanaged Postgres cluster commands

Flags:
  -h, --help   help for flyctl
END
;;
"postgres --help") cat <<'END'
Usage:
  flyctl postgres [command]

Available Commands:
  backup      Backup commands

END
;;
"postgres backup --help") cat <<'END'
{GROUP}
END
;;
"suspend --help") echo 'Command "suspend" is deprecated, use scale count instead';;
*) echo "Error: unknown command" >&2;;
esac
"""


def test_a_group_names_its_commands_and_aliases() -> None:
    assert list(children(GROUP)) == ["create", "list"]
    assert entry(GROUP, ["create"], hidden=False) == {
        "flags": {"help": "", "h": ""},
        "aliases": ["backups"],
        "group": True,
    }


def test_a_command_without_words_after_it_takes_no_arguments() -> None:
    assert entry(COMMAND, [], hidden=False)["takes_arguments"] is False


def test_every_spelling_of_a_flag_is_known_and_whether_it_takes_a_value() -> None:
    assert flags_of(section(COMMAND, "Flags")) == {
        "app": "string",
        "a": "string",
        "depot": "",
        "yes": "",
        "auto-confirm": "",
        "y": "",
    }


def test_the_help_of_a_group_is_not_taken_for_the_help_of_what_it_lacks() -> None:
    assert shows(GROUP, "postgres backup")
    assert not shows(GROUP, "postgres backup undo")


def flyctl_in(directory: Path, version: str) -> Flyctl:
    program = directory / "flyctl"
    program.write_text(PROGRAM.replace("VERSION", version))
    program.chmod(0o755)
    return Flyctl(program, directory)


def test_the_walk_finds_what_is_listed_and_what_is_hidden(tmp_path: Path) -> None:
    flyctl = flyctl_in(tmp_path, "v2026.8.1")
    commands = tree(flyctl)["commands"]
    assert sorted(commands) == ["postgres", "postgres backup", "suspend"]
    assert commands["suspend"] == {"flags": {}, "deprecated": "use scale count instead", "hidden": True}
    assert version_of(flyctl, None) == "v2026.8.1"


def test_a_development_build_needs_its_release_said(tmp_path: Path) -> None:
    flyctl = flyctl_in(tmp_path, "v2026.11.22-dev.17953")
    with pytest.raises(ConfigError, match="development build"):
        version_of(flyctl, None)
    assert version_of(flyctl, "v2026.8") == "v2026.8"
