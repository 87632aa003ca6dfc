"""An employer at the console in Chromium: the steps that tests put together."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, expect

from benchmarks.journey import Company, Sandbox, Someone
from tests.support.browser import DESKTOP, PHONE, keep_picture

# Chromium reports every refused request as an error; refusals are part of these stories.
_REFUSED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Desk:
    """One browser window, the person before it, and the phone beside the keyboard (the sandbox's SMS page).

    `complaints`: console errors, exceptions, CSP violations, foreign requests, pages wider than the window.
    """

    page: Page
    base: str
    sandbox: Sandbox
    who: Someone
    seen: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    network_fails: bool = False

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith(_REFUSED) or (self.network_fails and "net::ERR_" in message.text)
        if message.type == "error" and not expected:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"foreign request: {request.url}")

    def look(self, name: str) -> None:
        """At a desk and on a phone: neither scrolls sideways."""
        self.page.wait_for_load_state("networkidle")
        for device, size in (("phone", PHONE), ("desk", DESKTOP)):
            self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            keep_picture(self.page, f"console-{name}-{device}")
            width = self.page.evaluate("document.documentElement.scrollWidth")
            if width > size["width"]:
                self.complaints.append(f"{name}: {width} pixels wide on a {device}")

    def open(self, path: str) -> None:
        try:
            self.page.goto(f"{self.base}/console{path}")
        except Error as error:
            if "net::ERR_ABORTED" not in str(error):
                raise
            self.page.goto(f"{self.base}/console{path}")  # the page that was open renewed itself at that moment

    def press(self, name: str, within: Locator | None = None) -> None:
        """Once the scripts of its page are there: before that a form goes without them."""
        button = (within or self.page).get_by_role("button", name=name, exact=True)
        button.wait_for()
        self.page.wait_for_load_state()
        button.click()

    def follow(self, link: str | Locator) -> None:
        """To the end: the next page may have a field, or a button, of the same name."""
        found = self.page.get_by_role("link", name=link, exact=True) if isinstance(link, str) else link
        found.wait_for()
        with self.page.expect_navigation():
            found.click()

    def download(self, name: str) -> Path:
        with self.page.expect_download() as downloading:
            self.page.get_by_role("link", name=name, exact=True).click()
        return Path(downloading.value.path())

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def type_code(self, template: str, button: str = "获取验证码") -> None:
        """Ask for a code with `button` and type what the phone received."""
        self.seen.update(str(sms["id"]) for sms in self.sandbox.texts(self.who.phone))
        self.press(button)
        self.fill("短信验证码", self.code(template))

    def code(self, template: str) -> str:
        params = self.sandbox.wait_for_sms(self.who.phone, template, self.seen)["params"]
        return str(params["code"])

    def register(self, company: Company) -> None:
        """A8: from nothing to the home page."""
        self.open("/registration")
        self.fill("单位全称", company.name)
        self.fill("统一社会信用代码", company.uscc)
        self.fill("单位地址", company.address)
        self.fill("管理员手机号", self.who.phone)
        self.type_code("SMS_LOGIN")
        self.page.get_by_role("checkbox").check()
        self.press("同意协议并注册")
        self.heading("首页")

    def log_in(self) -> None:
        self.fill("手机号", self.who.phone)
        self.type_code("SMS_LOGIN")
        self.page.get_by_role("checkbox").check()
        self.press("登录")

    def consent(self) -> None:
        self.page.get_by_role("checkbox").check()
        self.press("同意并继续")

    def verify_by_phone(self) -> None:
        """B2 phone, from the form to the end."""
        self.page.get_by_role("radio", name="手机认证").check()
        self.fill("姓名", self.who.name)
        self.fill("证件号码", self.who.id_number)
        self.seen.update(str(sms["id"]) for sms in self.sandbox.texts(self.who.phone))
        self.press("下一步")
        expect(self.page.get_by_role("heading", name="输入短信验证码")).to_be_visible()
        self.fill("短信验证码", self.code("SMS_VERIFY"))
        self.press("完成认证")

    def verify_organisation(self, licence: Path) -> None:
        """C1, C2: the picture of the licence; the legal representative types the own number."""
        self.heading("单位认证")
        self.page.get_by_label("营业执照图片").set_input_files(licence)
        self.press("上传")
        expect(self.page.get_by_role("img", name="营业执照图片")).to_be_visible()
        self.fill("法定代表人证件号码", self.who.id_number)
        self.press("确认无误，提交核验")
        self.heading("首页")

    def upload(self, file: Path) -> None:
        """G1: choose a file; ends at the details."""
        self.open("/contracts/new")
        self.page.locator("#f-file").set_input_files(file)
        self.press("上传并继续")
        expect(self.page.get_by_role("heading", name="合同与签署人")).to_be_visible(timeout=60_000)

    def describe(self, worker: Someone) -> None:
        self.fill("劳动者姓名", worker.name)
        self.fill("劳动者手机号", worker.phone)
        self.fill("岗位", "软件工程师")
        self.fill("劳动报酬", "每月 9000 元")
        self.press("下一步：放置签名与印章")
        expect(self.page.locator('[data-add="signature"]')).to_be_enabled()

    def mark(self, kind: str) -> Locator:
        return self.page.locator(f'.mark[data-kind="{kind}"]')

    def drag_to(self, kind: str, page_number: int, x: float, y: float) -> None:
        """Drag from the side onto a page, to fractions of it."""
        sheet = self.page.locator(f'.sheet[data-page="{page_number}"]')
        sheet.scroll_into_view_if_needed()
        start, end = self.page.locator(f'[data-add="{kind}"]').bounding_box(), sheet.bounding_box()
        assert start is not None
        assert end is not None
        self.page.mouse.move(start["x"] + 40, start["y"] + 20)
        self.page.mouse.down()
        self.page.mouse.move(start["x"] + 20, start["y"] + 60, steps=4)
        self.page.mouse.move(end["x"] + end["width"] * x, end["y"] + end["height"] * y, steps=8)
        self.page.mouse.up()

    def saved(self) -> None:
        expect(self.page.locator("[data-placer]")).to_have_attribute("data-state", "saved")
