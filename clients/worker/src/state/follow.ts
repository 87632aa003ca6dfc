/** Waiting for something that happens on another device or at a provider. */

import { onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError } from '../core/errors'
import { translate } from './i18n'
import { wait } from './services'
import { textOf } from './work'

const PAUSE_MS = 2000

export interface Following<T> { found: ShallowRef<T | null>; trouble: Ref<string>; follow: () => Promise<T | null>; stop: () => void }

/** Asks again and again until `isOver` or a refusal; a lost network only pauses it. A second call overtakes the first. */
export function useFollow<T>(ask: () => Promise<T>, isOver: (found: T) => boolean, pauseMs = PAUSE_MS): Following<T> {
  const found = shallowRef<T | null>(null)
  const trouble = ref('')
  let round = 0

  /** The last answer; null when it was stopped or overtaken: then nobody waits for it any more. */
  async function follow(): Promise<T | null> {
    const mine = ++round
    found.value = null
    while (mine === round && !(await askOnce(mine))) await wait(pauseMs)
    return mine === round ? found.value : null
  }

  async function askOnce(mine: number): Promise<boolean> {
    try {
      const now = await ask()
      if (mine !== round) return true
      trouble.value = ''
      found.value = now
      return isOver(now)
    } catch (reason) {
      const failure = asApiError(reason)
      if (mine === round) trouble.value = failure.uncertain ? translate('common.waitingNet') : textOf(failure)
      return !failure.uncertain && failure.status !== 429
    }
  }

  const stop = (): void => void round++
  onUnmounted(stop)
  return { found, trouble, follow, stop }
}
