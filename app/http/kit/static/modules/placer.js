// @ts-check
/** Drag signature and seal to their places on the page pictures; keyboard and numbers do the same; each change is saved. */
import { keepInside, move, newPlace, resize, STEP } from "./geometry.js";
import { dragMark, dragNew } from "./placer_drag.js";
import { Saver } from "./placer_save.js";

/** @typedef {import("./geometry.js").Place} Place */

/** @param {ParentNode} root */
export function startPlacers(root) {
  for (const element of root.querySelectorAll("[data-placer]")) if (element instanceof HTMLElement) new Placer(element).start();
}

export class Placer {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Place[]} */
    this.places = JSON.parse(element.dataset.places ?? "[]");
    /** @type {Record<string, string>} */
    this.labels = JSON.parse(element.dataset.labels ?? "{}");
    this.sheets = all(element, ".sheet");
    this.current = 1;
    this.saver = new Saver(element, this.labels, () => this.places);
  }

  start() {
    for (const button of all(this.element, "[data-add]")) {
      button.addEventListener("click", () => this.add(button.dataset.add ?? "", this.current));
      button.addEventListener("pointerdown", (event) => dragNew(this, event, button));
      button.removeAttribute("disabled");
    }
    for (const button of all(this.element, "[data-remove]")) button.addEventListener("click", () => this.remove(button.dataset.remove ?? ""));
    for (const input of all(this.element, "[data-property]")) input.addEventListener("change", () => this.setNumber(/** @type {HTMLInputElement} */ (input)));
    for (const button of all(this.element, "[data-page-thumb]")) button.addEventListener("click", () => this.show(Number(button.dataset.pageThumb)));
    this.watchPages();
    this.draw();
  }

  /** The page in the middle of the window is the one on which buttons put things. */
  watchPages() {
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.setCurrent(Number(/** @type {HTMLElement} */ (entry.target).dataset.page));
    }, { rootMargin: "-45% 0px -45% 0px" });
    for (const sheet of this.sheets) watch.observe(sheet);
  }

  /** @param {number} page */
  show(page) {
    this.sheets[page - 1]?.scrollIntoView({ block: "center" });
    this.setCurrent(page);
  }

  /** @param {number} page */
  setCurrent(page) {
    this.current = page;
    for (const thumb of all(this.element, "[data-page-thumb]")) thumb.setAttribute("aria-current", String(Number(thumb.dataset.pageThumb) === page));
  }

  /** One place of each kind: adding it again moves it. @param {string} kind @param {number} page @param {number} [x] @param {number} [y] */
  add(kind, page, x, y) {
    this.places = [...this.places.filter((place) => place.kind !== kind), newPlace(kind, page, x, y)];
    this.changed();
    const mark = this.mark(kind);
    mark?.scrollIntoView({ block: "nearest" });
    mark?.focus({ preventScroll: true });
  }

  /** @param {string} kind */
  remove(kind) {
    this.places = this.places.filter((place) => place.kind !== kind);
    this.changed();
    this.button(kind)?.focus();
  }

  /** @param {string} kind @returns {Place | undefined} */
  find(kind) { return this.places.find((place) => place.kind === kind); }

  /** @param {string} kind @param {(place: Place) => Place} change */
  update(kind, change) { this.places = this.places.map((place) => (place.kind === kind ? change(place) : place)); }

  changed() {
    this.draw();
    this.saver.save();
  }

  /** @param {string} kind */
  mark(kind) { return all(this.element, `.mark[data-kind="${kind}"]`)[0]; }

  /** @param {string} kind */
  button(kind) { return all(this.element, `[data-add="${kind}"]`)[0]; }

  draw() {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.kind : undefined;
    for (const old of all(this.element, ".sheet .mark")) old.remove();
    for (const place of this.places) this.sheets[place.page - 1]?.append(this.build(place));
    for (const panel of all(this.element, "[data-properties]")) this.fill(panel, this.find(panel.dataset.properties ?? ""));
    if (focused) this.mark(focused)?.focus({ preventScroll: true });
  }

  /** Show where a place is as numbers. @param {HTMLElement} panel @param {Place | undefined} place */
  fill(panel, place) {
    const kind = panel.dataset.properties ?? "";
    panel.hidden = !place;
    const state = all(this.element, `[data-state-of="${kind}"]`)[0];
    if (state) state.textContent = place ? `✓ ${place.page}` : (this.labels.missing ?? "");
    this.button(kind)?.classList.toggle("is-placed", Boolean(place));
    for (const input of all(panel, "[data-property]")) {
      const name = /** @type {"page" | "x" | "y" | "width"} */ (input.dataset.property);
      if (place && input instanceof HTMLInputElement) input.value = String(name === "page" ? place.page : Math.round(place[name] * 1000) / 10);
    }
  }

  /** A number was typed: page as it is, the rest in per cent of the page. @param {HTMLInputElement} input */
  setNumber(input) {
    const kind = input.closest("[data-properties]")?.getAttribute("data-properties") ?? "";
    const name = input.dataset.property ?? "";
    const value = Number(input.value);
    if (!input.value || Number.isNaN(value)) return this.draw();
    const page = Math.min(Math.max(1, Math.round(value)), this.sheets.length);
    this.update(kind, (place) => keepInside(name === "page" ? { ...place, page } : { ...place, [name]: value / 100 }));
    return this.changed();
  }

  /** @param {Place} place */
  build(place) {
    const mark = document.createElement("div");
    mark.className = "mark";
    mark.tabIndex = 0;
    mark.dataset.kind = place.kind;
    mark.setAttribute("role", "group");
    mark.setAttribute("aria-label", this.labels[`${place.kind}_help`] ?? place.kind);
    mark.textContent = this.labels[place.kind] ?? place.kind;
    lay(mark, place);
    if (place.kind !== "seal") {
      const grip = document.createElement("span");
      grip.className = "grip";
      mark.append(grip);
    }
    mark.addEventListener("pointerdown", (event) => dragMark(this, event, mark, place.kind));
    mark.addEventListener("keydown", (event) => this.key(event, place.kind));
    return mark;
  }

  /** @param {KeyboardEvent} event @param {string} kind */
  key(event, kind) {
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const arrow = arrows[event.key];
    if (!arrow && event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    if (!arrow) return this.remove(kind);
    this.update(kind, (place) => (event.shiftKey ? resize(place, ...arrow) : move(place, ...arrow)));
    return this.changed();
  }
}

/** @param {HTMLElement} mark @param {Place} place */
export function lay(mark, place) {
  for (const [side, value] of /** @type {const} */ ([["left", place.x], ["top", place.y], ["width", place.width], ["height", place.height]])) {
    mark.style[side] = `${value * 100}%`;
  }
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
function all(root, selector) {
  return [...root.querySelectorAll(selector)].filter((found) => found instanceof HTMLElement);
}
