/** The form while it is typed: saved on the server, one request after the other, and here until that worked. */

import { onHide, onUnload } from '@dcloudio/uni-app'
import { onUnmounted, ref, watch, type Ref } from 'vue'
import type { OnboardingForm } from '../core/api-types'
import { asApiError, nextStep } from '../core/errors'
import { onboardingDraft } from './drafts'
import { api } from './services'
import { useOnline } from './timers'

const PAUSE_MS = 800

export type SaveState = '' | 'saving' | 'saved' | 'unsaved'

export interface Saving { state: Ref<SaveState>; change: (form: OnboardingForm) => void; flush: () => Promise<void>; stop: () => void }

/** `over`: the server says that nothing can be saved any more. */
export function useSaving(id: () => string, over: () => void): Saving {
  const state = ref<SaveState>('')
  const online = useOnline()
  let waiting: OnboardingForm | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let line: Promise<void> = Promise.resolve()

  function change(form: OnboardingForm): void {
    waiting = form
    onboardingDraft(id()).save(form)
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), PAUSE_MS)
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    line = line.then(send)
    return line
  }

  async function send(): Promise<void> {
    const form = waiting
    if (!form) return
    waiting = null
    state.value = 'saving'
    try {
      await api.saveOnboarding(id(), form)
      state.value = 'saved'
      if (!waiting) onboardingDraft(id()).clear()
    } catch (reason) {
      waiting ??= form
      state.value = 'unsaved'
      if (nextStep(asApiError(reason)) === 'reload') over()
    }
  }

  function stop(): void {
    clearTimeout(timer)
    waiting = null
    onboardingDraft(id()).clear()
  }

  watch(online, (now) => now && void flush())
  onHide(() => void flush())
  onUnload(() => void flush())
  onUnmounted(() => clearTimeout(timer))
  return { state, change, flush, stop }
}
