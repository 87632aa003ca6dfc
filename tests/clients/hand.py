"""A worker's hand on the H5 client: what people do on its screens, told by what they read there."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, Request, expect

from tests.clients.peer import CONTRACT

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8").split("\n", 1)[1]
NAME, ID_NUMBER, PHONE = "阿卜杜拉·𠮷尔", "11010519491231002X", "13812345678"

# For `wait_for_function`: its top is near the top of the screen, below the bars.
IS_AT_TOP = "name => Math.abs(document.querySelector(name)?.getBoundingClientRect().top ?? 999) < 300"


@dataclass
class Hand:
    """`base` is the server's root. `troubles` collects what must never happen: script errors, blocked or
    foreign requests."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("console", lambda message: self._check_console(message.text))
        self.page.on("request", self._check_request)
        self.page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))

    def _check_console(self, text: str) -> None:
        if "Content Security Policy" in text or "Unhandled" in text or "[Vue warn]" in text:
            self.troubles.append(text)

    def _check_request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.troubles.append(f"another host: {request.url}")

    def open(self, route: str) -> None:
        """A fresh start of the app on one screen, as after a kill."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}/h5/#/pages/{route}")

    def open_contract(self, screen: str = "contract") -> None:
        self.open(f"{screen}/index?id={CONTRACT}")

    def main_button(self, text: str) -> Locator:
        return self.page.locator(".footer").get_by_role("button", name=text)

    def press(self, text: str) -> None:
        self.main_button(text).click()

    def tap(self, text: str) -> None:
        self.page.get_by_text(text, exact=True).first.click()

    def see(self, text: str, seconds: float = 10) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=seconds * 1000)

    def is_on(self, screen: str) -> None:
        self.page.wait_for_url(f"**/h5/#/pages/{screen}**")

    def log_in(self, code: str = "123456", phone: str = PHONE) -> None:
        self.page.fill("#phone input", phone)
        self.page.get_by_role("button", name="获取验证码").click()
        self.see("验证码已发送")
        self.page.fill("#code input", code)
        self.page.get_by_role("checkbox").click()
        self.press("登录")

    def consent(self) -> None:
        self.page.get_by_role("checkbox").click()
        self.press("同意并继续")

    def fill_identity(self, name: str = NAME, id_number: str = ID_NUMBER) -> None:
        self.page.fill("#name input", name)
        self.page.fill("#id-number input", id_number)

    def read_to_the_end(self, seconds: int = 60) -> None:
        """Scrolls until the button says that everything was read."""
        done = self.main_button("已读完，下一步")
        for _ in range(seconds * 5):
            if done.is_visible():
                return
            self.page.mouse.wheel(0, 700)
            self.page.wait_for_timeout(200)
        expect(done).to_be_visible()

    def fill_address(self, detail: str = "人民大街1号2栋301") -> None:
        self.page.locator(".region-box").first.click()
        for name in ("吉林省", "长春市", "朝阳区"):
            self.page.get_by_role("button", name=name, exact=True).click()
        self.page.fill("#habitual input", detail)
        self.page.get_by_role("checkbox").click()

    def write_signature(self, strokes: int = 3) -> None:
        """Opens the pad at the place on the page, writes, and accepts the picture."""
        self.page.locator(".place").first.click()
        self.scribble(strokes)
        self.page.get_by_role("button", name="完成").click()
        self.page.get_by_role("button", name="使用这个签名").click()

    def scribble(self, strokes: int = 3, samples: int = 18) -> None:
        self.page.locator("#pad .pad-ink").wait_for()  # from now on the pad listens
        box = self.page.locator("#pad").bounding_box()
        assert box is not None
        for number in range(strokes):
            x = box["x"] + box["width"] * (0.75 - 0.2 * number)
            self.page.mouse.move(x, box["y"] + 60)
            self.page.mouse.down()
            for step in range(samples):
                self.page.mouse.move(x + 25 * math.sin(step / 2), box["y"] + 60 + step * 24)
                self.page.wait_for_timeout(12)
            self.page.mouse.up()
