"""`python -m app.cli <command>`."""

import argparse
import os
import sys

from app.cli.checks import retry_jobs, show_jobs, verify_audit, verify_contracts
from app.cli.database import migrate
from app.cli.openapi import write_openapi
from app.cli.seed import seed_demo
from app.http.logs import configure_logging
from app.settings import ConfigurationError, Settings, refuse_unsafe
from app.wiring import configure_core

COMMANDS = {
    "migrate": (migrate, "建立或升级数据库 / create or upgrade the database"),
    "seed-demo": (seed_demo, "写入演示数据 / demonstration data, for the sandbox"),
    "audit-verify": (verify_audit, "校验审计日志的哈希链 / check the hash chains of the audit log"),
    "verify-contracts": (verify_contracts, "重新验证全部已完成合同 / verify every completed contract again"),
    "jobs": (show_jobs, "查看后台任务 / how background work is doing"),
    "jobs-retry": (retry_jobs, "重新执行已放弃的任务 / take up parked background work again"),
    "openapi": (write_openapi, "输出 OpenAPI 文档 / print the OpenAPI document"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when everything is as it should be."""
    parser = argparse.ArgumentParser(prog="python -m app.cli", description="工约 Gongyue")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_command, text) in COMMANDS.items():
        commands.add_parser(name, help=text, description=text)
    chosen = parser.parse_args(arguments).command
    try:
        settings = Settings.from_environment(os.environ)
        refuse_unsafe(settings)
        configure_logging("WARNING")
        configure_core(settings)
        return COMMANDS[chosen][0](settings)
    except ConfigurationError as error:
        print(f"配置有误 / configuration: {error}", file=sys.stderr)
        return 78


if __name__ == "__main__":
    raise SystemExit(main())
