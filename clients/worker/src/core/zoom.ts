/** Pinch, drag and double tap on a picture: geometry only. Lengths in px of the frame, origin at its top left. */

export interface View { scale: number; x: number; y: number }
export interface Size { width: number; height: number }
export interface Point { x: number; y: number }

export const MAX_SCALE = 5
export const TAP_SCALE = 2.5
export const FIT: View = { scale: 1, x: 0, y: 0 }

/** Scales by `factor` so that the picture's point under `at` stays under it. */
export function zoomAt(view: View, factor: number, at: Point): View {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor))
  const real = scale / view.scale
  return { scale, x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real }
}

/** Keeps the picture over the frame: no edge comes further in than the frame's, a smaller picture is centred. */
export function clamp(view: View, frame: Size, picture: Size): View {
  const along = (offset: number, frameLength: number, length: number): number => {
    const shown = length * view.scale
    if (shown <= frameLength) return (frameLength - shown) / 2
    return Math.min(0, Math.max(frameLength - shown, offset))
  }
  return { scale: view.scale, x: along(view.x, frame.width, picture.width), y: along(view.y, frame.height, picture.height) }
}

/** One step of a gesture: the fingers were at `before`, now are at `after` (one or two points each). */
export function follow(view: View, before: Point[], after: Point[]): View {
  const from = middle(before)
  const to = middle(after)
  const moved = { scale: view.scale, x: view.x + to.x - from.x, y: view.y + to.y - from.y }
  const was = span(before)
  const is = span(after)
  return was > 0 && is > 0 ? zoomAt(moved, is / was, to) : moved
}

export function toggle(view: View, at: Point): View {
  return view.scale > 1.05 ? FIT : zoomAt(view, TAP_SCALE, at)
}

function middle(points: Point[]): Point {
  const n = Math.max(1, points.length)
  return { x: points.reduce((sum, p) => sum + p.x, 0) / n, y: points.reduce((sum, p) => sum + p.y, 0) / n }
}

function span(points: Point[]): number {
  const [a, b] = points
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0
}
