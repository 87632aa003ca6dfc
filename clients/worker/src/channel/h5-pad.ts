/** Signature surface on a canvas, fed by pointer events: finger, pen with pressure, mouse. */

import { paint, sharpness } from './paint'
import type { PadHandlers, PadSample, PadSurface } from './types'

export async function openPad(canvasId: string, handlers: PadHandlers): Promise<PadSurface> {
  const host = await laidOut(canvasId)
  const { width, height } = host.getBoundingClientRect()
  const ratio = sharpness(window.devicePixelRatio)
  const canvas = sharpCanvas(host, width * ratio, height * ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no 2d canvas')
  context.scale(ratio, ratio)
  const release = listen(host, handlers)
  const close = (): void => {
    release()
    canvas.remove()
  }
  return { width, height, draw: (polygons) => paint(context, width, height, polygons), touch: () => undefined, close }
}

/** Over uni-app's own canvas, which changes its size and scale by itself on screens of high density. */
function sharpCanvas(host: HTMLElement, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.className = 'pad-ink'
  canvas.width = Math.round(width)
  canvas.height = Math.round(height)
  Object.assign(canvas.style, { position: 'absolute', left: '0', top: '0', width: '100%', height: '100%' })
  host.append(canvas)
  return canvas
}

/** The element once the browser has given it a size. */
async function laidOut(id: string): Promise<HTMLElement> {
  for (let frame = 0; frame < 60; frame++) {
    const element = document.getElementById(id)
    if (element && element.clientWidth > 0) return element
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  throw new Error(`#${id} is not on the page`)
}

function listen(host: HTMLElement, handlers: PadHandlers): () => void {
  let active: number | null = null
  const down = (event: PointerEvent): void => {
    if (active !== null || event.button > 0) return
    event.preventDefault()
    active = event.pointerId
    host.setPointerCapture(event.pointerId)
    handlers.start(sample(host, event))
  }
  const move = (event: PointerEvent): void => {
    if (event.pointerId !== active) return
    const events = event.getCoalescedEvents?.() ?? []
    handlers.move((events.length ? events : [event]).map((one) => sample(host, one)))
  }
  const up = (event: PointerEvent): void => {
    if (event.pointerId !== active) return
    active = null
    handlers.end()
  }
  const bound: [string, (event: PointerEvent) => void][] = [['pointerdown', down], ['pointermove', move], ['pointerup', up], ['pointercancel', up]]
  for (const [name, handler] of bound) host.addEventListener(name, handler as EventListener)
  return () => {
    for (const [name, handler] of bound) host.removeEventListener(name, handler as EventListener)
  }
}

/** A mouse or a plain screen reports a constant pressure: that is "not measured". */
function sample(host: HTMLElement, event: PointerEvent): PadSample {
  const frame = host.getBoundingClientRect()
  const measured = event.pointerType === 'pen' && event.pressure > 0
  return {
    x: event.clientX - frame.left,
    y: event.clientY - frame.top,
    at: event.timeStamp,
    pressure: measured ? Math.round(event.pressure * 1000) / 1000 : null,
  }
}
