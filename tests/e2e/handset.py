"""A worker's phone with the H5 client: what a thumb does, step by step, and what the browser complained about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Route, expect

from benchmarks.journey import Sandbox, Someone, Worker
from tests.e2e.writing import write_name
from tests.support.browser import keep_picture

_AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
COOKIE = "gongyue_worker"
# Chromium reports every refused request as an error; refusals are part of these stories.
_REFUSED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Handset:
    """`complaints`: console errors, exceptions, CSP violations, failed or foreign requests."""

    page: Page
    home: str
    sandbox: Sandbox
    who: Someone
    seen: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    network_fails: bool = False

    def __post_init__(self) -> None:
        old = (sms for sms in self.sandbox.texts(self.who.phone) if sms["template"] != "SMS_CONTRACT_LINK")
        self.seen.update(str(sms["id"]) for sms in old)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        is_expected = message.text.startswith(_REFUSED) or (self.network_fails and "net::ERR_" in message.text)
        if message.type == "error" and not is_expected:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        """Our own server only; the vendor's only when the whole window went there."""
        vendor = self.sandbox.base
        if request.url.startswith((self.home, "data:", "blob:")):
            return
        if request.url.startswith(vendor) and (request.is_navigation_request() or request.frame.url.startswith(vendor)):
            return
        self.complaints.append(f"foreign request: {request.url}")

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────

    def look(self, name: str) -> None:
        """Complain of what somebody could not read, tap or hear of this screen."""
        keep_picture(self.page, name)
        self.complaints += [f"{name}: {finding}" for finding in self.page.evaluate(_AUDIT)]

    def button(self, name: str) -> Locator:
        return self.shown(self.page.get_by_role("button", name=name))

    def link_named(self, name: str) -> Locator:
        return self.shown(self.page.get_by_role("link", name=name))

    def settled(self) -> None:
        """Nothing is being loaded any more."""
        expect(self.page.locator(".bone, .uni-page-refresh").filter(visible=True)).to_have_count(0, timeout=10_000)
        expect(self.shown(self.page.locator(".page-title"))).to_be_visible(timeout=10_000)
        self.page.wait_for_load_state("networkidle")

    def press(self, name: str) -> None:
        self.button(name).click()

    def shown(self, locator: Locator) -> Locator:
        """uni-app keeps the pages below this one: only what is visible counts."""
        return locator.filter(visible=True).first

    def text(self, text: str) -> Locator:
        return self.shown(self.page.get_by_text(text))

    def sees(self, *texts: str, within: float = 10) -> None:
        """All of these, in so many seconds."""
        for text in texts:
            expect(self.text(text)).to_be_visible(timeout=within * 1000)

    def field(self, name: str) -> Locator:
        return self.shown(self.page.locator(f"input[aria-label='{name}'], textarea[aria-label='{name}']"))

    def heading(self, name: str) -> None:
        expect(self.shown(self.page.locator(".page-title"))).to_have_text(name, timeout=10_000)

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────

    def code(self, template: str) -> str:
        return str(self.sandbox.wait_for_sms(self.who.phone, template, self.seen)["params"]["code"])

    def link(self, template: str = "SMS_CONTRACT_LINK") -> str:
        return str(self.sandbox.wait_for_sms(self.who.phone, template, self.seen)["links"][0])

    def take_over(self, worker: Worker) -> None:
        """The session that this worker opened over HTTP, in this browser."""
        value = worker.client.session.cookies[COOKIE]
        self.page.context.add_cookies([{"name": COOKIE, "value": value, "url": self.home}])

    def open(self, path: str) -> None:
        self.page.goto(f"{self.home}/h5/#/pages/{path}")

    def open_contract(self, contract: str) -> None:
        self.open(f"contract/index?id={contract}")

    def log_in(self) -> None:
        self.field("手机号").fill(self.who.phone)
        self.press("获取验证码")
        self.field("短信验证码").fill(self.code("SMS_LOGIN"))
        self.tick()
        self.press("登录")

    def tick(self) -> None:
        self.shown(self.page.get_by_role("checkbox")).click()

    def agree(self) -> None:
        self.heading("授权同意")
        self.tick()
        self.press("同意并继续")

    def fill_identity(self) -> None:
        self.field("姓名").fill(self.who.name)
        self.field("身份证号").fill(self.who.id_number)

    def verify_by_phone(self) -> None:
        self.press("手机号认证")
        self.agree()
        self.fill_identity()
        self.press("提交核对")
        self.field("短信验证码").fill(self.code("SMS_VERIFY"))
        self.press("完成认证")

    def read_to_the_end(self) -> None:
        """Scroll on until the button at the thumb says that all is read."""
        ready = self.page.get_by_role("button", name="已读完，下一步")
        self.page.mouse.move(195, 400)
        for _ in range(200):
            if ready.is_visible():
                return
            self.page.mouse.wheel(0, 400)
            self.page.wait_for_timeout(60)  # the pace of a thumb
        raise AssertionError("the end of the contract was never reached")

    def choose_home(self) -> None:
        self.shown(self.page.get_by_role("button", name="省 / 市 / 区县")).click()
        for name in ("吉林省", "长春市", "朝阳区"):
            self.shown(self.page.get_by_role("button", name=name, exact=True)).click()
        self.field("详细地址").fill("人民大街 1000 号 3 单元 402 室")

    def confirm(self) -> None:
        self.choose_home()
        self.tick()
        self.press("确认合同无误")

    def write(self) -> None:
        """Open the pad and write the name with a finger."""
        self.press("开始签名")
        write_name(self.page)

    def keep_signature(self) -> None:
        self.press("完成")
        self.press("使用这个签名")

    def ask_for_code(self) -> None:
        self.press("短信验证码")

    def sign_with_code(self) -> None:
        self.field("短信验证码").fill(self.code("SMS_SIGN_CODE"))
        self.press("确认签署")

    def sign(self) -> None:
        """From the signature's page to the tap on "sign"."""
        self.write()
        self.keep_signature()
        self.press("下一步：确认本人意愿")
        self.ask_for_code()
        self.sign_with_code()

    def on_vendors_page(self) -> None:
        expect(self.page.get_by_role("heading", name="您正在进行人脸核身")).to_be_visible(timeout=10_000)

    def play_face(self, verdict: str) -> None:
        """On the vendor's page: 通过, 不通过 or 取消; it sends the phone back."""
        self.on_vendors_page()
        self.page.get_by_role("button", name=verdict, exact=True).click()

    def take_over_face(self, address: str) -> None:
        """Scan the code of a face check that another device asks for: our own page comes before the vendor's."""
        self.page.goto("about:blank")  # a scan opens a page of its own
        self.page.goto(address)
        self.heading("刷脸确认")
        assert "t=" not in self.page.url, "the token stays in no address"

    # ── Trouble ──────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def without_network(self) -> Iterator[None]:
        self.network_fails = True
        self.page.context.set_offline(True)
        try:
            yield
        finally:
            self.page.context.set_offline(False)

    def lose_answer(self, address: str) -> list[str]:
        """The server does what this request asks, but its first answer is lost. The keys of all attempts."""
        self.network_fails = True
        keys: list[str] = []

        def lose_first(route: Route) -> None:
            keys.append(route.request.headers["idempotency-key"])
            answer = route.fetch()
            if len(keys) == 1:
                route.abort()
            else:
                route.fulfill(response=answer)

        self.page.route(address, lose_first)
        return keys

    def requests_to(self, ending: str) -> list[str]:
        """Methods of the requests to addresses that end so, from now on."""
        found: list[str] = []

        def keep(request: Request) -> None:
            if request.url.endswith(ending):
                found.append(request.method)

        self.page.on("request", keep)
        return found
