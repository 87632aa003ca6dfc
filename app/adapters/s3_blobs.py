"""Blobs in an S3-compatible object store, for production (T-34). Path-style addresses, Signature V4."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from app.adapters.breaker import CircuitBreaker
from app.adapters.transport import safe_code
from app.core.errors import ProviderError

PROVIDER = "s3_blobs"
PAGE = 1000  # keys in one answer, which is also the most that S3 gives
_MISSING = ("NoSuchKey", "404", "NotFound")
_EXISTS = ("PreconditionFailed", "412")
_FULL = ("XMinioStorageFull", "QuotaExceeded", "InsufficientCapacity", "507")


class S3BlobStore:
    """BlobStore. `bucket` must exist; `endpoint_url` None means AWS itself."""

    def __init__(
        self,
        bucket: str,
        *,
        access_key_id: str,
        secret_access_key: str,
        endpoint_url: str | None = None,
        region: str = "us-east-1",
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._bucket = bucket
        self._breaker = breaker or CircuitBreaker(PROVIDER)
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=region,
            aws_access_key_id=access_key_id,
            aws_secret_access_key=secret_access_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 2, "mode": "standard"},
                proxies={},
                # Only the SHA-256 that we ask for: some stores refuse the library's default trailers.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, data: bytes) -> None:
        """See `BlobStore.put`. What arrived is compared by SHA-256 before this returns.

        Storing an existing key again makes it young, so that the orphan sweep spares what is in use once
        more.
        """
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        try:
            self._call("put_object", Key=key, Body=data, ChecksumSHA256=digest, IfNoneMatch="*")
        except _Exists:
            self._make_young(key)
            return
        if self._stored_digest(key) != digest:
            raise ProviderError(PROVIDER, "stored_bytes_differ")

    def get(self, key: str) -> bytes:
        return bytes(self._call("get_object", Key=key)["Body"])

    def delete(self, key: str) -> None:
        self._call("delete_object", Key=key)

    def list_before(self, moment: datetime) -> Iterator[str]:
        token: dict[str, Any] = {}
        while True:
            page = self._call("list_objects_v2", MaxKeys=PAGE, **token)
            yield from (entry["Key"] for entry in page.get("Contents", ()) if entry["LastModified"] < moment)
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def free_ratio(self) -> float:
        return 1.0

    def _stored_digest(self, key: str) -> str:
        """The store's own checksum where it keeps one; otherwise that of the bytes read back."""
        head = self._call("head_object", Key=key, ChecksumMode="ENABLED")
        return str(head.get("ChecksumSHA256") or base64.b64encode(hashlib.sha256(self.get(key)).digest()).decode())

    def _make_young(self, key: str) -> None:
        source = {"Bucket": self._bucket, "Key": key}
        self._call("copy_object", Key=key, CopySource=source, MetadataDirective="REPLACE")

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """One operation on the bucket, its body read. Raises KeyError, _Exists, ProviderError."""
        self._breaker.check()
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(Bucket=self._bucket, **arguments)
            if "Body" in answer:
                answer["Body"] = answer["Body"].read()
        except ClientError as error:
            failure = self._refusal(error, arguments.get("Key", ""))
        except (BotoCoreError, OSError) as error:
            failure = ProviderError(PROVIDER, _failure_code(error))
        else:
            self._breaker.succeeded()
            return answer
        self._count(failure)
        raise failure

    def _refusal(self, error: ClientError, key: str) -> Exception:
        code = safe_code(error.response.get("Error", {}).get("Code"))
        if code in _MISSING:
            return KeyError(key)
        if code in _EXISTS:
            return _Exists()
        return ProviderError(PROVIDER, "storage_full" if code in _FULL else "storage_failed", code)

    def _count(self, failure: Exception) -> None:
        if isinstance(failure, ProviderError):
            self._breaker.failed()
        else:
            self._breaker.succeeded()


class _Exists(Exception):
    """The key is taken: written once, left as it is."""


def _failure_code(error: Exception) -> str:
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError):
        return "unreachable"
    return "timeout" if isinstance(error, ReadTimeoutError) else "connection_lost"
