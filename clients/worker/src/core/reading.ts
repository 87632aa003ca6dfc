/** The reading gate. The server decides; this only tells the person what is still missing. */

import type { Reading } from './api-types'

export interface Missing { pages: number[]; seconds: number }

/** Pages not yet seen and whole seconds left, at `nowMs` of the server's clock. */
export function missing(reading: Reading, pageCount: number, nowMs: number): Missing {
  if (reading.complete) return { pages: [], seconds: 0 }
  const seen = new Set(reading.seen_pages)
  const pages = Array.from({ length: pageCount }, (_, index) => index + 1).filter((page) => !seen.has(page))
  return { pages, seconds: secondsLeft(reading, nowMs) }
}

function secondsLeft(reading: Reading, nowMs: number): number {
  if (!reading.opened_at) return reading.required_seconds
  const spent = (nowMs - Date.parse(reading.opened_at)) / 1000
  return Math.max(0, Math.min(reading.required_seconds, Math.ceil(reading.required_seconds - spent)))
}

export function isFinished(gap: Missing): boolean {
  return gap.pages.length === 0 && gap.seconds === 0
}

/** Pages the client saw that the server hasn't recorded yet. */
export function unreported(seen: Iterable<number>, reading: Reading): number[] {
  const known = new Set(reading.seen_pages)
  return [...new Set(seen)].filter((page) => !known.has(page)).sort((a, b) => a - b)
}
