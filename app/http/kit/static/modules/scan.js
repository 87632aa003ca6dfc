// @ts-check
/** What a scanned code brings stays in the fragment of the address, which no server log sees. */

/** The fragment goes along from page to page until it is used: log in first, then answer. @param {string} url */
export function withToken(url) {
  return location.hash.startsWith("#k=") && !url.includes("#") ? url + location.hash : url;
}

/** Hand the token of the address to the form that waits for it, and take it out of the address. */
export function startScan() {
  const form = document.querySelector("form.scan");
  if (!(form instanceof HTMLFormElement) || !location.hash.startsWith("#k=")) return;
  const field = form.elements.namedItem("token");
  if (field instanceof HTMLInputElement) field.value = location.hash.slice("#k=".length);
  history.replaceState(history.state, "", location.pathname);
  form.requestSubmit();
}
