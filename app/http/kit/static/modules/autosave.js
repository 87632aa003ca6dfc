// @ts-check
/** What was typed into a draft is on the server as soon as its field is left: a reload loses nothing. */
import { send } from "./wire.js";

const NAMES = ["title", "kind", "operator_id", "seal_id"];
const WORKER = ["worker_name", "worker_phone"];

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** @param {ParentNode} root */
export function startAutosaves(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) if (form instanceof HTMLFormElement) start(form);
}

/** @param {HTMLFormElement} form */
function start(form) {
  const state = form.querySelector(".autosave-state");
  /** One after the other, in the order of typing. @type {Promise<void>} */
  let line = Promise.resolve();
  // The whole form goes last, so that no late part of it changes the draft behind the next page's back.
  form.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    const { issueRequest } = /** @type {CustomEvent} */ (event).detail;
    void line.then(() => issueRequest(true));
  });
  let waiting = 0;
  /** Parts of the draft that were refused and not mended since. @type {Set<string>} */
  const refused = new Set();
  form.addEventListener("change", (event) => {
    const field = event.target;
    const change = isField(field) ? changeOf(form, field) : null;
    if (!change) return;
    waiting += 1;
    say(state, "saving");
    line = line.then(() => send("PATCH", form.dataset.autosave ?? "", change)).then((answer) => answer.ok, () => false)
      .then((ok) => {
        waiting -= 1;
        for (const part of Object.keys(change)) if (ok) refused.delete(part); else refused.add(part);
        say(state, refused.size ? "failed" : waiting ? "saving" : "saved");
      });
  });
}

/** The part of the draft to which a field belongs. @param {HTMLFormElement} form @param {Field} input @returns {Record<string, unknown> | null} */
function changeOf(form, input) {
  if (NAMES.includes(input.name)) return { [input.name]: input.value };
  // Together: a name must never stand with somebody else's phone.
  if (WORKER.includes(input.name)) return Object.fromEntries(WORKER.map((name) => [name, String(new FormData(form).get(name) ?? "")]));
  if (input.name === "copies") return { copies: peopleOf(input.value) };
  if (input.name === "intent_methods") return { intent_methods: new FormData(form).getAll("intent_methods") };
  if (input.name === "open_check" && input instanceof HTMLInputElement) return { open_check: input.checked };
  if (!input.name.startsWith("terms.")) return null;
  const terms = [...new FormData(form)].filter(([name]) => name.startsWith("terms."));
  return { terms: Object.fromEntries(terms.map(([name, value]) => [name.slice("terms.".length), value])) };
}

/** `姓名 手机号`, a person a line, as the whole form is read. @param {string} text */
function peopleOf(text) {
  const lines = text.split("\n").map((line) => line.replace(/[，,]/g, " ").trim()).filter(Boolean);
  return lines.map((line) => ({ name: line.replace(/\s*\S+$/, ""), phone: line.match(/\S+$/)?.[0] ?? "" }));
}

/** @param {EventTarget | null} target @returns {target is Field} */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** @param {Element | null} state @param {"saving" | "saved" | "failed"} word */
function say(state, word) {
  if (state instanceof HTMLElement) state.textContent = state.dataset[word] ?? "";
}
