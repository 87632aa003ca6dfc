import { describe, expect, it } from 'vitest'
import { ApiError, asApiError, errorText, nextStep, toApiError } from '../src/core/errors'
import en from '../src/locales/en'
import zh from '../src/locales/zh-CN'

const texts = zh.error as Record<string, string>
const translate = (key: string) => texts[key.replace('error.', '')] ?? key
const known = (key: string) => key.replace('error.', '') in texts
const text = (error: ApiError) => errorText(error, translate, known)

describe('error texts', () => {
  it('prefers what the server says', () => {
    expect(text(toApiError(422, { code: 'code_wrong', status: 422, detail: '验证码不正确。' }))).toBe('验证码不正确。')
  })

  it('has own words for what no server can say', () => {
    for (const code of ['offline', 'timeout', 'bad_answer']) expect(text(new ApiError(code, 0))).toBe(texts[code])
  })

  it('falls back to the general sentence', () => {
    expect(text(new ApiError('something_new', 418))).toBe(texts['general'])
    expect(text(asApiError(new TypeError('x')))).toBe(texts['bad_answer'])
  })

  it('exposes fields and waiting time', () => {
    const error = toApiError(429, { code: 'sms_limit_reached', status: 429, detail: '', retry_after: 30, fields: { phone: ['a'] } })
    expect([error.retryAfter, error.field('phone'), error.field('name')]).toEqual([30, 'a', ''])
  })
})

describe('next step', () => {
  it.each([
    [new ApiError('session_ended', 401), 'login'],
    [new ApiError('verification_required', 403), 'verify'],
    [new ApiError('consent_required', 403), 'consent'],
    [new ApiError('document_changed', 409), 'reload'],
    [new ApiError('authorisation_over', 409), 'reload'],
    [new ApiError('authorisation_expired', 409), 'reload'],
    [new ApiError('reading_not_finished', 409), 'read'],
    [new ApiError('intent_expired', 409), 'again'],
    [new ApiError('certificate_required', 409), 'activate'],
    [new ApiError('certificate_expired', 409), 'certificate'],
    [new ApiError('ink_refused', 422), 'none'],
  ])('%s', (error, step) => expect(nextStep(error)).toBe(step))
})

describe('languages', () => {
  it('are complete and name the same values', () => {
    const values = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort()
    for (const [group, entries] of Object.entries(zh)) {
      const english = (en as Record<string, Record<string, string>>)[group] ?? {}
      for (const [key, sentence] of Object.entries(entries)) {
        expect(english[key], `${group}.${key}`).toBeTruthy()
        expect(values(english[key] ?? ''), `${group}.${key}`).toEqual(values(sentence))
      }
    }
  })
})
