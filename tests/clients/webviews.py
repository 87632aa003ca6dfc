"""The browsers inside WeChat and DingTalk, as far as a page notices: what they call themselves, and what they refuse.

From stored reports of their users; nothing here was compared with the real apps.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.support.browser import PHONE

_ANDROID = "Mozilla/5.0 (Linux; Android 12; V2049A Build/SP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
AGENTS = {
    "wechat": _ANDROID + "Chrome/107.0.5304.141 Mobile Safari/537.36 XWEB/5023 MicroMessenger/8.0.33.2320(0x28002151)",
    "dingtalk": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 AliApp(DingTalk/7.6.0) com.laiwang.DingTalk/36128 language/zh-Hans-CN",
}
# No file is saved, no window opened, nothing printed; the newer clipboard is missing; all text may be zoomed.
_LIMITS = """
window.refused = []
window.open = () => (refused.push('window'), null)
window.print = () => refused.push('print')
Object.defineProperty(navigator, 'clipboard', { value: undefined })
document.execCommand = (name) => (name === 'copy' && (window.copied = document.activeElement.value), true)
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[download],a[target=_blank]')
  if (link) event.preventDefault(), refused.push(link.href)
}, true)
document.addEventListener('DOMContentLoaded', () => (document.body.style.webkitTextSizeAdjust = '130%'))
"""
_WECHATS_OWN = """
window.WeixinJSBridge = {
  zoom: 2,
  heard: {},
  invoke(name, { fontSize }) { if (name === 'setFontSizeCallback') this.zoom = fontSize },
  on(name, callback) { this.heard[name] = callback },
}
"""


@contextmanager
def built_in_browser(chromium: Browser, app: str) -> Iterator[Page]:
    with chromium.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN", user_agent=AGENTS[app]
    ) as context:  # fmt: skip
        context.set_default_timeout(10_000)
        context.add_init_script(_LIMITS + (_WECHATS_OWN if app == "wechat" else ""))
        yield context.new_page()


def refused(page: Page) -> list[str]:
    """What the page tried although the app's browser does not do it."""
    found: list[str] = page.evaluate("window.refused")
    return found
