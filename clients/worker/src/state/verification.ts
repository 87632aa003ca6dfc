/** One verification from the choice of method to "verified", resumable by the id this phone keeps (B2). */

import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { channel } from '../channel'
import type { AgreementKind, Verification, VerificationChoice, VerificationMethod } from '../core/api-types'
import { ApiError } from '../core/errors'
import { idNumber } from '../core/forms'
import { openState } from '../core/resume'
import { openVerification, verifyDraft } from './drafts'
import { api, client } from './services'
import { findSession } from './session'

const CONSENTS: Record<VerificationMethod, AgreementKind[]> = { phone: ['verification_consent', 'esign_consent'], face: ['verification_consent', 'face_consent', 'esign_consent'] }

export function useVerification() {
  const form = reactive(verifyDraft.load() ?? { name: '', idNumber: '', method: null as VerificationMethod | null })
  const choices = shallowRef<VerificationChoice[]>([])
  const started = shallowRef<Verification | null>(null)
  const given = ref<AgreementKind[]>([])
  watch(form, () => verifyDraft.save({ ...form }))

  const stage = computed(() => {
    if (started.value) return openState(started.value, client.serverNow())
    return form.method ? 'form' : 'choose'
  })

  /** False when the person is verified already. */
  async function load(): Promise<boolean> {
    const session = await findSession(true)
    if (!session) throw new ApiError('session_ended', 401)
    if (session.person) return false
    const [methods, consents] = await Promise.all([api.verificationMethods(), api.consents()])
    choices.value = methods
    given.value = consents.filter((one) => one.current && one.given_at).map((one) => one.kind)
    await resume()
    return true
  }

  async function resume(): Promise<void> {
    const open = openVerification.load()
    if (!open) return
    const found = await api.verification(open.id).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    })
    started.value = found ? { ...found, url: found.url ?? open.url } : null
  }

  const missingConsents = (method: VerificationMethod): AgreementKind[] => CONSENTS[method].filter((kind) => !given.value.includes(kind))

  /** `back` is the page that asked for it, kept for the return from a face check. */
  async function start(back: string | null): Promise<void> {
    const method = form.method ?? 'phone'
    const body = { method, name: form.name.trim(), id_number: idNumber(form.idNumber) }
    const face = method === 'face' ? { return_path: channel.faceReturnPath({ for: 'verification' }) } : {}
    started.value = await api.startVerification({ ...body, ...face })
    openVerification.save({ id: started.value.id, method, url: started.value.url ?? null, back })
    if (started.value.url) channel.openFaceCheck(started.value.url)
  }

  /** Back to the choice; what was typed stays. */
  function change(): void {
    openVerification.clear()
    started.value = null
    form.method = null
  }

  async function finish(): Promise<void> {
    openVerification.clear()
    verifyDraft.clear()
    await findSession(true)
  }

  return { form, choices, started, stage, load, missingConsents, start, change, finish }
}
