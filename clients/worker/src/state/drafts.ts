/** What this phone keeps so that a killed app, a reload or a lost answer costs nothing. */

import { channel } from '../channel'
import type { Address, DownloadProof, FaceSession, Ink, IntentMethod, OnboardingForm, VerificationMethod } from '../core/api-types'
import { readJson, type Store } from '../core/pending'
import type { LocalFlow } from '../core/resume'

/** An unfinished signing: the accepted drawing and the proof of will that was begun. */
export interface Flow {
  content_sha256: string
  ink: Ink | null
  intent: { id: string; method: IntentMethod } | null
  /** The signature was sent and no answer came. */
  submitted: boolean
}
export interface OpenVerification { id: string; method: VerificationMethod; face: FaceSession | null; back: string | null }
export interface VerifyDraft { name: string; idType: string; idNumber: string; nationality: string; method: VerificationMethod | null }
/** What a login in progress has to remember while it goes through another page or app. */
export interface OpenLogin { ticket: string; face: FaceSession | null; back: string | null }
export interface AddressDraft { habitual: Address; registered: Address; same: boolean }

const PREFIX = 'gy.'

export interface Kept<T> { load(): T | null; save(value: T): void; clear(): void }

function kept<T>(store: Store, name: string): Kept<T> {
  const key = PREFIX + name
  return {
    load: () => readJson<T>(store, key),
    save: (value) => store.set(key, JSON.stringify(value)),
    clear: () => store.remove(key),
  }
}

export const linkToken = kept<string>(channel.store, 'link')
export const openVerification = kept<OpenVerification>(channel.store, 'verification')
export const flowOf = (contractId: string): Kept<Flow> => kept<Flow>(channel.store, `flow.${contractId}`)
export const faceLogin = kept<OpenLogin>(channel.store, 'face-login')
/** The proof that comes before a download. */
export const downloadCheck = (contractId: string): Kept<DownloadProof> => kept<DownloadProof>(channel.store, `download.${contractId}`)
/** The face check that comes before another PIN, and the page to go back to after that. */
export const certificateFace = kept<{ id: string; back: string }>(channel.store, 'certificate-face')
/** The proof that comes before the text is shown. */
export const openingCheck = (contractId: string): Kept<DownloadProof> => kept<DownloadProof>(channel.store, `opening.${contractId}`)
/** A new number, and the face check made for it: in this tab only. */
export const phoneDraft = kept<{ phone: string; faceCheck: string }>(channel.drafts, 'phone')
export const handoverToken = kept<string>(channel.drafts, 'handover')
export const loginDraft = kept<{ phone: string; agreed?: boolean; back?: string | null }>(channel.drafts, 'login')
export const scanToken = kept<string>(channel.drafts, 'scan')
export const verifyDraft = kept<VerifyDraft>(channel.drafts, 'verify')
export const addressDraft = (contractId: string): Kept<AddressDraft> => kept<AddressDraft>(channel.drafts, `address.${contractId}`)
/** What the server has not got yet. */
export const onboardingDraft = (id: string): Kept<OnboardingForm> => kept<OnboardingForm>(channel.drafts, `onboarding.${id}`)
export const reasonDraft = (contractId: string): Kept<string> => kept<string>(channel.drafts, `reason.${contractId}`)

/** A flow of another document version is worthless. */
export function currentFlow(contractId: string, contentSha256: string): Flow {
  const flow = flowOf(contractId).load()
  if (flow?.content_sha256 === contentSha256) return flow
  return { content_sha256: contentSha256, ink: null, intent: null, submitted: false }
}

export function localFlow(contractId: string, contentSha256: string): LocalFlow {
  const flow = currentFlow(contractId, contentSha256)
  return { hasInk: flow.ink !== null, intentId: flow.intent?.id ?? null }
}

/** At log out: drawings and typed data must not wait for the next person with this phone. The look stays. */
export function forgetEverything(): void {
  for (const store of [channel.store, channel.drafts]) {
    for (const key of store.keys()) if (key.startsWith(PREFIX) && key !== 'gy.look') store.remove(key)
  }
}
