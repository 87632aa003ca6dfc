import { describe, expect, it } from 'vitest'
import type { Ink, InkPoint } from '../src/core/api-types'
import { InkPad, outline, refusal, toSvg, turn } from '../src/core/ink'

/** `n` samples from `at(0)` to `at(1)` over `ms`. */
function stroke(n: number, ms: number, at: (part: number) => [number, number]): InkPoint[] {
  return Array.from({ length: n }, (_, i) => [...at(i / (n - 1)), (i * ms) / (n - 1), null] as InkPoint)
}
const ink = (strokes: InkPoint[][], width = 600): Ink => ({ width, height: 300, strokes })
const wave = (n: number, ms: number, length = 400) => stroke(n, ms, (p) => [50 + p * length, 150 + 60 * Math.sin(p * 12)])

describe('refusal', () => {
  it('accepts a signature', () => expect(refusal(ink([wave(80, 1200)]))).toBeNull())
  it('refuses nothing', () => expect(refusal(ink([]))).toBe('empty'))
  it('refuses a dot', () => expect(refusal(ink([stroke(40, 900, () => [100, 100])]))).toBe('too_short'))
  it('refuses a straight line, level or slanted', () => {
    expect(refusal(ink([stroke(60, 900, (p) => [50 + 400 * p, 150])]))).toBe('straight_line')
    expect(refusal(ink([stroke(60, 900, (p) => [50 + 400 * p, 40 + 200 * p + Math.sin(p * 40)])]))).toBe('straight_line')
  })
  it('has its limits where the server has them', () => {
    expect(refusal(ink([wave(23, 1200)]))).toBe('too_short')
    expect(refusal(ink([wave(24, 1200)]))).toBeNull()
    expect(refusal(ink([wave(80, 499)]))).toBe('too_fast')
    expect(refusal(ink([wave(80, 500)]))).toBeNull()
    const zigzag = (width: number) => stroke(40, 900, (p) => [100 + p * width, 100 + 10 * Math.sin(p * 9)])
    expect(refusal(ink([zigzag(200)]))).toBe('too_short')
    expect(refusal(ink([zigzag(260)]))).toBeNull()
    expect(refusal(ink([zigzag(200)], 240))).toBeNull()
  })
})

describe('pad', () => {
  it('undoes, redoes, and forgets redo after a new stroke', () => {
    const pad = new InkPad(600, 300)
    for (const x of [10, 20, 30]) {
      pad.begin(x, 10, 5000 + x, null)
      pad.extend(x, 60, 5100 + x, null)
    }
    pad.undo()
    expect([pad.strokes.length, pad.canRedo]).toEqual([2, true])
    pad.redo()
    expect([pad.strokes.length, pad.canRedo]).toEqual([3, false])
    pad.undo()
    pad.begin(90, 90, 6000, null)
    expect(pad.canRedo).toBe(false)
    pad.clear()
    expect([pad.canUndo, pad.ink().strokes]).toEqual([false, []])
  })

  it('records time from the first sample, keeps inside the area, drops samples that stand still', () => {
    const pad = new InkPad(600, 300)
    pad.begin(-5, 10, 5000, 0.25)
    pad.extend(-5, 10.2, 5010, 0.3)
    pad.extend(700, 400, 5020.4, 0.5)
    expect(pad.ink()).toEqual({ width: 600, height: 300, strokes: [[[0, 10, 0, 0.25], [600, 300, 20, 0.5]]] })
  })

  it('hands out a copy', () => {
    const pad = new InkPad(600, 300)
    pad.begin(1, 1, 0, null)
    const before = pad.ink()
    pad.extend(50, 50, 10, null)
    expect(before.strokes[0]).toHaveLength(1)
  })
})

it('turns a point of an upright phone into the sideways page', () => {
  expect(turn(390, 0, 390)).toEqual([0, 0])
  expect(turn(0, 800, 390)).toEqual([800, 390])
})

it('draws closed outlines and a picture cut to its bounds', () => {
  expect(outline(wave(40, 800), 300).length).toBeGreaterThan(20)
  const svg = toSvg(ink([wave(40, 800)]))
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="40.0 80/)
  expect(svg).not.toContain('NaN')
  expect(toSvg(ink([wave(40, 800)]))).toMatch(/^[\x20-\x7e]+$/) // mini-programs encode it byte by byte
})
