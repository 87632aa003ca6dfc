/** Who is logged in, and how the app looks for them. */

import { reactive } from 'vue'
import { channel } from '../channel'
import type { FontScale, Language, LoggedIn, Session } from '../core/api-types'
import { ApiError } from '../core/errors'
import { readJson } from '../core/pending'
import { forgetEverything } from './drafts'
import { useLanguage } from './i18n'
import { api, client } from './services'

interface Look { language: Language; scale: FontScale }

const LOOK = 'gy.look'

export const session = reactive({
  current: null as Session | null,
  look: readJson<Look>(channel.store, LOOK) ?? { language: channel.language().startsWith('zh') ? 'zh-CN' : 'en', scale: '1' },
})

/** Applied before the first page and after each change; kept for the time before login. */
export async function applyLook(): Promise<void> {
  const { language } = session.look
  channel.setLanguage(language)
  channel.store.set(LOOK, JSON.stringify(session.look))
  await useLanguage(language)
}

let saving: Promise<void> = Promise.resolve()

/** Shown at once; saved one after the other, so that the last choice is the one that stays. */
export async function changeLook(change: Partial<Look>): Promise<void> {
  Object.assign(session.look, change)
  await applyLook()
  if (!session.current) return
  saving = saving.catch(() => undefined).then(saveLook)
  await saving
}

async function saveLook(): Promise<void> {
  adopt(await api.saveSettings({ language: session.look.language, font_scale: session.look.scale }))
}

export function adopt(next: Session): void {
  session.current = next
  client.adopt(next)
}

/** The end of every login; the account's own look wins on a phone that never chose one. */
export async function adoptWithLook(next: LoggedIn): Promise<void> {
  if (next.token) channel.token?.set(next.token)
  adopt(next)
  session.look.language = next.language
  session.look.scale = next.font_scale
  await applyLook()
}

/** The session, asked for once per life of the app; null when logged out. Throws ApiError when the server can't tell. */
export async function findSession(fresh = false): Promise<Session | null> {
  if (session.current && !fresh) return session.current
  try {
    adopt(await api.session())
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    drop()
  }
  return session.current
}

export function drop(): void {
  channel.token?.set(null)
  session.current = null
  client.adopt(null)
}

export async function logOut(): Promise<void> {
  await api.logOut()
  forgetEverything()
  drop()
}
