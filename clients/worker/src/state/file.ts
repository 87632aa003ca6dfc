/** The signed file, with the face check that an organisation may put before it (B7). */

import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import { channel } from '../channel'
import type { Contract, FaceCheck } from '../core/api-types'
import { ApiError } from '../core/errors'
import { downloadCheck } from './drafts'
import { faceStart, openFace } from './face'
import { useFollow } from './follow'
import { api } from './services'


export function useFile(contract: ShallowRef<Contract | null>) {
  const saved = ref(false)
  /** A check that a phone does for this PC. */
  const check = shallowRef<FaceCheck | null>(null)
  const { found, trouble, follow, stop } = useFollow(() => api.faceCheck(check.value?.id ?? ''), (now) => now.status !== 'waiting')
  const failed = computed(() => (found.value && found.value.status !== 'waiting' && found.value.status !== 'passed' ? found.value : null))

  /** Straight away, or after the face check that this device passed. True when the check still has to be done. */
  async function save(): Promise<boolean> {
    const now = contract.value
    if (!now) return false
    const passed = now.download_check ? await passedCheck(now.id) : undefined
    if (now.download_check && !passed) return true
    await channel.saveFile({ path: api.fileUrl(now.id, passed), filename: `${now.title}-${now.number}.pdf` })
    saved.value = true
    return false
  }

  async function passedCheck(contractId: string): Promise<string | undefined> {
    const id = downloadCheck(contractId).load()
    if (!id) return undefined
    const known = await api.faceCheck(id).catch((error: unknown) => {
      if (error instanceof ApiError && !error.uncertain) return null
      throw error
    })
    if (known?.status === 'passed') return id
    if (known?.status !== 'waiting') downloadCheck(contractId).clear()
    return undefined
  }

  async function begin(provider?: string): Promise<void> {
    const now = contract.value
    if (!now) return
    const purpose = { for: 'download', contract: now.id } as const
    const started = await api.startDownloadCheck(now.id, faceStart(purpose, provider))
    downloadCheck(now.id).save(started.id)
    check.value = started.qr ? started : null
    await openFace(started, purpose)
  }

  function stopCheck(): void {
    stop()
    check.value = null
  }

  return { saved, check, found, failed, trouble, follow, save, begin, stopCheck }
}
