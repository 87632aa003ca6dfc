/** Every failure of a request is an `ApiError`; what to do next follows from its `code` alone. */

import type { Problem } from './api-types'

/** `offline`: no answer came; `timeout`: too late; `bad_answer`: an answer that isn't ours (a proxy's page). */
export type LocalCode = 'offline' | 'timeout' | 'bad_answer'

export class ApiError extends Error {
  constructor(readonly code: string, readonly status: number, readonly problem: Partial<Problem> = {}) {
    super(`${status} ${code}`)
    this.name = 'ApiError'
  }

  /** Seconds to wait before another try, or 0. */
  get retryAfter(): number {
    return this.problem.retry_after ?? 0
  }

  /** Did the server possibly do the work although no usable answer came back? */
  get uncertain(): boolean {
    return this.status === 0 || this.status >= 500
  }

  field(name: string): string {
    return this.problem.fields?.[name]?.[0] ?? ''
  }
}

export function toApiError(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(body.code, status, body)
  return new ApiError('bad_answer', status)
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && typeof (body as Problem).code === 'string'
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('bad_answer', 0)
}

export type NextStep = 'login' | 'verify' | 'open' | 'consent' | 'activate' | 'certificate' | 'reload' | 'again' | 'read' | 'none'

const NEXT_STEPS: Record<string, NextStep> = {
  verification_required: 'verify',
  opening_check_required: 'open',
  consent_required: 'consent',
  certificate_required: 'activate',
  pin_locked: 'activate',
  certificate_expired: 'certificate',
  document_changed: 'reload',
  action_not_allowed: 'reload',
  not_your_turn: 'reload',
  onboarding_action_not_allowed: 'reload',
  invitation_over: 'reload',
  notice_outdated: 'reload',
  authorisation_over: 'reload',
  authorisation_expired: 'reload',
  reading_not_finished: 'read',
  already_signed: 'reload',
  intent_expired: 'again',
  intent_used: 'again',
  intent_not_proved: 'again',
  intent_mismatch: 'again',
  intent_void: 'again',
  intent_not_found: 'again',
  face_check_not_passed: 'again',
  face_check_used: 'again',
  verification_over: 'again',
  verification_not_found: 'again',
}

/** Where the person has to go before the same thing can succeed. */
export function nextStep(error: ApiError): NextStep {
  if (error.status === 401) return 'login'
  return NEXT_STEPS[error.code] ?? 'none'
}

/** The server's own words first, then ours by code, then the general sentence. */
export function errorText(error: ApiError, translate: (key: string) => string, known: (key: string) => boolean): string {
  if (error.problem.detail) return error.problem.detail
  const key = `error.${error.code}`
  return known(key) ? translate(key) : translate('error.general')
}
