"""Secret keys: they really sign, verify, encrypt and decrypt, and never show their private part."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.api import secret_keys
from localcloud.fly.secret_keys.xaes import open_sealed, seal
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.bare import Bare

_TEXT = list(b"to be kept")


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path, secret_keys.ROUTES)


def _generate(bare: Bare, type_name: str) -> dict[str, Any]:
    answer = bare.answer("Secretkey_generate", {"type": type_name}, secret_name="K")
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body


def _refusal(bare: Bare, operation: str, body: Any = None) -> int:
    with pytest.raises(WireError) as caught:
        bare.call(operation, body, secret_name="K")
    return caught.value.status


@pytest.mark.parametrize("type_name", ["hs256", "hs384", "hs512", "es256"])
def test_a_signature_is_verified_and_any_other_refused(bare: Bare, type_name: str) -> None:
    _generate(bare, type_name)
    signature = bare.call("Secretkey_sign", {"plaintext": _TEXT}, secret_name="K")["signature"]
    good = {"plaintext": _TEXT, "signature": signature}
    assert bare.answer("Secretkey_verify", good, secret_name="K").status == 204
    assert _refusal(bare, "Secretkey_verify", {**good, "plaintext": [*_TEXT, 1]}) == 400
    assert _refusal(bare, "Secretkey_verify", {**good, "signature": signature[:-1]}) == 400
    assert _refusal(bare, "Secretkey_encrypt", {"plaintext": _TEXT}) == 400


def test_what_was_encrypted_is_decrypted_only_as_it_was(bare: Bare) -> None:
    _generate(bare, "xaes256gcm")
    order = {"plaintext": _TEXT, "associated_data": [1, 2]}
    sealed = bare.call("Secretkey_encrypt", order, secret_name="K")["ciphertext"]
    assert bare.call("Secretkey_encrypt", order, secret_name="K")["ciphertext"] != sealed
    good = {"ciphertext": sealed, "associated_data": [1, 2]}
    assert bare.call("Secretkey_decrypt", good, secret_name="K")["plaintext"] == _TEXT
    assert _refusal(bare, "Secretkey_decrypt", {**good, "associated_data": [1]}) == 400
    assert _refusal(bare, "Secretkey_decrypt", {**good, "ciphertext": sealed[:20]}) == 400
    assert _refusal(bare, "Secretkey_sign", {"plaintext": _TEXT}) == 400


def test_the_cipher_is_that_of_the_published_vector() -> None:
    key, nonce = b"\x01" * 32, b"ABCDEFGHIJKLMNOPQRSTUVWX"
    sealed = seal(key, nonce, b"XAES-256-GCM", b"")
    assert sealed.hex() == "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"
    assert open_sealed(key, nonce, sealed, b"") == b"XAES-256-GCM"


def test_a_given_key_signs_as_anybody_with_that_key_does_and_base64_is_read_too(bare: Bare) -> None:
    material = bytes(range(32))
    text = base64.b64encode(material).decode()
    bare.call("Secretkey_set", {"type": "hs256", "value": text}, secret_name="K")
    signature = bare.call("Secretkey_sign", {"plaintext": _TEXT}, secret_name="K")["signature"]
    assert bytes(signature) == hmac.new(material, bytes(_TEXT), hashlib.sha256).digest()


def test_keys_show_their_public_part_only_and_count_as_secrets_do(bare: Bare) -> None:
    made = _generate(bare, "es256")
    assert (made["version"], made["Version"], len(made["public_key"])) == (1, 1, 65)
    bare.call("Secretkey_generate", {"type": "hs256"}, secret_name="H")
    listed = bare.call("Secretkeys_list")["secret_keys"]
    assert [(key["name"], "public_key" in key) for key in listed] == [("H", False), ("K", True)]
    assert [key["name"] for key in bare.call("Secretkeys_list", query="types=es256")["secret_keys"]] == ["K"]
    assert bare.call("Secretkey_delete", secret_name="K")["version"] == 3
    assert _refusal(bare, "Secretkey_get") == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"type": "hs256", "value": [1]}, 400),
        ({"type": "es256", "value": [0] * 32}, 400),
        ({"type": "xaes256gcm", "value": [1] * 16}, 400),
        ({"type": "hs256", "value": [256] * 32}, 400),
        ({"type": "hs256", "value": "%%%"}, 400),
        ({"type": "rot13", "value": [1]}, 400),
        ({"type": "nacl_box", "value": [1]}, 501),
    ],
    ids=str,
)
def test_a_key_that_cannot_be_one_is_refused(bare: Bare, body: dict[str, Any], status: int) -> None:
    assert _refusal(bare, "Secretkey_set", body) == status
    assert bare.app.secret_keys == {}
