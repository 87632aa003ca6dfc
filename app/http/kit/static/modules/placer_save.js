// @ts-check
/** Saves places one request at a time: the newest state wins, and the page is not left before it is saved. */
import { send } from "./wire.js";

/** @typedef {import("./geometry.js").Place} Place */

const WAIT = 400;
const TRY_AGAIN = 3000;
const CONFLICT = 409;

export class Saver {
  /** @param {HTMLElement} element @param {Record<string, string>} labels @param {() => Place[]} places */
  constructor(element, labels, places) {
    this.element = element;
    this.labels = labels;
    this.places = places;
    this.version = Number(element.dataset.version);
    this.status = element.querySelector("[data-save-status]");
    this.timer = 0;
    this.wanted = 0;
    this.saved = 0;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.guard();
  }

  get isClean() { return this.saved === this.wanted; }

  save() {
    this.wanted += 1;
    this.say("saving");
    this.later(WAIT);
  }

  /** @param {number} milliseconds */
  later(milliseconds) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => { void this.flush(); }, milliseconds);
  }

  /** Send what is newest, until nothing newer came meanwhile. */
  flush() {
    window.clearTimeout(this.timer);
    this.running ??= this.run().finally(() => { this.running = null; });
    return this.running;
  }

  async run() {
    while (!this.isClean) {
      const sending = this.wanted;
      const answer = await send("PUT", this.element.dataset.saveUrl ?? "", { version: this.version, places: this.places() }).catch(() => null);
      if (!answer) { this.say("offline"); this.later(TRY_AGAIN); return; }
      if (!answer.ok) { this.say(answer.status === CONFLICT ? "changed" : "failed", answer.body.fields?.places?.join(" ")); return; }
      this.version = answer.body.version;
      this.saved = sending;
    }
    this.say("saved");
  }

  /** "Next" waits for the last change; closing the window with unsaved changes asks. */
  guard() {
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("[data-after-save]") : null;
      if (!(link instanceof HTMLAnchorElement) || this.isClean) return;
      event.preventDefault();
      void this.flush().then(() => { if (this.isClean) location.assign(link.href); });
    });
    window.addEventListener("beforeunload", (event) => { if (!this.isClean) event.preventDefault(); });
  }

  /** @param {string} state @param {string} [detail] */
  say(state, detail) {
    this.element.dataset.state = state;
    if (this.status) this.status.textContent = detail ?? this.labels[state] ?? state;
  }
}
