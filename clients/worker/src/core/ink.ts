/**
 * A handwritten signature: strokes are the truth, pictures are drawn from them.
 * The refusal rule is the server's, repeated here only to tell the person at once.
 */

import { getStroke } from 'perfect-freehand'
import type { Ink, InkPoint } from './api-types'

export const MIN_POINTS = 24
export const MIN_PATH_PX = 240
/** On a narrower drawing area a shorter path will do. */
export const FULL_WIDTH_PX = 300
export const MIN_WRITING_MS = 500
/** Extent across the main direction, relative to along it: below this the drawing is one straight line. */
export const MIN_BREADTH = 0.04

export type InkRefusal = 'empty' | 'too_short' | 'too_fast' | 'straight_line'

/** Why this drawing can't serve as a signature, or null when it can. */
export function refusal(ink: Ink): InkRefusal | null {
  const points = ink.strokes.flat()
  if (points.length === 0) return 'empty'
  const path = MIN_PATH_PX * Math.min(1, ink.width / FULL_WIDTH_PX)
  if (points.length < MIN_POINTS || pathLength(ink.strokes) < path) return 'too_short'
  if (writingTime(ink.strokes) < MIN_WRITING_MS) return 'too_fast'
  return breadth(points) < MIN_BREADTH ? 'straight_line' : null
}

export function pathLength(strokes: InkPoint[][]): number {
  let sum = 0
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.length; i++) sum += distance(stroke[i - 1]!, stroke[i]!)
  }
  return sum
}

/** From the first to the last sample, in ms. */
export function writingTime(strokes: InkPoint[][]): number {
  const times = strokes.flat().map((point) => point[2])
  return times.length ? Math.max(...times) - Math.min(...times) : 0
}

function distance(a: InkPoint, b: InkPoint): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1])
}

/** Extent across the principal axis over extent along it: 0 is a straight line. */
function breadth(points: InkPoint[]): number {
  const n = points.length
  const meanX = points.reduce((sum, p) => sum + p[0], 0) / n
  const meanY = points.reduce((sum, p) => sum + p[1], 0) / n
  let xx = 0
  let yy = 0
  let xy = 0
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2
    yy += (y - meanY) ** 2
    xy += (x - meanX) * (y - meanY)
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2
  const along = range(points.map(([x, y]) => x * Math.cos(angle) + y * Math.sin(angle)))
  const across = range(points.map(([x, y]) => y * Math.cos(angle) - x * Math.sin(angle)))
  return along === 0 ? 0 : across / along
}

function range(values: number[]): number {
  return Math.max(...values) - Math.min(...values)
}

export function boundsOf(points: InkPoint[]): { x: number; y: number; width: number; height: number } {
  const xs = points.map((p) => p[0])
  const ys = points.map((p) => p[1])
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

/** The strokes of one drawing with undo and redo. Sizes are px of the upright drawing area. */
export class InkPad {
  strokes: InkPoint[][] = []
  private undone: InkPoint[][] = []
  private startedAt: number | null = null

  constructor(public width: number, public height: number) {}

  begin(x: number, y: number, at: number, pressure: number | null): void {
    this.startedAt ??= at
    this.undone = []
    this.strokes.push([this.sample(x, y, at, pressure)])
  }

  /** Samples closer than half a pixel to the last one carry nothing. */
  extend(x: number, y: number, at: number, pressure: number | null): void {
    const stroke = this.strokes[this.strokes.length - 1]
    const last = stroke?.[stroke.length - 1]
    if (!stroke || !last) return
    const next = this.sample(x, y, at, pressure)
    if (distance(last, next) >= 0.5) stroke.push(next)
  }

  undo(): void {
    const stroke = this.strokes.pop()
    if (stroke) this.undone.push(stroke)
  }

  redo(): void {
    const stroke = this.undone.pop()
    if (stroke) this.strokes.push(stroke)
  }

  clear(): void {
    this.strokes = []
    this.undone = []
    this.startedAt = null
  }

  get canUndo(): boolean {
    return this.strokes.length > 0
  }

  get canRedo(): boolean {
    return this.undone.length > 0
  }

  ink(): Ink {
    return { width: this.width, height: this.height, strokes: this.strokes.map((stroke) => stroke.map((point) => [...point] as InkPoint)) }
  }

  private sample(x: number, y: number, at: number, pressure: number | null): InkPoint {
    const inside = (value: number, limit: number): number => Math.round(Math.min(Math.max(value, 0), limit) * 10) / 10
    return [inside(x, this.width), inside(y, this.height), Math.round(at - (this.startedAt ?? at)), pressure]
  }
}

/** The phone stays upright, the person turns it: a point of the screen area becomes one of the sideways page. */
export function turn(x: number, y: number, screenWidth: number): [number, number] {
  return [y, screenWidth - x]
}

/** Outline polygon of one stroke, in the ink's own px. */
export function outline(stroke: InkPoint[], height: number): [number, number][] {
  const measured = stroke.some((point) => point[3] !== null)
  const points = stroke.map(([x, y, , pressure]) => [x, y, pressure ?? 0.5])
  return getStroke(points, { size: Math.max(5, height / 34), thinning: 0.55, smoothing: 0.6, streamline: 0.4, simulatePressure: !measured, last: true }) as [number, number][]
}

/** SVG of the drawing, cut to its bounds: what is put on the page. */
export function toSvg(ink: Ink, colour = '#111'): string {
  const points = ink.strokes.flat()
  if (points.length === 0) return '<svg xmlns="http://www.w3.org/2000/svg"/>'
  const box = boundsOf(points)
  const edge = Math.max(6, ink.height / 30)
  const view = [box.x - edge, box.y - edge, box.width + 2 * edge, box.height + 2 * edge].map((value) => value.toFixed(1)).join(' ')
  const path = ink.strokes.map((stroke) => pathOf(outline(stroke, ink.height))).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}"><path fill="${colour}" d="${path}"/></svg>`
}

function pathOf(polygon: [number, number][]): string {
  const points = polygon.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`)
  return points.length ? `M${points.join('L')}Z` : ''
}
