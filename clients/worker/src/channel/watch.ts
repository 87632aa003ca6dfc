/** Pages coming on screen, by the platform's observer. */

import type { WatchedPages } from './types'

interface Seen { dataset?: { page?: string }; intersectionRatio: number; intersectionRect: { height: number } }
const isInside = (seen: Seen): boolean => seen.intersectionRatio > 0 || seen.intersectionRect.height > 0

export const OBSERVE_ALL = { observeAll: true, thresholds: [0] }

/** One observer, made with `OBSERVE_ALL`; the element's `data-page` says which. */
export function watchTogether(observer: UniApp.IntersectionObserver, watched: WatchedPages): () => void {
  observer.relativeToViewport(watched.margins).observe(`.${watched.name}`, (result) => {
    const seen = result as unknown as Seen
    watched.changed(Number(seen.dataset?.page), isInside(seen))
  })
  return () => observer.disconnect()
}

/** One for each: Alipay's answers don't say which element they are about. */
export function watchEach(create: () => UniApp.IntersectionObserver, watched: WatchedPages): () => void {
  const observers = watched.numbers.map((number) => {
    const observer = create()
    observer.relativeToViewport(watched.margins).observe(`#${watched.name}-${number}`, (result) => watched.changed(number, isInside(result)))
    return observer
  })
  return () => observers.forEach((observer) => observer.disconnect())
}
