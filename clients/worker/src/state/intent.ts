/** Proof of will for one document, and the submission that uses it. Both survive a killed app. */

import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import type { Intent, IntentMethod, Signable } from '../core/api-types'
import { ApiError } from '../core/errors'
import { openState } from '../core/resume'
import { currentFlow, flowOf } from './drafts'
import { faceStart, useFace, type FacePurpose } from './face'
import { api, client } from './services'
import { useLeft } from './work'

/** What a face check comes back to. */
export function intentPurpose(of: Signable): FacePurpose {
  return { for: 'intent', contract: of.id, ...(of.kind === 'authorisation' ? { kind: of.kind } : {}) }
}

export function useIntent(contract: ShallowRef<Signable | null>) {
  const intent = shallowRef<Intent | null>(null)
  const lost = ref(false)
  const openFace = useFace()
  const left = useLeft()
  let wanted = 0
  const stage = computed(() => (intent.value ? openState(intent.value, client.serverNow()) : 'choose'))

  function remember(change: { intent?: { id: string; method: IntentMethod } | null; submitted?: boolean }): void {
    const now = contract.value
    if (now) flowOf(now.id).save({ ...currentFlow(now.id, now.content_sha256), ...change })
  }

  /** The proof that this phone began earlier, as the server knows it now. */
  async function resume(): Promise<void> {
    const now = contract.value
    if (!now) return
    const flow = currentFlow(now.id, now.content_sha256)
    lost.value = flow.submitted
    if (!flow.intent) return
    const found = await api.intent(flow.intent.id).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    })
    // Another way may have been chosen meanwhile.
    if (currentFlow(now.id, now.content_sha256).intent?.id === flow.intent.id) intent.value = found
  }

  async function start(method: IntentMethod, provider?: string): Promise<void> {
    const now = contract.value
    if (!now) return
    const purpose = intentPurpose(now)
    const mine = ++wanted
    const face = method === 'face' ? faceStart(purpose, provider) : {}
    const begun = await api.startIntent(now, { method, content_sha256: now.content_sha256, ...face })
    if (mine !== wanted || left()) return // what was chosen since counts, here or on this page opened again
    intent.value = begun
    remember({ intent: { id: begun.id, method } })
    if (method === 'face' && begun.status === 'waiting') await openFace(begun, purpose)
  }

  function change(): void {
    wanted++
    intent.value = null
    remember({ intent: null })
  }

  /** Sends the act. The body is rebuilt from storage byte for byte, so that a repeat is the same request. */
  async function submit(): Promise<Signable> {
    const now = contract.value
    const flow = now && currentFlow(now.id, now.content_sha256)
    if (!now || !flow?.ink || !flow.intent) throw new ApiError('intent_not_proved', 409)
    remember({ submitted: true })
    try {
      const signed = await api.sign(now, { challenge_id: flow.intent.id, content_sha256: flow.content_sha256, ink: flow.ink })
      flowOf(now.id).clear()
      return signed
    } catch (error) {
      if (error instanceof ApiError && !error.uncertain) remember({ submitted: false })
      throw error
    }
  }

  return { intent, stage, lost, resume, start, change, submit }
}
