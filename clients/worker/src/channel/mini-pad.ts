/** Signature surface on a mini-program's canvas node, fed by the canvas's own touch events. */

import { paint, sharpness, type Ink2d } from './paint'
import type { PadHandlers, PadSample, PadSurface, TouchPhase } from './types'

export interface CanvasNode { width: number; height: number; getContext(kind: '2d'): Ink2d | null }
export interface FoundCanvas { node: CanvasNode; width: number; height: number; left: number; top: number }
interface Finger { identifier?: number; x?: number; y?: number; clientX: number; clientY: number }
interface PadEvent { touches?: Finger[]; changedTouches?: Finger[] }

const TRIES = 20
const PAUSE_MS = 50

/** `find` asks the platform; the canvas may not be laid out yet. */
export async function openNodePad(find: () => Promise<FoundCanvas | null>, pixelRatio: number, handlers: PadHandlers): Promise<PadSurface> {
  const found = await patiently(find)
  const ratio = sharpness(pixelRatio)
  found.node.width = Math.round(found.width * ratio)
  found.node.height = Math.round(found.height * ratio)
  const context = found.node.getContext('2d')
  if (!context) throw new Error('no 2d canvas')
  context.scale(ratio, ratio)
  const { width, height } = found
  return { width, height, draw: (polygons) => paint(context, width, height, polygons), touch: follower(found, handlers), close: () => undefined }
}

async function patiently(find: () => Promise<FoundCanvas | null>): Promise<FoundCanvas> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await find()
    if (found && found.node && found.width > 0) return found
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error('the canvas is not on the page')
}

/** Only the first finger writes. */
function follower(frame: FoundCanvas, handlers: PadHandlers): (phase: TouchPhase, event: unknown) => void {
  let active: number | null = null
  const sample = (finger: Finger): PadSample => ({ x: finger.x ?? finger.clientX - frame.left, y: finger.y ?? finger.clientY - frame.top, at: Date.now(), pressure: null })
  const idOf = (finger: Finger): number => finger.identifier ?? 0
  return (phase, event) => {
    const { touches = [], changedTouches = touches } = event as PadEvent
    if (phase === 'start' && active === null) {
      const finger = changedTouches[0] ?? touches[0]
      if (!finger) return
      active = idOf(finger)
      handlers.start(sample(finger))
    } else if (phase === 'move' && active !== null) {
      const finger = Array.from(changedTouches).find((one) => idOf(one) === active)
      if (finger) handlers.move([sample(finger)])
    } else if (phase === 'end' && Array.from(changedTouches).some((one) => idOf(one) === active)) {
      active = null
      handlers.end()
    }
  }
}
