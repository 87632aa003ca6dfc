// @ts-check
/** Dragging of the placer: a mark over the pages, or a new one from the side onto a page. */
import { keepInside, resize } from "./geometry.js";
import { lay } from "./placer.js";

/** @typedef {import("./placer.js").Placer} Placer */
/** @typedef {import("./geometry.js").Place} Place */

const FAR_ENOUGH = 6; // pixels: less is a click

/** Move a mark, or grow it by its grip. @param {Placer} placer @param {PointerEvent} event @param {HTMLElement} mark @param {string} kind */
export function dragMark(placer, event, mark, kind) {
  if (event.button !== 0) return;
  event.preventDefault();
  mark.focus({ preventScroll: true });
  const growing = event.target instanceof HTMLElement && event.target.classList.contains("grip");
  let last = { x: event.clientX, y: event.clientY };
  follow((to) => {
    const box = /** @type {HTMLElement} */ (mark.parentElement).getBoundingClientRect();
    const dx = (to.clientX - last.x) / box.width;
    const dy = (to.clientY - last.y) / box.height;
    last = { x: to.clientX, y: to.clientY };
    placer.update(kind, (place) => (growing ? resize(place, dx, dy) : carry(placer, { ...place, x: place.x + dx, y: place.y + dy }, mark, to)));
    lay(mark, /** @type {Place} */ (placer.find(kind)));
  }, () => {
    placer.update(kind, keepInside);
    placer.changed();
  });
}

/** From the side panel: a ghost follows the pointer, and where it falls on a page the place is made. @param {Placer} placer @param {PointerEvent} event @param {HTMLElement} button */
export function dragNew(placer, event, button) {
  if (event.button !== 0) return;
  const start = { x: event.clientX, y: event.clientY };
  const kind = button.dataset.add ?? "";
  /** @type {HTMLElement | undefined} */
  let ghost;
  follow((to) => {
    if (!ghost && Math.hypot(to.clientX - start.x, to.clientY - start.y) < FAR_ENOUGH) return;
    ghost ??= makeGhost(placer, kind);
    ghost.style.left = `${to.clientX}px`;
    ghost.style.top = `${to.clientY}px`;
  }, (to) => {
    if (!ghost) return;
    ghost.remove();
    window.addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
    const sheet = sheetAt(placer, to);
    if (!sheet) return;
    const box = sheet.getBoundingClientRect();
    placer.add(kind, Number(sheet.dataset.page), (to.clientX - box.left) / box.width, (to.clientY - box.top) / box.height);
  });
}

/** @param {(to: PointerEvent) => void} moved @param {(to: PointerEvent) => void} dropped */
function follow(moved, dropped) {
  const stop = new AbortController();
  window.addEventListener("pointermove", moved, { signal: stop.signal });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    window.addEventListener(end, (to) => { stop.abort(); dropped(to); }, { signal: stop.signal });
  }
}

/** Over another page the mark goes there. @param {Placer} placer @param {Place} place @param {HTMLElement} mark @param {PointerEvent} to @returns {Place} */
function carry(placer, place, mark, to) {
  const under = sheetAt(placer, to);
  if (!under || under === mark.parentElement) return place;
  const box = under.getBoundingClientRect();
  under.append(mark);
  const [x, y] = [(to.clientX - box.left) / box.width, (to.clientY - box.top) / box.height];
  return { ...place, page: Number(under.dataset.page), x: x - place.width / 2, y: y - place.height / 2 };
}

/** @param {Placer} placer @param {PointerEvent} at */
function sheetAt(placer, at) {
  return placer.sheets.find((sheet) => {
    const box = sheet.getBoundingClientRect();
    return at.clientX >= box.left && at.clientX <= box.right && at.clientY >= box.top && at.clientY <= box.bottom;
  });
}

/** @param {Placer} placer @param {string} kind */
function makeGhost(placer, kind) {
  const ghost = document.createElement("div");
  ghost.className = "mark is-ghost";
  ghost.dataset.ghost = kind;
  ghost.textContent = placer.labels[kind] ?? kind;
  document.body.append(ghost);
  return ghost;
}
