/** The browser. Session by HttpOnly cookie, pictures by the same, files by a saved blob. */

import type { App } from 'vue'
import { installAccessibility } from './h5-accessibility'
import { copyText } from './h5-copy'
import { fetchFile, sendJson } from './h5-http'
import { openPad } from './h5-pad'
import { printPictures } from './h5-print'
import { takeTextSize } from './h5-wechat'
import type { PickedFile } from '../core/api'
import { hostApp } from '../core/device'
import type { Store } from '../core/pending'
import { OBSERVE_ALL, watchTogether } from './watch'
import type { Channel, FilePlace, Touch } from './types'

const HOST = hostApp(navigator.userAgent)
const MINI_PROGRAMS = { wechat: 'weixin', alipay: 'alipay', dingtalk: null } as const
const BASE = '/h5/'
const DESK = '(min-width: 900px) and (hover: hover)'
const PICTURES = 'image/jpeg,image/png'

export const h5: Channel = {
  name: 'h5',
  session: 'cookie',
  ownTitleBar: true,
  host: HOST,
  files: HOST ? 'elsewhere' : 'save',
  store: storeOn(() => localStorage),
  drafts: storeOn(() => sessionStorage),
  send: sendJson,
  token: null,
  platform: null,
  faceProviders: ['alipay', 'tencent'],
  miniProgram: HOST && MINI_PROGRAMS[HOST],

  install: (app: App) => installAccessibility(app),
  newId,
  language: () => navigator.language,
  setTitle(title) {
    document.title = title
    requestAnimationFrame(focusHeading)
  },
  setLanguage: (language) => {
    document.documentElement.lang = language
  },
  isOnline: () => navigator.onLine,
  onNetwork: (changed) => listen(window, { online: () => changed(true), offline: () => changed(false) }),
  onReturn: (callback) =>
    both(
      listen(window, { pageshow: (event) => (event as PageTransitionEvent).persisted && callback() }),
      listen(document, { visibilitychange: () => document.visibilityState === 'visible' && callback() }),
    ),

  windowSize: () => ({ width: window.innerWidth, height: window.innerHeight }),
  isDesk: () => window.matchMedia(DESK).matches,
  onTextSize: (changed) => (HOST === 'wechat' ? takeTextSize(changed) : undefined),
  address: (route) => `${location.origin}${BASE}#${route}`,
  copy: copyText,
  inputType: (type) => type,

  // With the origin: uni-app takes a bare path for one under its own base, /h5/.
  picture: (path) => Promise.resolve(location.origin + path),
  vectorPicture: (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`,
  pickPicture,
  saveFile,
  print: printPictures,

  takeToken(name, query, page) {
    if (!query[name]) return null
    history.replaceState(history.state, '', `${BASE}#/pages/${page}`)
    return query[name]
  },
  scanCode: null,
  leaveFor: (url) => location.assign(url),
  openFaceCheck(face) {
    if (face.url) location.assign(face.url)
    return Promise.resolve(false)
  },
  faceReturnPath: (query) => `${BASE}#/pages/face/return?${new URLSearchParams(query).toString()}`,

  touches(event) {
    const touch = event as TouchEvent
    const frame = (touch.currentTarget as HTMLElement).getBoundingClientRect()
    return Array.from(touch.touches, (one): Touch => ({ x: one.clientX - frame.left, y: one.clientY - frame.top }))
  },
  openPad,
  watchPages: (owner, watched) => watchTogether(uni.createIntersectionObserver(owner, OBSERVE_ALL), watched),
  scrollTo(selector, how) {
    document.querySelector(selector)?.scrollIntoView({ block: 'start', behavior: how === 'glide' ? 'smooth' : 'auto' })
  },
}

/** Private windows may refuse storage: the app then works without resuming. */
function storeOn(storage: () => Storage): Store {
  const guarded = <T>(action: () => T): T | null => {
    try {
      return action()
    } catch {
      return null
    }
  }
  return {
    get: (key) => guarded(() => storage().getItem(key)),
    set: (key, value) => void guarded(() => storage().setItem(key, value)),
    remove: (key) => void guarded(() => storage().removeItem(key)),
    keys: () => guarded(() => Object.keys(storage())) ?? [],
  }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function listen(target: EventTarget, handlers: Record<string, (event: Event) => unknown>): () => void {
  for (const [name, handler] of Object.entries(handlers)) target.addEventListener(name, handler)
  return () => {
    for (const [name, handler] of Object.entries(handlers)) target.removeEventListener(name, handler)
  }
}

function both(first: () => void, second: () => void): () => void {
  return () => {
    first()
    second()
  }
}

/** A new screen starts at its heading for keyboards and screen readers. */
function focusHeading(): void {
  const headings = [...document.querySelectorAll<HTMLElement>('.page-title')]
  headings.find((one) => one.offsetParent !== null)?.focus({ preventScroll: true })
}

/** A phone offers its camera beside its pictures. */
function pickPicture(): Promise<PickedFile | null> {
  return new Promise((resolve) => {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept: PICTURES })
    input.className = 'hidden-visually'
    const finish = (): void => {
      const file = input.files?.[0]
      input.remove()
      resolve(file ? { name: file.name, handle: file } : null)
    }
    listen(input, { change: finish, cancel: finish })
    document.body.append(input)
    input.click()
  })
}

async function saveFile(file: FilePlace): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(file.path))
  const anchor = Object.assign(document.createElement('a'), { href: url, download: file.filename })
  document.body.append(anchor)
  anchor.click()
  anchor.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
