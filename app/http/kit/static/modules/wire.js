// @ts-check
/** Changes sent as JSON to the API behind the page. */

/** The session's token, which every page with a form carries. */
export function csrfToken() {
  const field = document.querySelector('input[name="csrf_token"]');
  return field instanceof HTMLInputElement ? field.value : "";
}

/** @typedef {{ok: boolean, status: number, body: any}} Answer */

/** Send a change; rejects only without a connection. @param {string} method @param {string} url @param {unknown} body @returns {Promise<Answer>} */
export async function send(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
    body: JSON.stringify(body),
    keepalive: true,
  });
  return { ok: answer.ok, status: answer.status, body: await answer.json().catch(() => ({})) };
}
