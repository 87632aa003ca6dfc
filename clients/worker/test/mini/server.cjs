/** The platform's answers for one worker and one contract; remembers what it was asked. */
const CONTRACT = '00000000-0000-0000-0000-000000000001'
const SHA = '9f'.repeat(32)
const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString()

/** What answers otherwise than with 200. */
const CREATED = [[/^POST .*\/(bindings|consents|verifications|intents)$/, 201], [/^POST \/miniprogram\/\w+\/login$/, 202]]
const INTENT = '00000000-0000-0000-0000-000000000002'
const VERIFICATION = '00000000-0000-0000-0000-000000000003'
const PARTY = '00000000-0000-0000-0000-000000000004'

class Problem extends Error {
  constructor(status, code, detail) {
    super(code)
    this.status = status
    this.body = { status, code, detail }
  }
}

class Server {
  constructor(platform, faceCall) {
    Object.assign(this, { platform, faceCall, asked: [], bindings: [], token: null, person: null, step: 'confirm', seen: new Set(), consents: new Set(), faceDone: false })
  }

  answer(method, path, headers, text) {
    const body = text ? JSON.parse(text) : {}
    const told = this.reply(method, path, headers, body)
    this.asked.push({ method, path, headers, body, status: told.status, answer: told.body ?? null })
    return told
  }

  reply(method, path, headers, body) {
    try {
      if (!this.isPublic(path) && headers.Authorization !== 'Bearer the-token') throw new Problem(401, 'session_ended', '登录已过期，请重新登录。')
      const answer = this.route(method, path.replace(/\?.*/, '').replace(CONTRACT, 'ID'), body)
      return { status: answer === null ? 204 : (CREATED.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? 200), body: answer }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return { status: error.status, body: error.body }
    }
  }

  isPublic(path) {
    return /^\/(worker\/(login|agreements)|h5\/links\/preview|miniprogram\/\w+\/login|help)/.test(path)
  }

  route(method, path, body) {
    const found = this.routes(body)[`${method} ${path}`]
    if (!found) throw new Problem(404, 'not_found', `${method} ${path}`)
    return found()
  }

  routes(body) {
    const verification = () => ({ id: VERIFICATION, method: 'face', status: this.faceDone ? 'verified' : 'waiting', expires_at: later(600), app_call: this.faceCall })
    const verified = () => {
      if (this.faceDone) this.person = { name: '王小丽', id_number_masked: '220***********1234', verified_at: later(0), method: 'face' }
      return verification()
    }
    const intent = { id: INTENT, method: 'sms', status: 'code_sent', resend_after: 60, expires_at: later(300) }
    const mini = `/miniprogram/${this.platform}`
    return {
      'POST /h5/links/preview': () => ({ purpose: 'contract', organisation: '启明软件', expires_at: later(86400), mini_programs: [this.platform] }),
      'POST /h5/links/claim': () => ({ target: { kind: 'contract', id: CONTRACT } }),
      'GET /worker/agreements': () => ['user_agreement', 'privacy_policy', 'verification_consent', 'face_consent', 'esign_consent'].map((kind) => ({ kind, version: '1', title: kind, required_for: '' })),
      ...Object.fromEntries(['verification_consent', 'face_consent', 'esign_consent'].map((kind) => [`GET /worker/agreements/${kind}`, () => ({ kind, version: '1', title: kind, required_for: 'verification', text: '# 一、内容\n\n说明。', sha256: '' })])),
      [`POST ${mini}/login`]: () => ({ ticket: 'T1', next: 'phone', expires_at: later(300) }),
      [`POST ${mini}/login/phone`]: () => ({ ...this.session(), token: 'the-token', target: { kind: 'contract', id: CONTRACT } }),
      [`GET ${mini}/settings`]: () => ({ subscribe_templates: ['S1'], employee_templates: this.platform === 'weixin' ? ['E1'] : [] }),
      [`POST ${mini}/subscriptions`]: () => null,
      'GET /worker/bindings': () => this.bindings,
      [`POST ${mini}/bindings`]: () => {
        this.bindings.push({ id: PARTY, kind: this.platform, label: '本平台', bound_at: later(0) })
        return { id: PARTY, kind: this.platform, bound_at: later(0) }
      },
      'GET /worker/session': () => this.session(),
      'GET /worker/home': () => ({ counts: { waiting: 1, others: 0, done: 0, all: 1 }, todo: [this.card()], onboardings: [], authorisations: [], unread: 0 }),
      'GET /worker/contracts': () => ({ items: [this.card()], next_cursor: null }),
      'GET /worker/consents': () => [...this.consents].map((kind) => ({ kind, version: '1', given_at: later(0), current: true })),
      'POST /worker/consents': () => (this.consents.add(body.kind), { kind: body.kind, version: '1', given_at: later(0), current: true }),
      'GET /worker/verification-methods': () => [{ method: 'phone', available: true, provider: 'carrier', providers: [], documents: [] }, { method: 'face', available: true, provider: this.faceProvider, providers: [{ id: this.faceProvider, label: '刷脸' }], documents: [] }],
      'GET /worker/verifications/current': () => null,
      'POST /worker/verifications': verification,
      [`GET /worker/verifications/${VERIFICATION}`]: verified,
      'GET /worker/contracts/ID': () => this.contract(),
      'GET /worker/contracts/ID/text': () => ({ content_sha256: SHA, pages: [1, 2].map((number) => ({ number, paragraphs: [`第${number}条 内容`] })) }),
      'GET /worker/contracts/ID/timeline': () => [],
      'POST /worker/contracts/ID/page-views': () => {
        body.pages.forEach((page) => this.seen.add(page))
        return { reading: this.reading() }
      },
      'POST /worker/contracts/ID/confirmation': () => ((this.step = 'sign'), this.contract()),
      'POST /worker/contracts/ID/intents': () => intent,
      [`POST /worker/intents/${INTENT}/code`]: () => ({ ...intent, status: 'proved' }),
      [`GET /worker/intents/${INTENT}`]: () => intent,
      'POST /worker/contracts/ID/signature': () => ((this.step = 'sealing'), this.contract()),
      'GET /worker/contracts/ID/progress': () => ((this.step = 'done'), { status: 'completed', my_step: 'done', sealed: true, waiting_for: null, updated_at: later(0), delayed: false }),
    }
  }

