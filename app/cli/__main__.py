"""`python -m app.cli <command>`."""

import argparse
import gc
import os
import sys
from collections.abc import Callable

from app.cli.checks import retry_jobs, show_jobs, verify_audit, verify_contracts
from app.cli.database import migrate
from app.cli.openapi import write_openapi
from app.cli.regulators import add, close
from app.cli.seed import seed_demo
from app.http.logs import configure_logging
from app.settings import ConfigurationError, Settings, refuse_unsafe
from app.wiring import configure_core

COMMANDS: dict[str, tuple[Callable[..., int], str]] = {
    "migrate": (migrate, "建立或升级数据库 / create or upgrade the database"),
    "seed-demo": (seed_demo, "升级数据库并写入演示数据 / migrate, then demonstration data, for the sandbox"),
    "audit-verify": (verify_audit, "校验审计日志的哈希链 / check the hash chains of the audit log"),
    "verify-contracts": (verify_contracts, "重新验证全部已完成合同 / verify every completed contract again"),
    "jobs": (show_jobs, "查看后台任务 / how background work is doing"),
    "jobs-retry": (retry_jobs, "重新执行已放弃的任务 / take up parked background work again"),
    "regulator-add": (add, "开通监管端账号 / open an account at the regulator's desk"),
    "regulator-close": (close, "停用监管端账号 / close an account at the regulator's desk"),
    "openapi": (write_openapi, "输出 OpenAPI 文档 / print the OpenAPI document"),
}
# What a command must be told.
OPTIONS = {"regulator-add": ("phone", "name"), "regulator-close": ("phone",)}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when everything is as it should be."""
    parser = argparse.ArgumentParser(prog="python -m app.cli", description="工约 Gongyue")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_command, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        for option in OPTIONS.get(name, ()):
            command.add_argument(f"--{option}", required=True)
    told = vars(parser.parse_args(arguments))
    chosen = told.pop("command")
    try:
        settings = Settings.from_environment(os.environ)
        refuse_unsafe(settings)
        configure_logging("WARNING")
        configure_core(settings)
        return COMMANDS[chosen][0](settings, **told)
    except ConfigurationError as error:
        print(f"配置有误 / configuration: {error}", file=sys.stderr)
        return 78


if __name__ == "__main__":
    gc.freeze()  # what is loaded stays: without this the end of the process takes as long as the start
    raise SystemExit(main())
