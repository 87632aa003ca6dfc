// @ts-check
/** What was typed into a form with `data-keep` survives a reload, in this tab only, until it has served. */

/** @param {ParentNode} root */
export function startKeeping(root) {
  if (document.querySelector("[data-forget]")) for (const name of Object.keys(sessionStorage)) if (name.startsWith("kept:")) sessionStorage.removeItem(name);
  for (const form of root.querySelectorAll("form[data-keep]")) if (form instanceof HTMLFormElement) keep(form);
}

/** It has served: somebody else may sit here next. */
export function forgetKept() {
  for (const form of document.querySelectorAll("form[data-keep]")) if (form instanceof HTMLFormElement) sessionStorage.removeItem(slot(form));
}

/** @param {HTMLFormElement} form */
function keep(form) {
  const kept = JSON.parse(sessionStorage.getItem(slot(form)) ?? "{}");
  for (const field of form.elements) if (isKept(field) && field.name in kept) put(field, kept[field.name]);
  form.addEventListener("input", () => {
    const values = [...new FormData(form)].filter(([name]) => isKept(fieldOf(form, name)));
    sessionStorage.setItem(slot(form), JSON.stringify(Object.fromEntries(values)));
  });
}

/** Card numbers, codes and what the server put there itself are not kept. @param {unknown} field @returns {field is HTMLInputElement | HTMLSelectElement} */
function isKept(field) {
  if (field instanceof HTMLSelectElement) return true;
  return field instanceof HTMLInputElement && ["text", "tel", "radio"].includes(field.type) && !["card_number", "code"].includes(field.name);
}

/** @param {HTMLFormElement} form @param {string} name */
function fieldOf(form, name) {
  const found = form.elements.namedItem(name);
  return found instanceof RadioNodeList ? found[0] : found;
}

/** @param {HTMLInputElement | HTMLSelectElement} field @param {string} value */
function put(field, value) {
  if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
  else field.value = value;
}

/** @param {HTMLFormElement} form */
const slot = (form) => `kept:${form.dataset.keep}`;
