/** `fetch` behind the core's transport. */

import { NoAnswer, type HttpRequest, type HttpResponse, type PickedFile } from '../core/api'
import { ApiError, toApiError } from '../core/errors'

const TIMEOUT_MS = 20_000
const FILE_TIMEOUT_MS = 120_000

export async function sendJson(request: HttpRequest): Promise<HttpResponse> {
  const init: RequestInit = { method: request.method, headers: request.headers }
  if (request.body !== undefined) init.body = request.body
  if (request.file) init.body = formOf(request.file)
  const [response, text] = await ask(request.path, init, request.file ? FILE_TIMEOUT_MS : TIMEOUT_MS, (answer) => answer.text())
  return { status: response.status, headers: (name) => response.headers.get(name), body: parse(text) }
}

function formOf(file: PickedFile): FormData {
  const form = new FormData()
  form.append('file', file.handle as Blob, file.name)
  return form
}

/** The file's bytes. Throws `ApiError`. */
export async function fetchFile(path: string): Promise<Blob> {
  try {
    const [response, blob] = await ask(path, { headers: { Accept: 'application/pdf, application/problem+json' } }, FILE_TIMEOUT_MS, (answer) => answer.blob())
    if (response.ok) return blob
    throw toApiError(response.status, parse(await blob.text()))
  } catch (error) {
    throw error instanceof NoAnswer ? new ApiError(error.reason, 0) : error
  }
}

async function ask<T>(path: string, init: RequestInit, timeoutMs: number, read: (response: Response) => Promise<T>): Promise<[Response, T]> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), timeoutMs)
  try {
    const response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', signal: abort.signal })
    return [response, await read(response)]
  } catch {
    throw new NoAnswer(abort.signal.aborted ? 'timeout' : 'offline')
  } finally {
    clearTimeout(timer)
  }
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}
