/** Clocks that stop with their page. */

import { onLoad } from '@dcloudio/uni-app'
import { computed, onUnmounted, ref, type ComputedRef, type Ref } from 'vue'
import { channel } from '../channel'
import { here } from './nav'

/** Ticks each second while something has to be counted. */
export function useTick(): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), 1000)
  onUnmounted(() => clearInterval(timer))
  return now
}

/** Seconds that are left of a pause. */
export function useCountdown(): { left: ComputedRef<number>; start: (seconds: number) => void } {
  const until = ref(0)
  const now = useTick()
  const left = computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1000)))
  function start(seconds: number): void {
    now.value = Date.now()
    until.value = now.value + seconds * 1000
  }
  return { left, start }
}

/** Now and then while the page lives. */
export function useEvery(ms: number, callback: () => void): void {
  const timer = setInterval(callback, ms)
  onUnmounted(() => clearInterval(timer))
}

export function useOnline(): Ref<boolean> {
  const online = ref(channel.isOnline())
  onUnmounted(channel.onNetwork((next) => (online.value = next)))
  return online
}

/** The app came back from the background to this page: what is shown may be old. Pages below it stay as they are. */
export function useReturn(callback: () => void): void {
  let own = ''
  onLoad(() => (own = here()))
  onUnmounted(channel.onReturn(() => here() === own && callback()))
}
