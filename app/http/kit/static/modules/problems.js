// @ts-check
/** What a problem names is marked where it was typed, with its sentence below. */

/** @param {HTMLFormElement} form */
export function unmark(form) {
  for (const old of form.querySelectorAll(".invalid-feedback")) old.remove();
  for (const input of form.querySelectorAll(".is-invalid, [aria-invalid]")) {
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

/** Move each `data-field` sentence to its field; the first wrong field gets the focus. @param {HTMLFormElement} form @param {HTMLElement} problem */
export function mark(form, problem) {
  unmark(form);
  let first = true;
  for (const item of problem.querySelectorAll("[data-field]")) {
    if (!(item instanceof HTMLElement)) continue;
    const named = form.elements.namedItem(item.dataset.field ?? "");
    const input = named instanceof RadioNodeList ? [...named].find((one) => one instanceof HTMLInputElement && one.checked) ?? named[0] : named;
    if (!(input instanceof HTMLElement) || input instanceof HTMLInputElement && input.type === "hidden") continue;
    const marked = input.closest(".choice") ?? input; // cards to choose from: the sentence stands below all of them
    if (named instanceof RadioNodeList && marked === input) continue;
    marked.classList.add("is-invalid");
    input.setAttribute("aria-invalid", "true");
    const sentence = document.createElement("div");
    sentence.className = "invalid-feedback";
    sentence.id = `wrong-${item.dataset.field}`;
    sentence.textContent = item.textContent;
    input.setAttribute("aria-errormessage", sentence.id);
    (marked.parentElement?.querySelector(".form-hint") ?? marked).after(sentence);
    item.remove();
    if (first) input.focus();
    first = false;
    if (problem.querySelector("[data-detail]")?.textContent === sentence.textContent) problem.replaceChildren(); // said already
  }
}
