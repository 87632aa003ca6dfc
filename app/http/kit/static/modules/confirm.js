// @ts-check
/** A question before what can't be undone. */
import { cancel, proceed } from "./words.js";

/** Forms with `data-confirm` ask first. */
export function askBeforeSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || form.dataset.confirmed) return;
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
  text.textContent = form.dataset.confirm ?? "";
  dialog.setAttribute("aria-labelledby", text.id);
  const no = button(cancel, "btn");
  const yes = button(form.dataset.yes || proceed, "btn btn-danger");
  const row = document.createElement("div");
  row.className = "form-actions";
  row.append(no, yes);
  dialog.append(text, row);
  document.body.append(dialog);
  yes.addEventListener("click", () => {
    form.dataset.confirmed = "1";
    dialog.close();
    form.requestSubmit();
    delete form.dataset.confirmed;
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  no.focus();
}

/** @param {string} text @param {string} style */
function button(text, style) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = style;
  made.textContent = text;
  return made;
}
