"""The routes that need no session. Anything that is not listed here does; a test walks all routes."""

PUBLIC_ENDPOINTS = frozenset(
    {
        "static", "healthz", "readyz", "metrics", "landing", "api_docs.page", "api_docs.specification",
        "worker_login.request_code", "worker_login.log_in", "worker_login.list_agreements",
        "worker_login.log_in_with_password", "worker_password.request_reset_code", "worker_password.reset",
        "worker_third_login.list_providers", "worker_third_login.start", "worker_third_login.read_status",
        "worker_third_login.request_code", "worker_third_login.log_in",
        "h5_oidc.receive", "h5_oidc.ask", "h5_oidc.decide", "h5_links.open_in_mini_program",
        "mini_login.log_in", "mini_login.log_in_with_phone", "mini_messages.read_settings",
        "worker_qr_login.ask", "worker_qr_login.read_status", "worker_qr_login.log_in",
        "worker_face_handovers.preview", "worker_face_handovers.go_on", "worker_face_handovers.refuse",
        "worker_faces.list_vendors",
        "worker_face_login.ask", "worker_face_login.read_status", "worker_face_login.log_in",
        "console_session.log_in_with_password", "console_password.request_reset_code", "console_password.reset",
        "console_qr_login.ask", "console_qr_login.read_status", "console_qr_login.log_in",
        "console.show_login_qr", "console.follow_login_qr", "console.log_in_with_key",
        "console_keys.ask_at_login", "console_keys.log_in_with_key",
        "console.log_in_with_password", "console.show_password_reset", "console.send_password_reset_code",
        "console.reset_forgotten_password",
        "worker_login.get_agreement", "worker_help.get_help", "h5_links.preview",
        "h5.page", "h5.asset", "h5.redirect_to_page",
        "console_session.request_code", "console_session.log_in", "console_session.register",
        "console_session.list_agreements", "console_session.get_agreement",
        "kit.static", "console.show_login", "console.send_login_code", "console.log_in",
        "console.show_registration", "console.send_registration_code", "console.register",
        "console.show_agreement", "console.show_face_done",
        "regulator.show_login", "regulator.send_login_code", "regulator.log_in", "regulator.log_in_with_key",
        "regulator_keys.ask_at_login",
        "callbacks.aliyun_receipts", "callbacks.tencent_receipts",
        "platform_events.verify_wechat", "platform_events.receive_wechat", "platform_events.receive_alipay",
    }
)  # fmt: skip


def is_public(endpoint: str | None) -> bool:
    """Unknown addresses count as public: they answer 404 and nothing else."""
    return endpoint is None or endpoint in PUBLIC_ENDPOINTS
