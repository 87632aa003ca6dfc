"""Is everything as the records say?"""

from app.audit.service import verify_all_chains
from app.contracts.integrity import verify_completed
from app.jobs.queries import outbox_state
from app.jobs.service import retry_parked_jobs
from app.settings import Settings
from app.wiring import build_providers, sealing_ports


def verify_audit(_settings: Settings) -> int:
    """Walk every hash chain; 1 when one is broken."""
    reports = verify_all_chains()
    for report in reports:
        state = "完整 whole" if report.first_bad is None else f"第 {report.first_bad} 条起不符 broken from there"
        print(f"{report.chain}: {report.length} 条 entries, {state}")
    broken = sum(report.first_bad is not None for report in reports)
    print(f"{len(reports)} 条链 chains, {broken} 条异常 broken")
    return 1 if broken else 0


def verify_contracts(settings: Settings) -> int:
    """Check the stored bytes and signatures of every completed contract; 1 when one is damaged."""
    report = verify_completed(ports=sealing_ports(build_providers(settings)))
    for number in report.damaged:
        print(f"{number}: 校验未通过 / damaged")
    print(f"{report.checked} 份合同 contracts, {len(report.damaged)} 份异常 damaged")
    return 1 if report.damaged else 0


def show_jobs(_settings: Settings) -> int:
    """What waits and what gave up; 1 when jobs are parked."""
    state = outbox_state()
    print(f"未完成 open: {state.open}\n到期 due: {state.due}\n搁置 parked: {state.parked}")
    print(f"最久等待 oldest: {state.oldest_seconds:.0f} s")
    return 1 if state.parked else 0


def retry_jobs(_settings: Settings) -> int:
    """Take up what gave up, after its cause was repaired."""
    print(f"重新执行 taken up: {retry_parked_jobs()}")
    return 0