  get faceProvider() {
    return this.platform === 'weixin' ? 'wechat' : 'alipay'
  }

  session() {
    return { account_id: PARTY, phone_masked: '138****5678', csrf_token: '', expires_at: later(86400), language: 'zh-CN', font_scale: '1', person: this.person, unread: 0, has_password: false }
  }

  reading() {
    return { required_seconds: 0, seen_pages: [...this.seen], opened_at: later(-60), complete: this.seen.size === 2, seconds_left: 0 }
  }

  card() {
    const todo = this.step !== 'done'
    return { id: CONTRACT, number: 'HT1', title: '劳动合同书', organisation: '启明软件', status: 'confirming', status_text: '待确认', waiting_for_me: todo, my_step: this.step, updated_at: later(0), sent_at: later(0), deadline_at: null }
  }

  contract() {
    const actions = { confirm: ['confirm', 'terminate'], sign: ['sign', 'terminate'], sealing: [], done: ['download'] }[this.step]
    if (!this.person) throw new Problem(403, 'verification_required', '请先完成实名认证。')
    return {
      ...this.card(), kind: 'labour_contract', content_sha256: SHA, page_count: 2, pages: [1, 2].map((number) => ({ number, width: 595, height: 842 })),
      key_terms: { employer: '启明软件', worker: '王小丽', post: null, place: null, term: null, start_on: null, end_on: null, probation: null, pay: '每月 9000 元', hours: null }, parties: [{ id: PARTY, kind: 'worker', name: '王小丽', is_me: true, order: 1, state: 'waiting', acted_at: null }],
      places: [{ id: PARTY, page: 2, x: 0.5, y: 0.5, width: 0.3, height: 0.1, kind: 'signature', party_id: PARTY, mine: true }],
      reading: this.reading(), intent_methods: ['sms'], signature_rule: 'handwriting', confirmation: null, termination: null, withdrawal: null, download: this.step === 'done', download_check: false, actions,
    }
  }

  /** Bodies of the requests to this address. */
  bodies(ending) {
    return this.asked.filter((one) => one.method === 'POST' && one.path.endsWith(ending)).map((one) => one.body)
  }
}

module.exports = { Server, CONTRACT }
