"""Login with an OpenID Connect provider: authorization code with PKCE (A5; OpenID Connect Core 1.0, RFC 6749, 7636).

authlib builds the requests. Provider and key set are read by `app.adapters.oidc_provider`, the id_token is judged by
`app.adapters.oidc_token`. Not called against a live provider.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request

from app.accounts.errors import ExternalLoginRefused
from app.accounts.ports import ExternalIdentityClaims
from app.adapters.oidc_provider import OidcProvider
from app.adapters.oidc_token import Expected, TokenRefused, UnknownKey, verified_claims
from app.adapters.transport import Reply, Transport, safe_code
from app.core.errors import ProviderError

SCOPE = "openid phone"
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_PHONE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
# The provider says that the code is not good; everything else is our configuration or its fault.
_CODE_REFUSED = frozenset({"invalid_grant", "access_denied"})
_MOST_SUBJECT = 255


class OidcClient:
    """IdentityProvider. `issuer`: exactly as the provider writes it, e.g. `https://sso.example.gov.cn`."""

    def __init__(
        self,
        provider: str,
        issuer: str,
        client_id: str,
        client_secret: str,
        *,
        label_zh: str,
        label_en: str,
        transport: Transport | None = None,
    ) -> None:
        self.label_zh, self.label_en = label_zh, label_en
        self._issuer, self._client_id, self._secret = issuer, client_id, client_secret
        self._transport = transport or Transport(provider)
        self._provider = OidcProvider(issuer, self._transport)

    def authorization_url(self, *, state: str, nonce: str, code_challenge: str, redirect_uri: str) -> str:
        """See `IdentityProvider.authorization_url`."""
        url: str = prepare_grant_uri(
            self._provider.endpoint("authorization_endpoint"),
            self._client_id,
            "code",
            redirect_uri,
            SCOPE,
            state,
            nonce=nonce,
            code_challenge=code_challenge,
            code_challenge_method="S256",
        )
        return url

    def exchange(self, *, code: str, code_verifier: str, nonce: str, redirect_uri: str) -> ExternalIdentityClaims:
        """See `IdentityProvider.exchange`."""
        answer = self._token(code, code_verifier, redirect_uri)
        claims = self._claims(str(answer.get("id_token") or ""), nonce)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= _MOST_SUBJECT:
            raise ExternalLoginRefused
        if "phone_number" not in claims:
            claims = {**claims, **self._userinfo(answer.get("access_token"), subject)}
        phone = _PHONE.fullmatch(re.sub(r"[ -]", "", str(claims.get("phone_number") or "")))
        verified = phone is not None and claims.get("phone_number_verified") is True
        return ExternalIdentityClaims(subject, phone[1] if phone else "", verified)

    def _token(self, code: str, code_verifier: str, redirect_uri: str) -> dict[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=code_verifier
        )
        # RFC 6749 §2.3.1: form-encoded first, then Basic.
        pair = f"{quote_plus(self._client_id)}:{quote_plus(self._secret)}"
        basic = base64.b64encode(pair.encode()).decode()
        return self._transport.send(
            "POST",
            self._provider.endpoint("token_endpoint"),
            headers={**_FORM, "Authorization": f"Basic {basic}"},
            body=str(body).encode(),
            decode=self._token_answer,
        )

    def _token_answer(self, reply: Reply) -> dict[str, Any]:
        answer = self._transport.json_object(reply)
        if reply.status == 200:
            return answer
        error = safe_code(answer.get("error"))
        if error in _CODE_REFUSED:
            raise ExternalLoginRefused
        raise ProviderError(self._transport.provider, "account_problem", error)

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of a good id_token; a key that is new to us is fetched once."""
        expected = Expected(self._issuer, self._client_id, nonce)
        try:
            try:
                return verified_claims(token, self._provider.keys(), expected)
            except UnknownKey:
                return verified_claims(token, self._provider.keys(fresh=True), expected)
        except TokenRefused as error:
            raise ExternalLoginRefused from error

    def _userinfo(self, access_token: object, subject: str) -> Mapping[str, Any]:
        """What the provider tells beside the id_token; of somebody else it is refused (Core 1.0 §5.3.2)."""
        endpoint = self._provider.endpoint("userinfo_endpoint", needed=False)
        if not endpoint or not isinstance(access_token, str):
            return {}
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        info = self._transport.send("GET", endpoint, headers=headers, decode=self._userinfo_answer, idempotent=True)
        if not hmac.compare_digest(str(info.get("sub")).encode(), subject.encode()):
            raise ExternalLoginRefused
        return {name: info[name] for name in ("phone_number", "phone_number_verified") if name in info}

    def _userinfo_answer(self, reply: Reply) -> dict[str, Any]:
        if reply.status != 200:
            raise ProviderError(self._transport.provider, "account_problem", f"userinfo {reply.status}")
        return self._transport.json_object(reply)
