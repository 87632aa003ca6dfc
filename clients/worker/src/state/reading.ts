/** Reads along: which pages came to their end on screen, told to the server, and what is still missing. */

import { computed, onUnmounted, ref, type ShallowRef } from 'vue'
import type { Contract, Reading } from '../core/api-types'
import { isFinished, missing, unreported } from '../core/reading'
import { api, client } from './services'
import { useTick } from './timers'

const GATHER_MS = 500
const RETRY_MS = 3000

export function useReading(contract: ShallowRef<Contract | null>) {
  const tick = useTick()
  const seen = new Set<number>()
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | null = null

  const gap = computed(() => {
    const now = contract.value
    void tick.value
    return now ? missing(now.reading, now.page_count, client.serverNow()) : { pages: [], seconds: 0 }
  })
  const needed = computed(() => contract.value?.actions.includes('confirm') ?? false)
  onUnmounted(() => timer && clearTimeout(timer))

  function markSeen(page: number): void {
    if (!needed.value || contract.value?.reading.complete || seen.has(page)) return
    seen.add(page)
    schedule(GATHER_MS)
  }

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null
      void report()
    }, ms)
  }

  /** The server's clock decides; a lost report is simply sent again. */
  async function report(): Promise<void> {
    const now = contract.value
    if (!now || asking.value) return
    asking.value = true
    try {
      const { reading } = await api.viewPages(now.id, toReport(now.reading))
      if (contract.value) contract.value = { ...contract.value, reading }
    } catch {
      schedule(RETRY_MS)
    } finally {
      asking.value = false
    }
  }

  /** New pages; when only the time was missing, a page that the server knows already. */
  function toReport(known: Reading): number[] {
    const fresh = unreported(seen, known)
    return fresh.length ? fresh : known.seen_pages.slice(0, 1)
  }

  /** The last second is over by our clock: ask whether it is by the server's. Or pages were seen during a report. */
  function settle(): void {
    const now = contract.value
    if (!now || !needed.value || now.reading.complete) return
    if (isFinished(gap.value) || unreported(seen, now.reading).length) schedule(GATHER_MS)
  }

  return { gap, tick, markSeen, settle, report, needed }
}
