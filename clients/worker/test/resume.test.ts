import { describe, expect, it } from 'vitest'
import type { Contract, MyStep } from '../src/core/api-types'
import { isAllowed, isMyTurn, isSettled, openState, pollPause, screenFor } from '../src/core/resume'

const NONE = { hasInk: false, intentId: null }
const INK = { hasInk: true, intentId: null }
const state = (my_step: MyStep, complete = false) => ({ my_step, reading: { complete } as Contract['reading'] })

describe('the screen on which a contract goes on', () => {
  it.each([
    ['confirm', false, NONE, 'contract'],
    ['confirm', true, NONE, 'confirm'],
    ['sign', true, NONE, 'sign'],
    ['sign', true, INK, 'intent'],
    ['sealing', true, NONE, 'progress'],
    ['done', true, NONE, 'contract'],
    ['wait', true, NONE, 'contract'],
    ['ended', true, NONE, 'contract'],
  ] as const)('%s, read %s → %s', (step, complete, flow, screen) => {
    expect(screenFor(state(step, complete), flow)).toBe(screen)
  })

  it('always lets people read, and sign anew', () => {
    for (const step of ['confirm', 'sign', 'wait', 'sealing', 'done', 'ended'] as const) {
      expect(isAllowed('contract', state(step), NONE)).toBe(true)
      expect(isAllowed('sign', state(step), INK)).toBe(step === 'sign')
    }
  })

  it('refuses steps that are not due', () => {
    expect(isAllowed('confirm', state('confirm', false), NONE)).toBe(false)
    expect(isAllowed('confirm', state('sign', true), NONE)).toBe(false)
    expect(isAllowed('intent', state('sign'), NONE)).toBe(false)
    expect(isAllowed('intent', state('sign'), INK)).toBe(true)
    expect(isAllowed('done', state('sign'), NONE)).toBe(false)
    expect(isAllowed('done', state('wait'), NONE)).toBe(true)
    expect(isAllowed('progress', state('ended'), NONE)).toBe(false)
  })
})

describe('an intent or verification begun earlier', () => {
  const later = '2026-11-20T10:10:00+08:00'
  const now = Date.parse('2026-11-20T10:00:00+08:00')
  it.each([
    ['code_sent', now, 'enter_code'],
    ['enter_pin', now, 'enter_pin'],
    ['waiting', now, 'wait'],
    ['proved', now, 'proved'],
    ['verified', now, 'proved'],
    ['failed', now, 'over'],
    ['cancelled', now, 'over'],
    ['used', now, 'over'],
    ['code_sent', now + 3_600_000, 'over'],
    ['proved', now + 3_600_000, 'over'],
    ['verified', now + 3_600_000, 'proved'],
  ] as const)('%s at %d is %s', (status, at, open) => {
    expect(openState({ status, expires_at: later } as Parameters<typeof openState>[0], at)).toBe(open)
  })
})

it('calls only for my own acts', () => {
  expect(isMyTurn({ my_step: 'confirm', waiting_for_me: true })).toBe(true)
  expect(isMyTurn({ my_step: 'wait', waiting_for_me: false })).toBe(false)
  expect(isMyTurn({ my_step: 'sealing', waiting_for_me: true })).toBe(false)
})

it('polls quickly at first and never slower than every two seconds', () => {
  const pauses = Array.from({ length: 20 }, (_, round) => pollPause(round))
  expect(pauses[0]).toBe(300)
  expect(Math.max(...pauses)).toBe(2000)
  expect([...pauses].sort((a, b) => a - b)).toEqual(pauses)
})

it('ends polling when sealing is over', () => {
  const progress = { status: 'sealing', sealed: false, waiting_for: null, updated_at: '', delayed: false } as const
  expect(isSettled({ ...progress, my_step: 'sealing' })).toBe(false)
  expect(isSettled({ ...progress, my_step: 'wait' })).toBe(true)
})
