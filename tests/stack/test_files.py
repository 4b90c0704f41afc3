"""The files of a local stack: written when missing, put right when wrong, refused when dangerous."""

import hashlib
import os
import subprocess
import sys
from base64 import b64decode
from importlib.metadata import version
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lifeboat.core.errors import ConfigError
from localcloud.stack.environment_data import home_region
from localcloud.stack.home import LocalHome
from localcloud.stack.names import environments, local_stack, require_local
from localcloud.stack.passphrase import PUBLIC_WORD, ensure_passphrase
from localcloud.stack.plugin import install_plugin
from localcloud.stack.prepare import prepare_files
from localcloud.stack.settings import ensure_settings, shared_salt, with_salt
from tests.stack.conftest import LOCAL_YAML, ROOT, SALT


def give_stack(home: LocalHome) -> None:
    home.checkpoint("local").parent.mkdir(parents=True)
    home.checkpoint("local").write_text("{}")


def test_the_committed_salt_fits_the_public_word() -> None:
    # As the engine does it: PBKDF2 with 1,000,000 rounds, AES-256-GCM over the word "pulumi".
    _, salt, _, nonce, text = shared_salt(LocalHome(ROOT)).split(":")
    key = hashlib.pbkdf2_hmac("sha256", PUBLIC_WORD.encode(), b64decode(salt), 1_000_000, 32)
    assert AESGCM(key).decrypt(b64decode(nonce), b64decode(text), None) == b"pulumi"


def test_the_passphrase_is_written_for_its_owner_only(home: LocalHome) -> None:
    ensure_passphrase(home)
    assert home.passphrase.read_text() == PUBLIC_WORD
    assert home.passphrase.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("held", "what"), [(None, "is missing"), ("other", "holds another passphrase")])
def test_a_passphrase_that_does_not_fit_is_refused_while_stacks_exist(
    home: LocalHome, held: str | None, what: str
) -> None:
    give_stack(home)
    if held is not None:
        home.passphrase.write_text(held)
    with pytest.raises(ConfigError, match=what) as refused:
        ensure_passphrase(home)
    assert PUBLIC_WORD in refused.value.hint
    assert home.passphrase.exists() == (held is not None), "nothing was written over it"


def test_a_wrong_passphrase_without_stacks_is_replaced(home: LocalHome) -> None:
    home.runtime.mkdir()
    home.passphrase.write_text("other")
    ensure_passphrase(home)
    assert home.passphrase.read_text() == PUBLIC_WORD


def test_an_environments_local_stack_gets_the_committed_salt_and_nothing_else(home: LocalHome) -> None:
    ensure_settings("local-production", home)
    assert home.settings("local-production").read_text() == f"encryptionsalt: {SALT}\n"


def test_committed_settings_are_never_written(home: LocalHome) -> None:
    ensure_settings("local", home)
    assert home.shared_settings.read_text() == LOCAL_YAML


def test_a_missing_salt_is_refused_with_the_way_to_get_it_back(home: LocalHome) -> None:
    home.shared_settings.write_text("config: {}\n")
    with pytest.raises(ConfigError, match="encryptionsalt: missing") as refused:
        ensure_settings("local-production", home)
    assert "git checkout -- environments/Pulumi.local.yaml" in refused.value.hint


def test_a_wrong_salt_is_put_right_and_the_rest_kept() -> None:
    assert (
        with_salt("encryptionsalt: old\nconfig: {a: 1}\n", "new") == "encryptionsalt: new\nconfig: {a: 1}\n"
    )


def test_an_environment_is_named_with_or_without_its_stack(home: LocalHome) -> None:
    home.settings("local-production").write_text("")
    assert environments(home) == ("local", "production")
    assert [local_stack(name, home) for name in ("local", "production", "local-production")] == [
        "local",
        "local-production",
        "local-production",
    ]


def test_an_unknown_environment_is_refused_with_the_known_ones(home: LocalHome) -> None:
    with pytest.raises(ConfigError, match="unknown environment 'nope'") as refused:
        local_stack("nope", home)
    assert refused.value.hint == "known are: local, production"


def test_a_real_stack_is_refused(home: LocalHome) -> None:
    with pytest.raises(ConfigError, match="'production' is not a local one") as refused:
        require_local("production", home)
    assert "'local-production'" in refused.value.hint


def test_the_home_region_is_read_from_the_environments_data(home: LocalHome) -> None:
    assert home_region("local", home) == "us-west-1"
    assert home_region("local-production", home) is None
    home.settings("production").write_text("config: [unclosed")
    assert home_region("local-production", home) is None


def test_the_plugin_lies_where_the_engine_looks_and_runs_this_checkouts_code(home: LocalHome) -> None:
    package = home.project / "localcloud" / "provider_aws"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("import sys\nprint(sys.argv[1:], __file__)\n")
    shadow = home.project / "infra" / "localcloud"
    shadow.mkdir()
    (shadow / "__init__.py").write_text("raise SystemExit('the program shadows the plugin')\n")
    program = install_plugin(home)
    assert program.parent.name == f"resource-aws-v{version('pulumi-aws')}"
    said = subprocess.run(
        [str(program), "127.0.0.1:1", "an argument"],
        cwd=home.project / "infra",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == f"['127.0.0.1:1', 'an argument'] {package / '__main__.py'}\n"


def test_wrong_launchers_of_any_version_are_put_right(home: LocalHome) -> None:
    program = install_plugin(home)
    right = program.read_text()
    older = program.parent.with_name("resource-aws-v7.0.0") / program.name
    older.parent.mkdir()
    older.write_text("#!/bin/sh\nexec /gone/python\n")
    program.chmod(0o644)
    install_plugin(home)
    assert [older.read_text(), program.read_text()] == [right, right]
    assert os.access(program, os.X_OK)
    assert os.access(older, os.X_OK)
    assert sys.executable in right


def test_preparing_twice_changes_nothing(home: LocalHome) -> None:
    def files() -> dict[Path, tuple[int, bytes]]:
        found = (path for path in home.project.rglob("*") if path.is_file())
        return {path: (path.stat().st_ino, path.read_bytes()) for path in found}

    prepare_files("local-production", home)
    first = files()
    prepare_files("local-production", home)
    assert files() == first
