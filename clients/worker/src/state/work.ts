/** Loading and doing, with one way to wait, fail and try again. */

import { onUnmounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, errorText, nextStep, type ApiError } from '../core/errors'
import { hasText, translate } from './i18n'
import { go, here, replace, routes } from './nav'
import { drop } from './session'

/** Sends the person where the error says, and back afterwards. True when they are on their way. */
export function followError(error: ApiError): boolean {
  const back = here()
  switch (nextStep(error)) {
    case 'login':
      drop()
      if (!back.startsWith('/pages/login/')) replace(routes.login(back)) // else another request was quicker
      return true
    case 'verify':
      replace(routes.verify(back))
      return true
    case 'open':
      replace(routes.opening(error.problem.contract_id ?? ''))
      return true
    case 'consent':
      go(routes.consent(error.problem.kind ?? '', ''))
      return true
    case 'activate':
      replace(routes.activate(back))
      return true
    case 'certificate':
      replace(routes.certificate(back))
      return true
    default:
      return false
  }
}

export function textOf(error: ApiError): string {
  const text = errorText(error, translate, hasText)
  // Most of the server's own sentences name the number already.
  const isTold = (n: number): boolean => text.includes(String(n))
  const attempts = error.problem.attempts_left
  if (attempts && !isTold(attempts)) return `${text} ${translate('login.left', { n: attempts })}`
  return error.retryAfter && !isTold(error.retryAfter) ? `${text} ${translate('error.waitSeconds', { n: error.retryAfter })}` : text
}

/** Whether the page that asked is gone: its late answer must not lead the page on top away. */
export function useLeft(): () => boolean {
  let left = false
  onUnmounted(() => (left = true))
  return () => left
}

export interface Loading<T> { data: ShallowRef<T | null>; error: Ref<string>; failure: ShallowRef<ApiError | null>; busy: Ref<boolean>; load: () => Promise<void> }

/** A page's data. A repeat keeps what is shown until the new answer is there. */
export function useLoading<T>(fetch: () => Promise<T>): Loading<T> {
  const data = shallowRef<T | null>(null)
  const error = ref('')
  const failure = shallowRef<ApiError | null>(null)
  const busy = ref(false)
  const left = useLeft()
  async function load(): Promise<void> {
    busy.value = true
    error.value = ''
    failure.value = null
    try {
      data.value = await fetch()
    } catch (reason) {
      failure.value = asApiError(reason)
      if (left() || !followError(failure.value)) error.value = textOf(failure.value)
    } finally {
      busy.value = false
    }
  }
  return { data, error, failure, busy, load }
}

/** The answer, or null when nobody waits for it any more: then a refusal is nobody's either. */
export async function asLongAs<T>(wanted: () => boolean, ask: () => Promise<T>): Promise<T | null> {
  try {
    const answer = await ask()
    return wanted() ? answer : null
  } catch (reason) {
    if (wanted()) throw reason
    return null
  }
}

/** What the server says now of what was begun. False: the person turned to something else before it answered or refused. */
export async function renew<T extends { id: string }>(begun: ShallowRef<T | null>, ask: (id: string) => Promise<T>): Promise<boolean> {
  const id = begun.value?.id ?? ''
  const answer = await asLongAs(() => begun.value?.id === id, () => ask(id))
  if (!answer) return false
  begun.value = answer
  return true
}

export interface Action { busy: Ref<boolean>; error: Ref<string>; failure: ShallowRef<ApiError | null>; run: (work: () => Promise<void>) => Promise<boolean> }

/** A button's work: runs once at a time. */
export function useAction(): Action {
  const busy = ref(false)
  const error = ref('')
  const failure = shallowRef<ApiError | null>(null)
  const left = useLeft()
  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = ''
    failure.value = null
    try {
      await work()
      return true
    } catch (reason) {
      failure.value = asApiError(reason)
      if (left() || !followError(failure.value)) error.value = textOf(failure.value)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, failure, run }
}
