// @ts-check
/** Pure arithmetic of places: fractions 0..1 of a page from its top left corner. No DOM here. */

/** @typedef {{kind: string, page: number, x: number, y: number, width: number, height: number}} Place */

const A4 = { width: 210, height: 297 };
const SEAL_MM = 42;
export const SMALLEST = 0.03;
export const STEP = 0.005;

/** A new place of a kind with its centre at a point; the page is A4. @param {string} kind @param {number} page @param {number} [x] @param {number} [y] @returns {Place} */
export function newPlace(kind, page, x = 0.5, y = 0.5) {
  const width = kind === "seal" ? SEAL_MM / A4.width : 0.25;
  const height = kind === "seal" ? SEAL_MM / A4.height : 0.06;
  return keepInside({ kind, page, x: x - width / 2, y: y - height / 2, width, height });
}

/** Keep a place inside its page. @param {Place} place @returns {Place} */
export function keepInside(place) {
  const width = round(clamp(place.width, SMALLEST, 1));
  const height = round(clamp(place.height, SMALLEST, 1));
  return { ...place, width, height, x: round(clamp(place.x, 0, 1 - width)), y: round(clamp(place.y, 0, 1 - height)) };
}

/** Move by fractions of the page. @param {Place} place @param {number} dx @param {number} dy */
export function move(place, dx, dy) {
  return keepInside({ ...place, x: place.x + dx, y: place.y + dy });
}

/** Grow from the top left corner; a seal keeps its size, because a seal has one. @param {Place} place @param {number} dx @param {number} dy */
export function resize(place, dx, dy) {
  if (place.kind === "seal") return place;
  const width = clamp(place.width + dx, SMALLEST, 1 - place.x);
  const height = clamp(place.height + dy, SMALLEST, 1 - place.y);
  return { ...place, width: round(width), height: round(height) };
}

/** @param {number} value @param {number} low @param {number} high */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** Rounded down, so that x + width never exceeds 1 by rounding; what is whole but for float noise stays whole. @param {number} value */
function round(value) {
  return Math.floor(value * 10000 + 1e-6) / 10000;
}
