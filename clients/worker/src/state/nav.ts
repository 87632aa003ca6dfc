/** Addresses of all screens, and moving between them. */

import type { Target } from '../core/api-types'
import type { Screen } from '../core/resume'

type Query = Record<string, string | undefined>

function url(path: string, query: Query = {}): string {
  const parts = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]))
  return `/pages/${path}${parts.length ? `?${parts.join('&')}` : ''}`
}

export const routes = {
  home: () => url('home/index'),
  landing: () => url('landing/index'),
  login: (back?: string) => url('login/index', { back }),
  faceLogin: (back?: string) => url('login/face', { back }),
  qrLogin: (kind: string, back?: string) => url('login/qr', { kind, back }),
  thirdLogin: (ticket: string, back?: string) => url('login/third', { ticket, back }),
  scan: () => url('scan/index'),
  faceReturn: (query: Record<string, string>) => url('face/return', query),
  opening: (id: string) => url('opening/index', { id }),
  bindings: () => url('bindings/index'),
  phone: () => url('phone/index'),
  agreement: (kind: string) => url('agreement/index', { kind }),
  consent: (kinds: string, back: string) => url('consent/index', { kinds, back }),
  verify: (back?: string) => url('verify/index', { back }),
  contracts: (box?: string) => url('contracts/index', { box }),
  /** `kind`: of the document, where it isn't a contract. A letter is read, done and over on one page. */
  screen(screen: Screen, id: string, kind?: string) {
    if (kind !== 'authorisation') return url(`${screen}/index`, { id })
    return screen === 'contract' || screen === 'done' ? url('authorisation/index', { id }) : url(`${screen}/index`, { id, kind })
  },
  onboardings: () => url('onboardings/index'),
  onboarding: (id: string) => url('onboarding/index', { id }),
  onboardingForm: (id: string) => url('onboarding/form', { id }),
  terminate: (id: string) => url('terminate/index', { id }),
  messages: () => url('messages/index'),
  settings: () => url('settings/index'),
  consents: () => url('consents/index'),
  devices: () => url('devices/index'),
  password: () => url('password/index'),
  passwordReset: () => url('password/reset'),
  certificate: (back?: string) => url('certificate/index', { back }),
  activate: (back?: string) => url('certificate/activate', { back }),
  pin: () => url('certificate/pin'),
  help: () => url('help/index'),
}

let moving = false

/** A second tap while the page is opening opens nothing more. */
export function go(to: string): void {
  if (moving) return
  moving = true
  void uni.navigateTo({ url: to, fail: () => void uni.reLaunch({ url: to }), complete: () => (moving = false) })
}

export function replace(to: string): void {
  void uni.redirectTo({ url: to })
}

/** Forgets the way here: after login, logout and finished tasks. */
export function restart(to: string): void {
  void uni.reLaunch({ url: to })
}

export function back(): void {
  if (getCurrentPages().length > 1) void uni.navigateBack()
  else restart(routes.home())
}

export function targetRoute(target: Target): string {
  return target.kind === 'onboarding' ? routes.onboarding(target.id) : routes.screen('contract', target.id, target.kind)
}

/** Only our own pages: an address from outside must not lead away. */
export function safeBack(to: string | undefined): string {
  return to && /^\/pages\/[a-z]+\/[a-z]+(\?|$)/.test(to) ? to : routes.home()
}

/** This page with its query, to come back to. */
export function here(): string {
  const pages = getCurrentPages()
  const page = pages[pages.length - 1] as unknown as { $page?: { fullPath?: string }; route?: string } | undefined
  return safeBack(page?.$page?.fullPath ?? `/${page?.route ?? ''}`)
}
