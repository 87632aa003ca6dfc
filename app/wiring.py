"""Builds the adapters that the settings name, and gives this process its database, keys and queue."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import redis
from huey import Huey

from app.accounts.login_cleanup import Retention, set_retention
from app.accounts.sms_limits import PhoneLimits, SmsLimits, set_sms_limits
from app.adapters.alipay_face import AlipayFace
from app.adapters.aliyun_sms import AliyunSms
from app.adapters.esign_registry import EsignRegistry
from app.adapters.est_ca import EstCertificateAuthority
from app.adapters.local_blobs import LocalBlobStore
from app.adapters.platforms import event_sources, identity_providers, mini_programs
from app.adapters.rfc3161 import HttpTimestamper
from app.adapters.s3_blobs import S3BlobStore
from app.adapters.software_keys import SoftwareKeyStore
from app.adapters.tencent_bank import TencentBank
from app.adapters.tencent_carrier import TencentCarrier
from app.adapters.tencent_eid import TencentEid
from app.adapters.tencent_sms import TencentSms, TencentTemplate
from app.adapters.wechat import WeChatClient
from app.adapters.wechat_face import WeChatFace
from app.contracts.service.responding import set_reading_time
from app.core import crypto, db
from app.identity.face_login import set_face_logins_per_day
from app.identity.ports import FaceVerifier
from app.jobs.carrier import QueueCarrier, open_queue
from app.jobs.service import set_carrier
from app.notifications.ports import SmsSender
from app.providers import Providers
from app.settings import Settings
from app.signing.ports import KeyAlgorithm
from app.signing.sealing import SealingPorts
from app.storage.ports import BlobStore

# What fills {1}, {2}, … of the texts approved at Tencent; Aliyun names its parameters.
TEMPLATE_PARAMETERS = {
    "SMS_LOGIN": ("code",),
    "SMS_VERIFY": ("code",),
    "SMS_SIGN_CODE": ("code", "title"),
    "SMS_CONTRACT_LINK": ("organisation", "title", "link"),
    "SMS_CONTRACT_DONE": ("organisation", "title", "link"),
    "SMS_CONTRACT_WITHDRAWN": ("organisation", "title"),
    "SMS_CONTRACT_COPY": ("organisation", "title", "link"),
    "SMS_CONTRACT_URGE": ("organisation", "title", "link"),
    "SMS_CONTRACT_EXPIRED": ("organisation", "title"),
    "SMS_AUTHORISATION_LINK": ("organisation", "link"),
    "SMS_AUTHORISATION_DONE": ("organisation",),
    "SMS_PASSWORD": ("code",),
    "SMS_SECURITY_KEY": ("code",),
    "SMS_PHONE": ("code",),
    "SMS_PHONE_CHANGED": (),
    "SMS_REVIEW": ("result",),
    "SMS_DOWNLOAD": ("code", "title"),
    "SMS_ONBOARDING_LINK": ("organisation", "link"),
    "SMS_ONBOARDING_RESULT": ("organisation", "result", "link"),
    "SMS_ONBOARDING_ENDED": ("organisation", "result"),
    "SMS_CERTIFICATE": ("code",),
    "SMS_OPEN": ("code", "title"),
}


def configure_core(settings: Settings) -> None:
    """Database, encryption keys, limits and reading time: all that commands need."""
    crypto.configure(settings.keyring())
    set_reading_time(settings.reading_seconds_per_page)
    set_face_logins_per_day(settings.face_logins_per_day)
    set_retention(
        Retention(codes=timedelta(days=settings.keep_codes_days), sessions=timedelta(days=settings.keep_sessions_days))
    )
    set_sms_limits(
        SmsLimits(
            interval=settings.sms_interval_seconds,
            public=PhoneLimits(per_hour=settings.sms_per_phone_hour, per_day=settings.sms_per_phone_day),
            own=PhoneLimits(per_hour=settings.sms_own_per_hour, per_day=settings.sms_own_per_day),
            per_ip_hour=settings.sms_per_ip_hour,
            per_day=settings.sms_per_day,
        )
    )
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.configure(settings.database_url)


def connect_queue(settings: Settings, run: Callable[[uuid.UUID], object] | None = None) -> QueueCarrier:
    """The carrier of this process; a runner also says how to `run` a job."""
    carrier = QueueCarrier(_queue(settings), run)
    set_carrier(carrier.send)
    return carrier


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        # A slow Redis costs one second, never a retry: the sweep brings what was not carried (T-32).
        pool = redis.ConnectionPool.from_url(
            settings.redis_url, socket_timeout=2, socket_connect_timeout=1, retry=None, retry_on_timeout=False
        )
        return open_queue(sqlite_path=None, redis_pool=pool)
    settings.data_path.mkdir(parents=True, exist_ok=True)
    return open_queue(sqlite_path=str(settings.data_path / "queue.db"))


def build_providers(settings: Settings) -> Providers:
    """Every port with its vendor. Raises ConfigurationError naming the variables that are missing."""
    settings.require(
        "registry_url", "registry_app_id", "registry_app_secret",
        "tencent_secret_id", "tencent_secret_key", "est_url", "est_username", "est_password", "tsa_url",
    )  # fmt: skip
    mini, messengers = mini_programs(settings)
    return Providers(
        sms=_sms(settings),
        carrier=TencentCarrier(settings.tencent_carrier_url, settings.tencent_secret_id, settings.tencent_secret_key),
        faces={name: _FACES[name](settings) for name in settings.face_providers},
        bank=TencentBank(settings.tencent_carrier_url, settings.tencent_secret_id, settings.tencent_secret_key),
        registry=EsignRegistry(settings.registry_url, settings.registry_app_id, settings.registry_app_secret),
        blobs=_blobs(settings),
        authority=EstCertificateAuthority(
            settings.est_url, settings.est_username, settings.est_password, settings.pem("ca_root")
        ),
        key_store=SoftwareKeyStore(),
        timestamper=HttpTimestamper(settings.tsa_url, settings.pem("tsa_root")),
        public_url=settings.public_url,
        key_algorithm=KeyAlgorithm(settings.key_algorithm),
        mini=mini,
        messengers=messengers,
        identity_providers=identity_providers(settings),
        event_sources=event_sources(settings),
    )  # fmt: skip


def sealing_ports(providers: Providers) -> SealingPorts:
    """The part of the outside world that sealing and verifying need."""
    return SealingPorts(
        blobs=providers.blobs, authority=providers.authority, key_store=providers.key_store,
        timestamper=providers.timestamper, key_algorithm=providers.key_algorithm,
    )  # fmt: skip


def _alipay_face(settings: Settings) -> FaceVerifier:
    settings.require("alipay_app_id")
    return AlipayFace(
        settings.alipay_gateway_url, settings.alipay_app_id,
        settings.pem("alipay_app_private_key"), settings.pem("alipay_public_key"),
        product=settings.alipay_face_product,
    )  # fmt: skip


def _tencent_face(settings: Settings) -> FaceVerifier:
    settings.require("tencent_eid_merchant_id")
    return TencentEid(
        settings.tencent_carrier_url, settings.tencent_secret_id, settings.tencent_secret_key,
        settings.tencent_eid_merchant_id,
    )  # fmt: skip


def _wechat_face(settings: Settings) -> FaceVerifier:
    return WeChatFace(_wechat(settings))


_FACES: Mapping[str, Callable[[Settings], FaceVerifier]] = {
    "alipay": _alipay_face,
    "tencent": _tencent_face,
    "wechat": _wechat_face,
}


def _wechat(settings: Settings) -> WeChatClient:
    settings.require("wechat_app_id", "wechat_app_secret")
    return WeChatClient(settings.wechat_url, settings.wechat_app_id, settings.wechat_app_secret)


def _sms(settings: Settings) -> SmsSender:
    settings.require("sms_sign_name", "sms_templates")
    ids = settings.sms_template_ids()
    if settings.sms_vendor == "tencent":
        settings.require("tencent_sms_app_id")
        templates = {name: TencentTemplate(ids[name], TEMPLATE_PARAMETERS[name]) for name in ids}
        return TencentSms(
            settings.tencent_sms_url, settings.tencent_secret_id, settings.tencent_secret_key,
            settings.tencent_sms_app_id, settings.sms_sign_name, templates,
        )  # fmt: skip
    settings.require("aliyun_access_key_id", "aliyun_access_key_secret")
    return AliyunSms(
        settings.aliyun_sms_url, settings.aliyun_access_key_id, settings.aliyun_access_key_secret,
        settings.sms_sign_name, ids,
    )  # fmt: skip


def _blobs(settings: Settings) -> BlobStore:
    if not settings.s3_bucket:
        return LocalBlobStore(settings.data_path / "files")
    settings.require("s3_access_key_id", "s3_secret_access_key")
    return S3BlobStore(
        settings.s3_bucket,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
        endpoint_url=settings.s3_endpoint_url or None,
        region=settings.s3_region or "us-east-1",
    )
