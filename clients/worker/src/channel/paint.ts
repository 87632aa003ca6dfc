/** Ink on a 2d canvas, the same in browsers and mini-programs. */

const MAX_RATIO = 2

/** The part of a 2d context that ink needs. */
export interface Ink2d {
  fillStyle: unknown
  scale(x: number, y: number): void
  clearRect(x: number, y: number, width: number, height: number): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  fill(): void
}

/** Sharp, yet no more pixels than a phone can redraw in a frame. */
export const sharpness = (pixelRatio: number): number => Math.min(MAX_RATIO, pixelRatio || 1)

export function paint(context: Ink2d, width: number, height: number, polygons: [number, number][][]): void {
  context.clearRect(0, 0, width, height)
  context.fillStyle = '#111'
  for (const polygon of polygons) {
    context.beginPath()
    polygon.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)))
    context.fill()
  }
}
