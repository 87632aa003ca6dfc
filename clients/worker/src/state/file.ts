/** The signed file, with the proof that an organisation may put before it (B7). */

import { ref, type ShallowRef } from 'vue'
import { channel } from '../channel'
import type { Contract } from '../core/api-types'
import { ApiError } from '../core/errors'
import { downloadCheck } from './drafts'
import { useProof } from './proof'
import { api } from './services'

/** The proof is refused: used up, too old, for something else. A mini-program's download tells the status only. */
function isWorthless(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return /^(download_check|face_check|intent)/.test(error.code) || (error.code === 'bad_answer' && error.status >= 403 && error.status < 429)
}

export function useFile(contract: ShallowRef<Contract | null>) {
  const saved = ref(false)
  const id = (): string => contract.value?.id ?? ''
  const proof = useProof({
    purpose: () => ({ for: 'download', contract: id() }),
    start: (body) => api.startDownloadCheck(id(), body),
    kept: () => downloadCheck(id()),
  })

  /** True when somebody has to prove something first. The server decides whether a proof is still good. */
  async function save(): Promise<boolean> {
    const now = contract.value
    if (!now) return false
    const kept = downloadCheck(now.id).load()
    if (now.download_check && !kept) return true
    try {
      await channel.saveFile({ path: api.fileUrl(now.id, kept), filename: `${now.title}-${now.number}.pdf` })
    } catch (error) {
      if (!now.download_check || !isWorthless(error)) throw error
      downloadCheck(now.id).clear()
      return true
    }
    saved.value = true
    return false
  }

  return { saved, save, proof }
}
