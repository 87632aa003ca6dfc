import { describe, expect, it } from 'vitest'
import { isFinished, missing, unreported } from '../src/core/reading'

const OPENED = '2026-11-20T10:00:00+08:00'
const at = (seconds: number) => Date.parse(OPENED) + seconds * 1000
const reading = (change: object = {}) => ({ required_seconds: 30, seen_pages: [1, 2], opened_at: OPENED, complete: false, ...change })

describe('reading gate', () => {
  it('names missing pages and seconds', () => {
    expect(missing(reading(), 4, at(12.2))).toEqual({ pages: [3, 4], seconds: 18 })
  })

  it('counts nothing before the server opened it, and never more than required', () => {
    expect(missing(reading({ opened_at: null }), 2, at(500)).seconds).toBe(30)
    expect(missing(reading(), 2, at(-60)).seconds).toBe(30)
  })

  it('needs both: pages and time', () => {
    expect(isFinished(missing(reading(), 2, at(29)))).toBe(false)
    expect(isFinished(missing(reading({ seen_pages: [1] }), 2, at(31)))).toBe(false)
    expect(isFinished(missing(reading(), 2, at(30)))).toBe(true)
  })

  it('believes the server when it says complete', () => {
    expect(missing(reading({ complete: true, seen_pages: [] }), 9, at(0))).toEqual({ pages: [], seconds: 0 })
  })

  it('reports each page once, in order', () => {
    expect(unreported([5, 1, 3, 5], reading())).toEqual([3, 5])
  })
})
