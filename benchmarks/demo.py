"""`make demo OUT=path.pdf`: the whole main job over HTTP, headless, with the time of each step.

Uses the instance that runs here, or starts a temporary one (`--fresh` insists on that). Exits non-zero when
anything fails. The people and the organisation are fictional and known to the sandbox.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import requests

from benchmarks.instance import Instance, running_instance, temporary_instance
from benchmarks.journey import Client, Company, Employer, Refused, Sandbox, Someone, Worker

OPERATOR = Someone("吴涛", "13900139001", "220100198103031110")
COMPANY = Company(
    "长春市南关区净月潭现代服务业职业技能培训中心有限责任公司",
    "91220100MA0000023W",
    "吉林省长春市南关区人民大街 1 号",
    OPERATOR,
)
WORKER = Someone("𠮷野家明", "13800138002", "220100198802291042")


class Steps:
    """Runs steps and prints how long each took."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, text: str, do: Callable[[], Any]) -> Any:
        begin = time.monotonic()
        result = do()
        print(f"{time.monotonic() - begin:8.2f} s  {text}", flush=True)
        return result

    def total(self) -> float:
        return time.monotonic() - self.started


def main() -> int:
    arguments = _arguments()
    try:
        running = None if arguments.fresh else running_instance()
        with nullcontext(running) if running else temporary_instance() as instance:
            print(f"平台 platform {instance.url}  沙箱 sandbox {instance.sandbox_url}")
            run(instance, arguments.out)
    except (Refused, TimeoutError, AssertionError, requests.RequestException, OSError) as error:
        print(f"失败 failed: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def run(instance: Instance, out: Path) -> None:
    """Both parties, from registration to the downloaded PDF."""
    sandbox, step = Sandbox(instance.sandbox_url), Steps()
    employer = Employer(Client(instance.url, "console"), sandbox, OPERATOR)
    worker = Worker(Client(instance.url, "worker"), sandbox, WORKER)
    # Whom nobody ever sent a code is probably new: asking for a login's code first costs the minute until the next one.
    is_new = not sandbox.texts(OPERATOR.phone)
    step(
        "经办人登录，创建或进入用人单位  operator logs in; organisation",
        lambda: employer.enter(COMPANY, is_new=is_new),
    )
    step("经办人与单位实名认证  operator and organisation verified", lambda: employer.verify_organisation(COMPANY))
    seal = step("合同专用章  contract seal", employer.make_seal)
    contract = step("上传合同，填写信息，放置位置  upload, describe, place", lambda: employer.draft(WORKER))
    worker.forget_old_texts()
    step("发送  send", lambda: employer.send(contract))
    opened = step("劳动者打开短信链接并登录  worker opens the link, logs in", lambda: worker.open_link(COMPANY.name))
    if opened != contract:
        raise AssertionError("the link opened another contract")
    step("劳动者实名认证  worker verified", worker.verify_by_phone)
    detail = step("阅读全文  read to the end", lambda: worker.read(contract))
    content = str(detail["content_sha256"])
    step("确认并填写地址  confirm, addresses", lambda: worker.confirm(contract, content))
    sealed = step("意愿认证，手写签名，落章  will, handwriting, sealed", lambda: worker.sign(contract, content))
    print(f"          其中点按签署到落章 tap to sealed revision: {sealed:.2f} s")
    step("用人单位意愿认证并盖章  employer proves will and seals", lambda: employer.seal(contract, seal))
    step("双方完成  completed", lambda: worker.wait_until_completed(contract))
    pdf = step("下载  download", lambda: worker.download(contract))
    out.write_bytes(pdf)
    print(f"{step.total():8.2f} s  合计 in all · {out} · {len(pdf) / 1024:.0f} KB")
    _show_signatures(out)


def _show_signatures(out: Path) -> None:
    """What poppler says of the file, where poppler is installed."""
    if shutil.which("pdfsig"):
        told = subprocess.run(["pdfsig", str(out)], capture_output=True, text=True, check=False).stdout
        lines = [line for line in told.splitlines() if "Common Name" in line or "Validation" in line]
        print("\n".join(lines))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("demo.pdf"), help="where the signed PDF goes")
    parser.add_argument("--fresh", action="store_true", help="always use a temporary instance")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
