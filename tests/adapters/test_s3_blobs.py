"""The object store over its real protocol, against moto's server and a peer that misbehaves."""

import logging
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.adapters import s3_blobs
from app.adapters.breaker import CircuitBreaker
from app.adapters.s3_blobs import S3BlobStore
from app.core.clock import now
from app.core.errors import ProviderError
from app.core.ids import new_id
from tests.adapters.peer import Peer, drops, says

KEY = "org-1f/ab/abcdef0123456789"
LOGIN = {"access_key_id": "key", "secret_access_key": "secret"}  # pragma: allowlist secret


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(moto_url: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=moto_url,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",  # pragma: allowlist secret
    )


@pytest.fixture
def store(moto_url: str, client: Any) -> S3BlobStore:
    bucket = f"b-{new_id()}"
    client.create_bucket(Bucket=bucket)
    return S3BlobStore(bucket, endpoint_url=moto_url, **LOGIN)


def at(url: str, **options: Any) -> S3BlobStore:
    return S3BlobStore("bucket", endpoint_url=url, **LOGIN, **options)


def test_gives_back_what_was_put(store: S3BlobStore) -> None:
    store.put(KEY, b"contract" * 50_000)
    store.put("empty", b"")
    assert store.get(KEY) == b"contract" * 50_000
    assert store.get("empty") == b""
    assert store.free_ratio() == 1.0


def test_the_first_bytes_stay(store: S3BlobStore) -> None:
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    assert store.get(KEY) == b"first"


def test_absent(store: S3BlobStore) -> None:
    with pytest.raises(KeyError):
        store.get(KEY)


def test_deleting(store: S3BlobStore) -> None:
    store.put(KEY, b"contract")
    store.delete(KEY)
    store.delete(KEY)
    with pytest.raises(KeyError):
        store.get(KEY)


def test_lists_by_age_over_many_pages(store: S3BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_blobs, "PAGE", 2)
    keys = [f"org-1/{number:04}" for number in range(5)]
    for key in keys:
        store._client.put_object(Bucket=store._bucket, Key=key, Body=b"")
    assert list(store.list_before(now() + timedelta(hours=1))) == keys
    assert list(store.list_before(now() - timedelta(hours=1))) == []


def test_a_second_put_makes_young(store: S3BlobStore, client: Any) -> None:
    store.put(KEY, b"contract")
    before = client.head_object(Bucket=store._bucket, Key=KEY)
    store.put(KEY, b"contract")
    after = client.head_object(Bucket=store._bucket, Key=KEY)
    assert after["LastModified"] >= before["LastModified"]
    assert store.get(KEY) == b"contract"


def test_a_bucket_that_is_not_there(moto_url: str) -> None:
    with pytest.raises(ProviderError) as caught:
        at(moto_url).put(KEY, b"contract")
    assert str(caught.value) == "s3_blobs: storage_failed NoSuchBucket"
    assert not caught.value.permanent


def test_requests_are_signed_conditional_and_checked(peer: Peer) -> None:
    peer.will(says("", content_type="application/xml"))
    with pytest.raises(ProviderError, match="stored_bytes_differ"):
        at(peer.url).put(KEY, b"contract")
    put = peer.received[0]
    assert (put.method, put.path) == ("PUT", f"/bucket/{KEY}")
    assert put.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
    assert put.headers["if-none-match"] == "*"
    assert put.headers["x-amz-checksum-sha256"] == b64encode(sha256(b"contract").digest()).decode()
    assert put.body == b"contract"


def test_a_store_that_lost_bytes_is_noticed(peer: Peer) -> None:
    peer.will(says(""), says("", x_amz_checksum_sha256="AAAA"))
    with pytest.raises(ProviderError, match="stored_bytes_differ"):
        at(peer.url).put(KEY, b"contract")


def error_xml(code: str) -> str:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>x</Message></Error>"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(error_xml("InternalError"), status=500), "storage_failed"),
        (says(error_xml("XMinioStorageFull"), status=507), "storage_full"),
        (says(error_xml("AccessDenied"), status=403), "storage_failed"),
        (says(error_xml("SlowDown"), status=503), "storage_failed"),
        (drops, "connection_lost"),
    ],
)
def test_failures_are_temporary_and_bounded(peer: Peer, answer: Any, code: str) -> None:
    peer.will(answer)
    with pytest.raises(ProviderError) as caught:
        at(peer.url).get(KEY)
    assert (caught.value.code, caught.value.permanent) == (code, False)
    assert caught.value.__context__ is None
    assert len(peer.received) <= 2


def test_nobody_listening() -> None:
    with pytest.raises(ProviderError, match="unreachable"):
        at("http://127.0.0.1:1").get(KEY)


def test_proxies_of_the_environment_are_ignored(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    peer.will(says(b"contract"))
    assert at(peer.url).get(KEY) == b"contract"


def test_an_absent_blob_is_no_outage_but_failures_open_the_circuit(peer: Peer) -> None:
    store = at(peer.url, breaker=CircuitBreaker("s3_blobs", threshold=2, monotonic=lambda: 0.0))
    peer.will(says(error_xml("NoSuchKey"), status=404))
    for _ in range(3):
        with pytest.raises(KeyError):
            store.get(KEY)
    peer.will(says(error_xml("AccessDenied"), status=403))
    for _ in range(2):
        with pytest.raises(ProviderError, match="storage_failed"):
            store.get(KEY)
    with pytest.raises(ProviderError, match="circuit_open"):
        store.get(KEY)
