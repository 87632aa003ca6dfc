import { describe, expect, it } from 'vitest'
import { ApiClient, NoAnswer, type HttpRequest, type HttpResponse } from '../src/core/api'
import { ApiError } from '../src/core/errors'
import type { Store } from '../src/core/pending'

type Reply = [status: number, body: unknown] | 'offline' | 'timeout'

function memory(): Store {
  const data = new Map<string, string>()
  return {
    get: (key) => data.get(key) ?? null,
    set: (key, value) => void data.set(key, value),
    remove: (key) => void data.delete(key),
    keys: () => [...data.keys()],
  }
}

const SESSION = { csrf_token: 'fresh' }
const problem = (code: string, status: number, more: object = {}): Reply => [status, { code, status, detail: code, ...more }]

/** A client whose server plays `replies` in order; GET session always works unless a reply is queued for it. */
function setUp(replies: Reply[], store = memory(), time = { now: 1_000_000 }) {
  const sent: HttpRequest[] = []
  let ids = 0
  const transport = async (request: HttpRequest): Promise<HttpResponse> => {
    sent.push(request)
    const reply = request.path.endsWith('/worker/session') && request.method === 'GET' ? ([200, SESSION] as Reply) : replies.shift()
    if (reply === undefined) throw new Error('no reply left')
    if (typeof reply === 'string') throw new NoAnswer(reply)
    return { status: reply[0], body: reply[1], headers: () => null }
  }
  const waits: number[] = []
  const client = new ApiClient({
    transport, store, newId: () => `id-${store.keys().length}-${++ids}`, language: () => 'zh-CN', now: () => time.now,
    wait: async (ms) => void waits.push(ms),
  })
  const posts = () => sent.filter((request) => request.method === 'POST')
  return { client, sent, posts, waits, store, time }
}

const keyOf = (request?: HttpRequest) => request?.headers['Idempotency-Key']

describe('idempotency', () => {
  it('repeats a lost request with the same key and body', async () => {
    const { client, posts } = setUp(['offline', 'timeout', [200, { ok: true }]])
    expect(await client.post('/worker/contracts/1/signature', { a: 1 })).toEqual({ ok: true })
    expect(posts()).toHaveLength(3)
    expect(new Set(posts().map(keyOf)).size).toBe(1)
    expect(new Set(posts().map((request) => request.body)).size).toBe(1)
  })

  it('keeps the key of a lost request for the next life of the app', async () => {
    const store = memory()
    const first = setUp(['offline', 'offline', 'offline'], store)
    await expect(first.client.post('/worker/x', { a: 1 })).rejects.toMatchObject({ code: 'offline' })
    const second = setUp([[200, {}]], store)
    await second.client.post('/worker/x', { a: 1 })
    expect(keyOf(second.posts()[0])).toBe(keyOf(first.posts()[0]))
  })

  it('uses a new key after an answer, and for another body', async () => {
    const { client, posts } = setUp([[200, {}], [200, {}], [200, {}]])
    await client.post('/worker/x', { a: 1 })
    await client.post('/worker/x', { a: 1 })
    await client.post('/worker/x', { a: 2 })
    expect(new Set(posts().map(keyOf)).size).toBe(3)
  })

  it('uses a new key after a plain refusal', async () => {
    const { client, posts } = setUp([problem('code_wrong', 422), [200, {}]])
    await expect(client.post('/worker/x', {})).rejects.toMatchObject({ code: 'code_wrong' })
    await client.post('/worker/x', {})
    expect(keyOf(posts()[1])).not.toBe(keyOf(posts()[0]))
  })

  it('keeps the key while the outcome is unknown: server errors and an ended session', async () => {
    for (const reply of [problem('internal_error', 500), problem('session_ended', 401)]) {
      const store = memory()
      const first = setUp([reply], store)
      await expect(first.client.post('/worker/x', {})).rejects.toBeInstanceOf(ApiError)
      const second = setUp([[200, {}]], store)
      await second.client.post('/worker/x', {})
      expect(keyOf(second.posts()[0])).toBe(keyOf(first.posts()[0]))
    }
  })

  it('forgets keys that the server no longer knows', async () => {
    const time = { now: 1_000_000 }
    const { client, posts } = setUp(['offline', 'offline', 'offline', [200, {}]], memory(), time)
    await expect(client.post('/worker/x', {})).rejects.toBeInstanceOf(ApiError)
    time.now += 25 * 3600 * 1000
    await client.post('/worker/x', {})
    expect(keyOf(posts()[3])).not.toBe(keyOf(posts()[0]))
  })

  it('waits while the first attempt is still being processed', async () => {
    const { client, waits, posts } = setUp([problem('request_in_progress', 409), problem('request_in_progress', 409), [200, { done: 1 }]])
    expect(await client.post('/worker/x', {})).toEqual({ done: 1 })
    expect(waits).toEqual([600, 1200])
    expect(new Set(posts().map(keyOf)).size).toBe(1)
  })

  it('stores no content of what was sent', async () => {
    const { client, store } = setUp(['offline', 'offline', 'offline'])
    await expect(client.post('/worker/verifications', { id_number: '220102199001011234' })).rejects.toBeInstanceOf(ApiError)
    expect(store.keys().map((key) => store.get(key)).join()).not.toContain('220102')
  })

  it('sends no key where none is needed', async () => {
    const { client, posts } = setUp([[202, {}], [200, {}]])
    await client.post('/worker/login/codes', { phone: '1' })
    await client.post('/worker/contracts/1/page-views', { pages: [1] })
    expect(posts().map(keyOf)).toEqual([undefined, undefined])
  })
})

