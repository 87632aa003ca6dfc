"""Puts the sandbox together: one WSGI application with every vendor under its own prefix."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from sandbox.clock import Clock
from sandbox.context import Context
from sandbox.control import add_control
from sandbox.credentials import MINI_APPS, alipay_keys, for_product, wechat_push_key, write_file
from sandbox.faces import Faces
from sandbox.faults import Faults
from sandbox.pages import add_pages, guard
from sandbox.phones import Phones
from sandbox.receipts import Receipts
from sandbox.sms import Outbox
from sandbox.store import Store
from sandbox.vendors import (
    alipay,
    aliyun_sms,
    ca,
    ca_keys,
    oidc,
    registry,
    tencent,
    tencent_bank,
    tencent_eid,
    tencent_phone,
    tencent_sms,
    tsa,
    wechat,
    wechat_face,
    wechat_messages,
    wechat_mini,
)
from sandbox.wire import RequestLog, VendorOf, Wire
from sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_TENCENT_ACTIONS = {
    ("sms", "2021-01-11", "SendSms"): tencent_sms.send_sms,
    ("faceid", "2018-03-01", "PhoneVerification"): tencent_phone.phone_verification,
    ("faceid", "2018-03-01", "BankCard4EVerification"): tencent_bank.bank_card_verification,
    ("faceid", "2018-03-01", "GetEidToken"): tencent_eid.get_eid_token,
    ("faceid", "2018-03-01", "CheckEidTokenStatus"): tencent_eid.check_eid_token_status,
    ("faceid", "2018-03-01", "GetEidResult"): tencent_eid.get_eid_result,
}
# Calls with an access token, by path.
_WECHAT_CALLS: dict[str, wechat.Call] = {
    "/cityservice/face/identify/getverifyid": wechat_face.get_verify_id,
    "/cityservice/face/identify/queryverifyinfo": wechat_face.query_verify_info,
    "/wxa/business/getuserphonenumber": wechat_mini.get_phone_number,
    "/wxa/generate_urllink": wechat_mini.generate_urllink,
    "/wxa/generatescheme": wechat_mini.generate_scheme,
    "/cgi-bin/message/subscribe/send": wechat_messages.send_subscribe,
    "/cgi-bin/message/wxopen/employeerelationmsg/send": wechat_messages.send_employee,
}


def create_app(*, base_url: str, data: Path, callback_base: str | None, link_base: str) -> "WSGIApplication":
    """`data`: an existing directory for state and `credentials.json`. `callback_base`: where receipts go, if anywhere.

    `link_base`: the domain inside the approved SMS texts, which is also where the pages link to.
    """
    context = _context(base_url, data, callback_base, link_base)
    authorities = ca_keys.load(context)
    root_pem = authorities["root"].pem
    push_key = wechat_push_key(context.store)
    credentials = for_product(base_url, context.alipay_keys, push_key, ca_root_pem=root_pem, tsa_root_pem=root_pem)
    write_file(data / "credentials.json", credentials)

    main = Flask("sandbox")
    main.secret_key = context.store.secret("pages.session", secrets.token_hex)
    guard(main)
    add_pages(main, context, link_base)
    add_control(main, context, credentials)

    def wired(app: Flask, vendor: str | VendorOf) -> Wire:
        vendor_of = (lambda request: vendor) if isinstance(vendor, str) else vendor
        return Wire(app, vendor_of, context.faults, context.log)

    return DispatcherMiddleware(
        main,
        {
            "/aliyun-sms": wired(aliyun_sms.create_app(context), aliyun_sms.VENDOR),
            "/tencent": wired(tencent.create_app(context, _TENCENT_ACTIONS), tencent.vendor_of),
            "/alipay": wired(alipay.create_app(context), alipay.vendor_of),
            "/wechat": wired(_wechat(context), wechat.VENDOR),
            "/oidc": wired(oidc.create_app(context), oidc.vendor_of),
            "/registry": wired(registry.create_app(context), registry.VENDOR),
            "/ca": wired(ca.create_app(context, authorities), ca.vendor_of),
            "/tsa": wired(tsa.create_app(context, authorities), tsa.VENDOR),
        },
    )


def _wechat(context: Context) -> Flask:
    app = wechat.create_app(context, _WECHAT_CALLS)
    wechat_mini.add_login(app, context)
    return app


def _context(base_url: str, data: Path, callback_base: str | None, link_base: str) -> Context:
    clock, store = Clock(), Store(data / "sandbox.sqlite3")
    world = World(store)
    return Context(
        base_url=base_url,
        clock=clock,
        store=store,
        world=world,
        faces=Faces(store, clock, world),
        phones=Phones(store, clock, world, MINI_APPS),
        outbox=Outbox(store, clock, link_base),
        receipts=Receipts(callback_base),
        faults=Faults(),
        log=RequestLog(clock),
        alipay_keys=alipay_keys(store),
    )
