/** The browser. Session by HttpOnly cookie, pictures by the same, files by a saved blob. */

import type { App } from 'vue'
import { installAccessibility } from './h5-accessibility'
import { fetchFile, sendJson } from './h5-http'
import { openPad } from './h5-pad'
import { printPictures } from './h5-print'
import type { Store } from '../core/pending'
import type { Channel, FilePlace, Touch } from './types'

const IN_WECHAT = /MicroMessenger/i.test(navigator.userAgent)
const BASE = '/h5/'

export const h5: Channel = {
  name: 'h5',
  session: 'cookie',
  ownTitleBar: true,
  canSaveFiles: !IN_WECHAT,
  store: storeOn(() => localStorage),
  drafts: storeOn(() => sessionStorage),
  send: sendJson,

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

  // With the origin: uni-app takes a bare path for one under its own base, /h5/.
  pictureUrl: (path) => location.origin + path,
  saveFile,
  print: printPictures,

  takeLinkToken(query) {
    if (!query['t']) return null
    history.replaceState(history.state, '', `${BASE}#/pages/landing/index`)
    return query['t']
  },
  openFaceCheck: (url) => location.assign(url),
  faceReturnPath: (query) => `${BASE}#/pages/face/return?${new URLSearchParams(query).toString()}`,

  touches(event) {
    const touch = event as TouchEvent
    const frame = (touch.currentTarget as HTMLElement).getBoundingClientRect()
    return Array.from(touch.touches, (one): Touch => ({ x: one.clientX - frame.left, y: one.clientY - frame.top }))
  },
  openPad,
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

async function saveFile(file: FilePlace): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(file.path))
  const anchor = Object.assign(document.createElement('a'), { href: url, download: file.filename })
  document.body.append(anchor)
  anchor.click()
  anchor.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