describe('passwords', () => {
  it.each(['/worker/password', '/worker/certificate/activation', '/worker/certificate/renewal', '/worker/intents/1/pin'])('%s: repeats a lost answer with the same key, but keeps nothing of the request on the phone', async (path) => {
    const { client, posts, store } = setUp(['offline', 'offline', 'offline'])
    client.adopt(SESSION)
    await expect(client.post(path, { password: 'Chang Chun 2026', pin: '804917', code: '123456' })).rejects.toThrow()
    expect(posts().length).toBeGreaterThan(1)
    expect(new Set(posts().map((request) => request.headers['Idempotency-Key'])).size).toBe(1)
    expect(store.keys()).toEqual([])
  })
})

describe('csrf', () => {
  it('fetches the token before the first change and sends it', async () => {
    const { client, sent } = setUp([[200, {}]])
    await client.post('/worker/x', {})
    expect(sent.map((request) => request.method)).toEqual(['GET', 'POST'])
    expect(sent[1]?.headers['X-CSRF-Token']).toBe('fresh')
  })

  it('renews a stale token once and keeps the key', async () => {
    const { client, posts } = setUp([problem('csrf_refused', 403), [200, { ok: 1 }]])
    client.adopt({ csrf_token: 'stale' })
    expect(await client.post('/worker/x', {})).toEqual({ ok: 1 })
    expect(posts().map((request) => request.headers['X-CSRF-Token'])).toEqual(['stale', 'fresh'])
    expect(keyOf(posts()[0])).toBe(keyOf(posts()[1]))
  })

  it('does not loop when the new token is refused too', async () => {
    const { client, posts } = setUp([problem('csrf_refused', 403), problem('csrf_refused', 403)])
    await expect(client.post('/worker/x', {})).rejects.toMatchObject({ code: 'csrf_refused' })
    expect(posts()).toHaveLength(2)
  })
})

describe('reads and failures', () => {
  it('repeats a read over a bad line, then gives up', async () => {
    const { client, waits } = setUp(['offline', [502, null], 'timeout'])
    await expect(client.get('/worker/home')).rejects.toMatchObject({ code: 'timeout', status: 0 })
    expect(waits).toEqual([400, 1500])
  })

  it('never repeats a refusal or an outage that the server names itself', async () => {
    for (const reply of [problem('not_found', 404), problem('provider_unavailable', 503), problem('too_many_requests', 429)]) {
      const { client, sent } = setUp([reply])
      await expect(client.get('/worker/home')).rejects.toBeInstanceOf(ApiError)
      expect(sent).toHaveLength(1)
    }
  })

  it('calls a proxy page a bad answer', async () => {
    const { client } = setUp([[404, '<html>']])
    await expect(client.get('/worker/home')).rejects.toMatchObject({ code: 'bad_answer', status: 404 })
  })
})
