/** "It is me", before a file or a text is handed out (B6, B7): a face check, or a code for who shows no face. */

import { computed, shallowRef } from 'vue'
import type { DownloadCheck, DownloadProof, FaceCheck, FaceStart } from '../core/api-types'
import type { Kept } from './drafts'
import { faceStart, useFace, type FacePurpose } from './face'
import { useFollow } from './follow'
import { api } from './services'

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
  const failed = computed(() => (found.value && !['waiting', 'passed'].includes(found.value.status) ? found.value : null))

  async function beginFace(provider: string): Promise<void> {
    const started = await of.start(faceStart(of.purpose(), provider))
    of.kept().save({ face_check: started.id })
    begun.value = started.qr ? started : null
    await openFace(started, of.purpose())
  }

  async function begin(method: 'sms' | 'pin'): Promise<void> {
    begun.value = await of.start({ method })
  }

  async function prove(method: 'sms' | 'pin', typed: string): Promise<void> {
    const id = begun.value?.id
    if (!id) return
    await (method === 'pin' ? api.provePin(id, typed) : api.proveIntent(id, typed))
    of.kept().save({ intent: id })
  }

  function drop(): void {
    stop()
    begun.value = null
  }

  return { begun, found, failed, trouble, follow, beginFace, begin, prove, drop }
}
