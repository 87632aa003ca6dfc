// @ts-check
/** Choosing a person from a list in a dialog: name and phone go into the form behind it. */
import { send } from "./wire.js";
import { offline } from "./words.js";

const WIDE = "(min-width: 992px)";

/** @typedef {{name: string, phone: string}} Contact */

/** Buttons with `data-pick` open the page's one dialog. @param {ParentNode} root */
export function startPickers(root) {
  const dialog = root.querySelector("dialog[data-picker]");
  if (dialog instanceof HTMLDialogElement) new Picker(dialog).start(root);
}

class Picker {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.list = dialog.querySelector("#picker-list");
    this.title = dialog.querySelector("#picker-title");
    this.problem = dialog.querySelector("[data-picker-problem]");
    this.loading = [...(this.list?.childNodes ?? [])];
    /** The choice under way; closing the dialog or another choice ends it. */
    this.round = 0;
    /** @type {HTMLElement | null} */
    this.opener = null;
  }

  /** @param {ParentNode} root */
  start(root) {
    for (const button of root.querySelectorAll("[data-pick]")) {
      if (!(button instanceof HTMLElement)) continue;
      button.hidden = false;
      button.addEventListener("click", () => this.open(button));
    }
    this.dialog.addEventListener("click", (event) => this.press(event));
    this.dialog.addEventListener("submit", (event) => event.preventDefault()); // never away from the form behind
    this.dialog.addEventListener("close", () => { this.round += 1; });
    this.dialog.addEventListener("htmx:afterSettle", () => this.arrive());
    this.dialog.addEventListener("htmx:sendError", () => this.say(offline));
  }

  /** @param {HTMLElement} opener */
  open(opener) {
    this.opener = opener;
    if (this.title) this.title.textContent = opener.dataset.title ?? "";
    this.say("");
    this.list?.removeAttribute("aria-busy");
    this.list?.replaceChildren(...this.loading); // what was found before is not there to be tapped
    this.dialog.showModal();
    this.list?.dispatchEvent(new Event("pick")); // htmx brings the first page
  }

  /** A phone's keyboard stays away until somebody wants to type. */
  arrive() {
    this.say("");
    if (this.list?.contains(document.activeElement) && document.activeElement !== this.list) return;
    const search = matchMedia(WIDE).matches ? this.list?.querySelector("#picker-text") : null;
    const place = search ?? this.list;
    if (place instanceof HTMLElement) place.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  press(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("a[hx-get]")) event.preventDefault();
    if (target?.closest("[data-picker-close]")) this.dialog.close();
    const person = target?.closest("[data-contact]");
    if (person instanceof HTMLElement) void this.choose(person.dataset.contact ?? "");
  }

  /** The list shows phones in part; whole, only of the one who was chosen. @param {string} url */
  async choose(url) {
    const mine = ++this.round;
    this.say("");
    this.list?.setAttribute("aria-busy", "true");
    const answer = await send("POST", url, {}).catch(() => null);
    if (mine !== this.round) return undefined; // closed, or somebody else was chosen meanwhile
    this.list?.removeAttribute("aria-busy");
    if (!answer?.ok) return this.say(answer?.body.detail ?? offline);
    const form = this.opener?.closest("form");
    if (form) put(form, this.opener?.dataset.pick ?? "", answer.body);
    return this.dialog.close();
  }

  /** @param {string} text */
  say(text) { if (this.problem) this.problem.textContent = text; }
}

/** @param {HTMLFormElement} form @param {string} what @param {Contact} person */
function put(form, what, person) {
  if (what === "copies") return addLine(form.elements.namedItem("copies"), `${person.name} ${person.phone}`);
  const name = form.elements.namedItem("worker_name");
  if (name instanceof HTMLInputElement) name.value = person.name;
  return change(form.elements.namedItem("worker_phone"), person.phone); // what saves the form takes both at once
}

/** As if typed: what saves the form hears it. @param {unknown} field @param {string} value */
function change(field, value) {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Once. @param {unknown} field @param {string} line */
function addLine(field, line) {
  if (!(field instanceof HTMLTextAreaElement)) return;
  const lines = field.value.split("\n").map((one) => one.trim()).filter(Boolean);
  if (!lines.includes(line)) change(field, [...lines, line, ""].join("\n"));
}
