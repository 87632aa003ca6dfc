/** Which pages of the document are on screen. Elements carry `data-page`. */

import { getCurrentInstance, nextTick, onMounted, onUnmounted } from 'vue'

/** Px cut off (negative) or added (positive) at the screen's top and bottom. */
interface Margins { top?: number; bottom?: number }

/** The strip at eye level, below the bars: the page that is being read. */
export const EYE_LEVEL: Margins = { top: -120, bottom: -420 }

interface Watched { selector: string; margins: Margins; changed: (page: number, inside: boolean) => void }

export function useVisiblePages(watched: Watched[]): void {
  const instance = getCurrentInstance()
  const observers: UniApp.IntersectionObserver[] = []

  function observe({ selector, margins, changed }: Watched): void {
    const observer = uni.createIntersectionObserver(instance?.proxy, { observeAll: true, thresholds: [0] })
    observer.relativeToViewport(margins).observe(selector, (result) => {
      const page = Number((result as unknown as { dataset: { page: string } }).dataset.page)
      changed(page, result.intersectionRatio > 0 || result.intersectionRect.height > 0)
    })
    observers.push(observer)
  }

  onMounted(async () => {
    await nextTick()
    watched.forEach(observe)
  })
  onUnmounted(() => observers.forEach((observer) => observer.disconnect()))
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
