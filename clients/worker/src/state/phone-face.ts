/** The old number is gone: a face check, made for one new number, takes the place of its code (A1). */

import { computed, shallowRef } from 'vue'
import type { FaceCheck } from '../core/api-types'
import { ApiError } from '../core/errors'
import { phoneDraft } from './drafts'
import { faceStart, useFace } from './face'
import { useFollow } from './follow'
import { api } from './services'

const PURPOSE = { for: 'phone' } as const

export function usePhoneFace() {
  const check = shallowRef<FaceCheck | null>(null)
  const openFace = useFace()
  let wanted = 0
  const { trouble, follow, stop } = useFollow<FaceCheck>(() => api.faceCheck(check.value?.id ?? ''), (now) => now.status !== 'waiting')
  const stage = computed(() => (check.value ? (['waiting', 'passed'].includes(check.value.status) ? check.value.status : 'over') : 'ask'))

  /** The check that was begun in this tab; the number that it is for. */
  async function resume(): Promise<string> {
    const draft = phoneDraft.load()
    if (!draft) return ''
    const found = await api.faceCheck(draft.faceCheck).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    })
    if (phoneDraft.load()?.faceCheck !== draft.faceCheck) return '' // dropped meanwhile
    check.value = found
    return draft.phone
  }

  async function begin(phone: string, provider: string): Promise<void> {
    const mine = ++wanted
    const begun = await api.startPhoneFace({ phone, ...faceStart(PURPOSE, provider) })
    if (mine !== wanted) return // dropped meanwhile
    check.value = begun
    phoneDraft.save({ phone, faceCheck: begun.id })
    await openFace(begun, PURPOSE)
  }

  /** On a PC, until the phone is done. */
  async function wait(): Promise<void> {
    const last = await follow()
    if (last) check.value = last
  }

  async function reopen(): Promise<void> {
    if (check.value) await openFace(check.value, PURPOSE)
  }

  function drop(): void {
    stop()
    wanted++
    phoneDraft.clear()
    check.value = null
  }

  return { check, stage, trouble, resume, begin, wait, reopen, drop }
}
