// @ts-check
/** Security keys (WebAuthn): the browser asks the key, the form carries its answer to the server. */
import { send } from "./wire.js";
import { keyKnown, keyNotDone, keyUnsupported, offline } from "./words.js";

/** Forms with `data-key`: "login" asks for a key, "create" makes one, "proof" asks only if that way was chosen. */
export function askKeysBeforeSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.key || form.dataset.keyed) return;
    if (event.submitter?.hasAttribute("data-send-code")) return;
    if (form.dataset.key === "proof" && proofOf(form) !== "key") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void run(form);
  }, true);
  for (const button of document.querySelectorAll("[data-asleep]")) button.removeAttribute("disabled");
}

/** @param {HTMLFormElement} form */
async function run(form) {
  if (form.dataset.asking) return; // one question at a time
  form.dataset.asking = "1";
  say(form, "");
  try {
    const { ceremony_id, credential } = await answer(form);
    fill(form, "ceremony_id", ceremony_id);
    fill(form, "credential", JSON.stringify(credential));
    form.dataset.keyed = "1";
    form.requestSubmit();
  } catch (error) {
    say(form, error instanceof Refusal ? error.message : wordsFor(error));
  } finally {
    delete form.dataset.keyed;
    delete form.dataset.asking;
  }
}

/** @param {HTMLFormElement} form @returns {Promise<{ceremony_id: string, credential: unknown}>} */
async function answer(form) {
  if (!window.PublicKeyCredential || !window.isSecureContext) throw new Refusal(keyUnsupported);
  if (form.dataset.key === "login") return getKey(form.dataset.options ?? "", { phone: value(form, "phone") });
  if (form.dataset.key === "proof") return getKey(form.dataset.proof ?? "", {});
  const { ceremony_id, options } = await ask(form.dataset.options ?? "", await proof(form));
  const made = await navigator.credentials.create({ publicKey: creation(options) });
  return { ceremony_id, credential: made && toJson(/** @type {PublicKeyCredential} */ (made)) };
}

/** @param {HTMLFormElement} form */
async function proof(form) {
  if (proofOf(form) === "key") return { key: await getKey(form.dataset.proof ?? "", {}) };
  return proofOf(form) === "password" ? { password: value(form, "password") } : { code: value(form, "code") };
}

/** @param {string} url @param {unknown} body */
async function getKey(url, body) {
  const { ceremony_id, options } = await ask(url, body);
  const found = await navigator.credentials.get({ publicKey: request(options) });
  return { ceremony_id, credential: found && toJson(/** @type {PublicKeyCredential} */ (found)) };
}

/** @param {string} url @param {unknown} body @returns {Promise<{ceremony_id: string, options: any}>} */
async function ask(url, body) {
  const told = await send("POST", url, body).catch(() => { throw new Refusal(offline); });
  if (!told.ok) throw new Refusal([told.body.detail, ...Object.values(told.body.fields ?? {}).flat()].join(" "));
  return told.body;
}

class Refusal extends Error {}

/** @param {unknown} error */
function wordsFor(error) {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return keyKnown;
  return name === "NotSupportedError" || name === "SecurityError" ? keyUnsupported : keyNotDone;
}

// Browsers before 2025 cannot convert these themselves (`parseCreationOptionsFromJSON`, `toJSON`).
/** @param {any} options @returns {PublicKeyCredentialCreationOptions} */
function creation(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  return { ...options, user, challenge: bytes(options.challenge), excludeCredentials: (options.excludeCredentials ?? []).map(descriptor) };
}

/** @param {any} options @returns {PublicKeyCredentialRequestOptions} */
function request(options) {
  return { ...options, challenge: bytes(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(descriptor) };
}

/** @param {any} one */
const descriptor = (one) => ({ ...one, id: bytes(one.id) });

/** @param {PublicKeyCredential} made */
function toJson(made) {
  /** @type {Record<string, string>} */
  const response = {};
  const parts = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (made.response));
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const part = parts[name];
    if (part instanceof ArrayBuffer) response[name] = text(part);
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
}

/** @param {string} coded */
function bytes(coded) {
  return Uint8Array.from(atob(coded.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {HTMLFormElement} form */
function proofOf(form) {
  return String(new FormData(form).get("proof") ?? "");
}

/** @param {HTMLFormElement} form @param {string} name */
function value(form, name) {
  return String(new FormData(form).get(name) ?? "");
}

/** @param {HTMLFormElement} form @param {string} name @param {string} content */
function fill(form, name, content) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = content;
}

/** @param {HTMLFormElement} form @param {string} sentence */
function say(form, sentence) {
  const slot = form.querySelector(".form-problem");
  if (!slot) return;
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.textContent = sentence;
  slot.replaceChildren(...(sentence ? [box] : []));
}
