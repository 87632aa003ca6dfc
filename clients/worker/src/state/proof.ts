/** "It is me", before a file or a text is handed out (B6, B7): a face check, or a code for who shows no face. */

import { computed, shallowRef } from 'vue'
import type { DownloadCheck, DownloadProof, FaceCheck, FaceStart } from '../core/api-types'
import type { Kept } from './drafts'
import { faceStart, useFace, type FacePurpose } from './face'
import { useFollow } from './follow'
import { api } from './services'
import { asLongAs } from './work'

export interface ProofOf {
  purpose: () => FacePurpose
  start: (body: FaceStart | { method: 'sms' | 'pin' }) => Promise<DownloadCheck>
  kept: () => Kept<DownloadProof>
}
export type Proof = ReturnType<typeof useProof>

export function useProof(of: ProofOf) {
  /** What was begun on this page: a code to type, or a check that a phone does for this PC. */
  const begun = shallowRef<DownloadCheck | null>(null)
  const { found, trouble, follow, stop } = useFollow<FaceCheck>(() => api.faceCheck(begun.value?.id ?? ''), (now) => now.status !== 'waiting')
  const openFace = useFace()
  let wanted = 0
  const failed = computed(() => (found.value && !['waiting', 'passed'].includes(found.value.status) ? found.value : null))

  /** False: something else was chosen meanwhile, or the question was closed. */
  async function beginFace(provider: string): Promise<boolean> {
    const mine = ++wanted
    const started = await asLongAs(() => mine === wanted, () => of.start(faceStart(of.purpose(), provider)))
    if (!started) return false
    of.kept().save({ face_check: started.id })
    begun.value = started.qr ? started : null
    await openFace(started, of.purpose())
    return true
  }

  /** The same. */
  async function begin(method: 'sms' | 'pin'): Promise<boolean> {
    const mine = ++wanted
    const started = await asLongAs(() => mine === wanted, () => of.start({ method }))
    if (started) begun.value = started
    return started !== null
  }

  async function prove(method: 'sms' | 'pin', typed: string): Promise<void> {
    const id = begun.value?.id
    if (!id) return
    await (method === 'pin' ? api.provePin(id, typed) : api.proveIntent(id, typed))
    of.kept().save({ intent: id })
  }

  function drop(): void {
    wanted++
    stop()
    begun.value = null
  }

  return { begun, found, failed, trouble, follow, beginFace, begin, prove, drop }
}
