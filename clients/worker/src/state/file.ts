/** The signed file, with the proof that an organisation may put before it (B7): a face check, or a code for who shows no face. */

import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import { channel } from '../channel'
import type { Contract, DownloadCheck, FaceCheck } from '../core/api-types'
import { ApiError } from '../core/errors'
import { downloadCheck } from './drafts'
import { faceStart, openFace } from './face'
import { useFollow } from './follow'
import { api } from './services'

/** The proof is refused: used up, too old, for something else. A mini-program's download tells the status only. */
function isWorthless(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return /^(download_check|face_check|intent)/.test(error.code) || (error.code === 'bad_answer' && error.status >= 403 && error.status < 429)
}

export function useFile(contract: ShallowRef<Contract | null>) {
  const saved = ref(false)
  /** What was begun on this page: a code to type, or a check that a phone does for this PC. */
  const begun = shallowRef<DownloadCheck | null>(null)
  const { found, trouble, follow, stop } = useFollow<FaceCheck>(() => api.faceCheck(begun.value?.id ?? ''), (now) => now.status !== 'waiting')
  const failed = computed(() => (found.value && !['waiting', 'passed'].includes(found.value.status) ? found.value : null))

  /** True when somebody has to prove something first. The server decides whether a proof is still good. */
  async function save(): Promise<boolean> {
    const now = contract.value
    if (!now) return false
    const proof = downloadCheck(now.id).load()
    if (now.download_check && !proof) return true
    try {
      await channel.saveFile({ path: api.fileUrl(now.id, proof), filename: `${now.title}-${now.number}.pdf` })
    } catch (error) {
      if (!now.download_check || !isWorthless(error)) throw error
      downloadCheck(now.id).clear()
      return true
    }
    saved.value = true
    return false
  }

  async function beginFace(provider?: string): Promise<void> {
    const now = contract.value
    if (!now) return
    const purpose = { for: 'download', contract: now.id } as const
    const started = await api.startDownloadCheck(now.id, faceStart(purpose, provider))
    downloadCheck(now.id).save({ face_check: started.id })
    begun.value = started.qr ? started : null
    await openFace(started, purpose)
  }

  async function beginCode(): Promise<void> {
    const now = contract.value
    if (now) begun.value = await api.startDownloadCheck(now.id, { method: 'sms' })
  }

  async function proveCode(code: string): Promise<void> {
    const now = contract.value
    const id = begun.value?.id
    if (!now || !id) return
    await api.proveIntent(id, code)
    downloadCheck(now.id).save({ intent: id })
  }

  function drop(): void {
    stop()
    begun.value = null
  }

  return { saved, begun, found, failed, trouble, follow, save, beginFace, beginCode, proveCode, drop }
}
