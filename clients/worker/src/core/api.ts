/**
 * JSON over HTTP with the three promises that the wire makes: one effect per Idempotency-Key,
 * a CSRF token that refreshes itself, and problem details for every failure.
 */

import type { Session } from './api-types'
import { ApiError, toApiError, type LocalCode } from './errors'
import { PendingKeys, fingerprint, type Store } from './pending'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export interface HttpRequest { method: Method; path: string; headers: Record<string, string>; body?: string; file?: PickedFile }
/** A picture that the person chose or took; `handle` is the platform's own: a `File`, or a path. */
export interface PickedFile { name: string; handle: unknown }
export interface HttpResponse { status: number; headers: (name: string) => string | null; body: unknown }

/** Rejects with `NoAnswer` when no HTTP answer came. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>
export class NoAnswer extends Error {
  constructor(readonly reason: LocalCode) {
    super(reason)
  }
}

export interface ApiOptions {
  transport: Transport
  store: Store
  newId: () => string
  language: () => string
  wait: (ms: number) => Promise<void>
  now: () => number
  /** Mini-programs: a bearer token. H5: null, the cookie does it. */
  bearer?: () => string | null
}

const BASE = '/api/v1'
const PAUSES = [400, 1500]
const BUSY_PAUSES = [600, 1200, 2400]

export class ApiClient {
  private csrf = ''
  private clockOffset = 0
  private readonly pending: PendingKeys

  constructor(private readonly options: ApiOptions) {
    this.pending = new PendingKeys(options.store, options.newId, options.now)
  }

  get<T>(path: string): Promise<T> {
    return this.withRetries(() => this.once<T>('GET', path))
  }

  /** A state change. A repeat after a lost answer, even in a later life of the app, carries the same key. */
  async post<T>(path: string, body: object = {}): Promise<T> {
    const text = JSON.stringify(body)
    if (needsNoKey(path)) return this.withRetries(() => this.once<T>('POST', path, text))
    if (holdsSecret(path)) {
      const key = this.options.newId()
      return this.withRetries(() => this.once<T>('POST', path, text, key))
    }
    const print = fingerprint(`POST ${path} ${text}`)
    const key = this.pending.keyFor(print)
    try {
      const answer = await this.withRetries(() => this.once<T>('POST', path, text, key))
      this.pending.forget(print)
      return answer
    } catch (error) {
      if (error instanceof ApiError && !mayHaveHappened(error)) this.pending.forget(print)
      throw error
    }
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.once<T>('PUT', path, JSON.stringify(body), this.options.newId())
  }

  /** One file as multipart form data, field `file`. */
  upload<T>(path: string, file: PickedFile): Promise<T> {
    const key = this.options.newId()
    return this.withRetries(() => this.once<T>('POST', path, undefined, key, file))
  }

  delete(path: string): Promise<void> {
    return this.once<void>('DELETE', path, undefined, this.options.newId())
  }

  /** Remember what login or GET session said; the CSRF token lives in memory only. */
  adopt(session: Pick<Session, 'csrf_token'> | null): void {
    this.csrf = session?.csrf_token ?? ''
  }

  /** Now by the server's clock, in ms: phones are often minutes wrong. */
  serverNow(): number {
    return this.options.now() + this.clockOffset
  }

  private async once<T>(method: Method, path: string, body?: string, key?: string, file?: PickedFile): Promise<T> {
    if (method !== 'GET' && !this.csrf && !this.options.bearer?.() && !isPublic(path)) await this.refreshCsrf()
    try {
      return await this.send<T>(method, path, body, key, file)
    } catch (error) {
      if (!(error instanceof ApiError) || !error.code.startsWith('csrf')) throw error
      await this.refreshCsrf()
      return this.send<T>(method, path, body, key, file)
    }
  }

  private async refreshCsrf(): Promise<void> {
    this.adopt(await this.send<Session>('GET', '/worker/session'))
  }

  private async send<T>(method: Method, path: string, body?: string, key?: string, file?: PickedFile): Promise<T> {
    const request: HttpRequest = { method, path: BASE + path, headers: this.headers(method, body, key) }
    if (body !== undefined) request.body = body
    if (file) request.file = file
    let response: HttpResponse
    try {
      response = await this.options.transport(request)
    } catch (error) {
      throw new ApiError(error instanceof NoAnswer ? error.reason : 'bad_answer', 0)
    }
    this.readClock(response.headers('date'))
    if (response.status >= 200 && response.status < 300) return response.body as T
    throw toApiError(response.status, response.body)
  }

  private headers(method: Method, body?: string, key?: string): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.options.language() }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    if (key) headers['Idempotency-Key'] = key
    const bearer = this.options.bearer?.()
    if (bearer) headers['Authorization'] = `Bearer ${bearer}`
    else if (method !== 'GET' && this.csrf) headers['X-CSRF-Token'] = this.csrf
    return headers
  }

  private readClock(date: string | null): void {
    const server = date ? Date.parse(date) : NaN
    if (!Number.isNaN(server)) this.clockOffset = server - this.options.now()
  }

  private async withRetries<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await attempt()
      } catch (error) {
        const pause = pauseAfter(error, tries)
        if (pause === null) throw error
        await this.options.wait(pause)
      }
    }
  }
}

/** Milliseconds before the same request is tried again, or null: the answer stands. */
export function pauseAfter(error: unknown, tries: number): number | null {
  if (!(error instanceof ApiError)) return null
  if (error.code === 'request_in_progress') return BUSY_PAUSES[tries] ?? null
  const lost = error.status === 0 || [502, 504].includes(error.status) || (error.status === 503 && error.code === 'bad_answer')
  return lost ? (PAUSES[tries] ?? null) : null
}

/** Keep the key unless the server plainly refused: then a changed attempt is a new request. */
function mayHaveHappened(error: ApiError): boolean {
  return error.uncertain || error.status === 401 || error.code === 'request_in_progress'
}

function isPublic(path: string): boolean {
  return ['/worker/login', '/worker/password/reset', '/h5/links/preview', '/h5/links/mini-program', '/worker/face-handovers'].some((start) => path.startsWith(start)) || /^\/miniprogram\/\w+\/login/.test(path)
}

function needsNoKey(path: string): boolean {
  return isPublic(path) || path.endsWith('/page-views') || path.endsWith('/opening') || /^\/worker\/(password|phone|certificate)\/(codes|old-code)$/.test(path) || path === '/worker/scans'
}

/** Nothing of a password, PIN, code or bank card is kept on the phone, not even a fingerprint of its request. */
function holdsSecret(path: string): boolean {
  return /^\/worker\/(certificate\/(activation|pin|renewal)|intents\/[^/]+\/pin)$/.test(path) || path === '/worker/password' || path === '/worker/phone' || path === '/worker/verifications'
}
