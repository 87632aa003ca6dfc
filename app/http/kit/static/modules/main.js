// @ts-check
/** What every console page needs: request headers, answers that lead on, marks on fields, countdowns, questions. */
import { startAutosaves } from "./autosave.js";
import { askBeforeSubmits } from "./confirm.js";
import { copyBeside } from "./copy.js";
import { startCountdowns } from "./countdown.js";
import { startPickers } from "./picker.js";
import { startPlacers } from "./placer.js";
import { forgetKept, startKeeping } from "./keep.js";
import { mark, unmark } from "./problems.js";
import { enhanceUploads } from "./upload.js";
import { startScan, withToken } from "./scan.js";
import { askKeysBeforeSubmits } from "./security_key.js";
import { csrfToken } from "./wire.js";
import { offline } from "./words.js";

/** One key per attempt: kept while no answer came (a retry repeats the same request), new after any answer.
 * @type {WeakMap<EventTarget, string>} */
const keys = new WeakMap();

/** @param {string} name @param {(detail: any) => void} react */
const on = (name, react) => document.addEventListener(name, (event) => react(/** @type {CustomEvent} */ (event).detail));

on("htmx:configRequest", ({ verb, elt, headers }) => {
  if (verb === "get") return;
  if (!keys.has(elt)) keys.set(elt, newKey());
  headers["X-CSRF-Token"] = csrfToken();
  headers["Idempotency-Key"] = keys.get(elt);
});

on("htmx:afterRequest", ({ elt, xhr }) => { if (xhr.status > 0 && xhr.status < 500) keys.delete(elt); });

/** Refusals belong to the form, wherever its success would have gone. */
on("htmx:beforeSwap", (detail) => {
  const form = detail.requestConfig.elt.closest("form");
  const slot = form?.querySelector(".form-problem");
  if (!slot) return;
  if (detail.xhr.status >= 400) detail.target = slot;
  else if (detail.xhr.status !== 204) { slot.replaceChildren(); unmark(form); }
});

on("htmx:afterSwap", ({ target }) => { if (target instanceof HTMLElement) arrive(target); });

on("htmx:sendError", ({ elt }) => {
  const slot = elt.closest("form")?.querySelector(".form-problem");
  if (!slot) return;
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.textContent = offline;
  slot.replaceChildren(box);
});

/** Follow `data-go`, mark the fields that a problem names, start countdowns. @param {HTMLElement} root */
function arrive(root) {
  const next = root.querySelector("[data-go]");
  if (next instanceof HTMLElement && next.dataset.go) { forgetKept(); location.assign(withToken(next.dataset.go)); }
  const form = root.closest("form");
  if (form && root.classList.contains("form-problem")) mark(form, root);
  else root.querySelector("input:not([type=hidden])")?.scrollIntoView({ block: "nearest" });
  const copying = root.querySelector("[data-copy-now]");
  if (copying) void copyBeside(copying);
  startCountdowns(root.parentElement ?? root);
}

/** `crypto.randomUUID` exists over https and on localhost only; random bytes exist everywhere. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-still]")) event.preventDefault(); // htmx asks instead of leaving
  if (target?.closest("[data-drop]")) target.closest("[data-picture]")?.remove();
  const copying = target?.closest("[data-copy-now]");
  if (copying) void copyBeside(copying);
  if (target?.closest("[data-print-now]")) window.print();
});

document.addEventListener("change", (event) => {
  const image = event.target instanceof HTMLInputElement ? event.target.dataset.sealImage : undefined;
  if (!image) return;
  for (const shown of document.querySelectorAll("[data-seal-preview]")) shown.setAttribute("href", image);
});

/** A notice is told once: a reload does not repeat it. */
function forgetNotice() {
  const address = new URL(location.href);
  if (!address.searchParams.has("done")) return;
  address.searchParams.delete("done");
  history.replaceState(history.state, "", address);
}

askBeforeSubmits();
askKeysBeforeSubmits();
startCountdowns(document.body);
startAutosaves(document.body);
startKeeping(document.body);
enhanceUploads(document.body);
startPickers(document.body);
startPlacers(document.body);
forgetNotice();
document.addEventListener("htmx:load", startScan, { once: true }); // htmx has taken the forms over
