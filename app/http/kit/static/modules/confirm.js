// @ts-check
/** A question before what can't be undone. */
import { cancel, proceed } from "./words.js";

/** Forms with `data-confirm` ask their `question` first, and send `confirmed` with the answer. */
export function askBeforeSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.confirm === undefined || field(form, "confirmed")?.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form);
  }, true);
}

/** @param {HTMLFormElement} form */
function ask(form) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const text = document.createElement("p");
  text.id = "ask-text";
  text.textContent = field(form, "question")?.value ?? "";
  dialog.setAttribute("aria-labelledby", text.id);
  const no = button(cancel, "btn");
  const yes = button(field(form, "yes")?.value || proceed, "btn btn-danger");
  const row = document.createElement("div");
  row.className = "form-actions";
  row.append(no, yes);
  dialog.append(text, row);
  document.body.append(dialog);
  yes.addEventListener("click", () => {
    const confirmed = field(form, "confirmed");
    dialog.close();
    if (!confirmed) return location.reload(); // a page older than this module
    confirmed.value = "1";
    form.requestSubmit();
    confirmed.value = "";
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  no.focus();
}

/** @param {HTMLFormElement} form @param {string} name @returns {HTMLInputElement | null} */
function field(form, name) {
  return /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
}

/** @param {string} text @param {string} style */
function button(text, style) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = style;
  made.textContent = text;
  return made;
}
