import { describe, expect, it } from 'vitest'
import { clamp, FIT, follow, MAX_SCALE, TAP_SCALE, toggle, zoomAt } from '../src/core/zoom'

const frame = { width: 390, height: 700 }
const picture = { width: 390, height: 552 }

describe('zoom', () => {
  it('keeps the point under the fingers', () => {
    const view = zoomAt(FIT, 2, { x: 100, y: 50 })
    expect((100 - view.x) / view.scale).toBeCloseTo(100)
    expect((50 - view.y) / view.scale).toBeCloseTo(50)
  })

  it('stays between whole page and five times', () => {
    expect(zoomAt(FIT, 0.2, { x: 0, y: 0 }).scale).toBe(1)
    expect(zoomAt(FIT, 99, { x: 0, y: 0 }).scale).toBe(MAX_SCALE)
  })

  it('never shows more than an edge', () => {
    expect(clamp({ scale: 2, x: 80, y: -2000 }, frame, picture)).toEqual({ scale: 2, x: 0, y: 700 - 1104 })
    expect(clamp(FIT, frame, picture).y).toBe(74)
  })

  it('follows one finger and two', () => {
    expect(follow(FIT, [{ x: 10, y: 10 }], [{ x: 15, y: 30 }])).toEqual({ scale: 1, x: 5, y: 20 })
    const pinched = follow(FIT, [{ x: 100, y: 100 }, { x: 200, y: 100 }], [{ x: 50, y: 100 }, { x: 250, y: 100 }])
    expect(pinched).toEqual({ scale: 2, x: -150, y: -100 })
  })

  it('toggles by double tap', () => {
    const near = toggle(FIT, { x: 0, y: 0 })
    expect(near.scale).toBe(TAP_SCALE)
    expect(toggle(near, { x: 0, y: 0 })).toEqual(FIT)
  })
})
