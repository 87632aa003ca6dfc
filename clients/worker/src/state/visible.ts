/** Which pages of the document are on screen. */

import { getCurrentInstance, nextTick, onMounted, onUnmounted } from 'vue'
import { channel, type Margins, type WatchedPages } from '../channel'

/** The strip at eye level, below the bars: the page that is being read. */
export const EYE_LEVEL: Margins = { top: -120, bottom: -420 }

export function useVisiblePages(watched: () => WatchedPages[]): void {
  const owner = getCurrentInstance()?.proxy
  const ends: (() => void)[] = []
  onMounted(async () => {
    await nextTick()
    for (const one of watched()) ends.push(channel.watchPages(owner, one))
  })
  onUnmounted(() => ends.forEach((end) => end()))
}

/** Remembers who is inside and tells the first of them. */
export function firstInside(tell: (page: number) => void): (page: number, inside: boolean) => void {
  const pages = new Set<number>()
  return (page, inside) => {
    if (inside) pages.add(page)
    else pages.delete(page)
    if (pages.size) tell(Math.min(...pages))
  }
}
