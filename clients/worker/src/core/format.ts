/** Times as people in China read them, whatever zone the phone is set to. */

const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000

function parts(iso: string): { day: string; time: string } {
  const text = new Date(Date.parse(iso) + SHANGHAI_OFFSET_MS).toISOString()
  return { day: text.slice(0, 10), time: text.slice(11, 16) }
}

/** 2026-11-20 */
export function day(iso: string | null | undefined): string {
  return iso ? parts(iso).day : ''
}

/** 2026-11-20 14:05 */
export function dayTime(iso: string | null | undefined): string {
  return iso ? `${parts(iso).day} ${parts(iso).time}` : ''
}

/** Whole days until a deadline, 0 on its last day, negative after it. */
export function daysLeft(iso: string, nowMs: number): number {
  const startOfDay = (ms: number): number => Math.floor((ms + SHANGHAI_OFFSET_MS) / 86400000)
  return startOfDay(Date.parse(iso)) - startOfDay(nowMs)
}
