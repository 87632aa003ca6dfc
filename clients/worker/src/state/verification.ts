/** One verification from the choice of method to "verified", resumable from the server's state (B2). */

import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { channel } from '../channel'
import type { AgreementKind, Verification, VerificationBody, VerificationChoice, VerificationMethod } from '../core/api-types'
import { ApiError } from '../core/errors'
import { idNumber, phoneNumber, plain } from '../core/forms'
import { openState } from '../core/resume'
import { openVerification, verifyDraft, type VerifyDraft } from './drafts'
import { faceStart, usable, useFace } from './face'
import { api, client } from './services'
import { adoptWithLook, findSession } from './session'

const CONSENTS: Record<VerificationMethod, AgreementKind[]> = {
  phone: ['verification_consent', 'esign_consent'],
  bank: ['verification_consent', 'esign_consent'],
  face: ['verification_consent', 'face_consent', 'esign_consent'],
  manual: ['verification_consent', 'esign_consent'],
}
const EMPTY: VerifyDraft = { name: '', idType: 'resident_id', idNumber: '', nationality: '', method: null }

const isForeign = (idType: string): boolean => ['passport', 'foreign_permanent_resident_id'].includes(idType)

export function useVerification() {
  const form = reactive<VerifyDraft>({ ...EMPTY, ...verifyDraft.load() })
  /** Not kept, not even in the tab: a card's number, and pictures that the server has already. */
  const secret = reactive({ card: '', bankPhone: '', documents: [] as string[], provider: '' })
  const choices = shallowRef<VerificationChoice[]>([])
  const started = shallowRef<Verification | null>(null)
  const given = ref<AgreementKind[]>([])
  const openFace = useFace()
  /** Attempts that the person turned away from: the server may still have them open. */
  const dropped = new Set<string>()
  let wanted = 0
  watch(form, () => verifyDraft.save({ ...form }))

  const stage = computed(() => {
    if (started.value) return openState(started.value, client.serverNow())
    return form.method ? 'form' : 'choose'
  })
  const choice = computed(() => choices.value.find((one) => one.method === form.method) ?? null)
  const providers = computed(() => usable(choice.value?.providers))
  const documents = computed(() => choice.value?.documents ?? [])

  /** False when the person is verified already. */
  async function load(): Promise<boolean> {
    const session = await findSession(true)
    if (!session) throw new ApiError('session_ended', 401)
    if (session.person) return false
    const [methods, consents] = await Promise.all([api.verificationMethods(), api.consents()])
    choices.value = methods.map(onThisDevice)
    given.value = consents.filter((one) => one.current && one.given_at).map((one) => one.kind)
    await resume()
    return true
  }

  /** A face check that no provider can do here is not offered here. */
  function onThisDevice(one: VerificationChoice): VerificationChoice {
    const none = one.method === 'face' && channel.faceProviders !== null && !usable(one.providers).length
    return none ? { ...one, available: false, reason: null } : one
  }

  /** The attempt that this device began, or any that the server still has open: a PC, or a phone that lost its memory. */
  async function resume(): Promise<void> {
    const open = openVerification.load()
    const found = await orNone(open ? api.verification(open.id) : api.currentVerification())
    // Another attempt may have been begun meanwhile.
    if (openVerification.load()?.id !== open?.id || dropped.has(found?.id ?? '')) return
    started.value = found && { ...found, url: found.url ?? open?.face?.url ?? null, qr: found.qr ?? open?.face?.qr ?? null, app_call: found.app_call ?? open?.face?.app_call ?? null }
    if (found && !open) form.method = found.method
  }

  function orNone(asked: Promise<Verification | null>): Promise<Verification | null> {
    return asked.catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    })
  }

  const missingConsents = (method: VerificationMethod): AgreementKind[] => CONSENTS[method].filter((kind) => !given.value.includes(kind))

  function choose(method: VerificationMethod): void {
    wanted++
    form.method = method
    const kinds = documents.value.map((one) => one.id_type)
    if (kinds.length && !kinds.includes(form.idType)) form.idType = kinds[0] ?? 'resident_id'
    if (!kinds.length) form.idType = 'resident_id'
    secret.provider = providers.value[0]?.id ?? ''
  }

  /** `back` is the page that asked for it, kept for the return from a face check. */
  async function start(back: string | null): Promise<void> {
    const method = form.method ?? 'phone'
    const mine = wanted
    const found = await api.startVerification({ ...common(method), ...own(method) })
    if (mine !== wanted) return void dropped.add(found.id) // a method was chosen anew meanwhile
    started.value = found
    const face = method === 'face' ? { url: found.url ?? null, qr: found.qr ?? null, app_call: found.app_call ?? null } : null
    openVerification.save({ id: found.id, method, face, back })
    secret.card = ''
    if (face && found.status === 'waiting') await openFace(face, { for: 'verification' })
  }

  function common(method: VerificationMethod): VerificationBody {
    return { method, name: form.name.trim(), ...(form.idType === 'resident_id' ? {} : { id_type: form.idType }), id_number: idNumber(form.idNumber) }
  }

  function own(method: VerificationMethod): Partial<VerificationBody> {
    if (method === 'face') return faceStart({ for: 'verification' }, secret.provider)
    if (method === 'bank') return { card_number: plain(secret.card), bank_phone: phoneNumber(secret.bankPhone) }
    return method === 'manual' ? { document_ids: secret.documents, ...(isForeign(form.idType) ? { nationality: form.nationality } : {}) } : {}
  }

  /** The ways that prove more than a SIM card, with the document that was given. */
  const stronger = computed(() => choices.value.filter((one) => one.available && one.method !== 'phone' && (one.documents ?? []).some((kind) => kind.id_type === form.idType)))

  /** Back to the choice; what was typed stays. */
  function change(): void {
    wanted++
    if (started.value) dropped.add(started.value.id)
    openVerification.clear()
    started.value = null
    form.method = null
  }

  /** The older account of the same person takes this phone's number; from now on this is that account. */
  async function claim(): Promise<void> {
    await adoptWithLook(await api.claimAccount(started.value?.id ?? '', channel.session))
    if (started.value) started.value = { ...started.value, claim: null }
    await finish()
  }

  async function finish(): Promise<void> {
    openVerification.clear()
    verifyDraft.clear()
    await findSession(true)
  }

  return { form, secret, choices, started, stage, providers, documents, stronger, load, missingConsents, choose, start, change, claim, finish }
}
