/** What every way of logging in has in common: agreements first, then the page that the person wanted. */

import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'
import { channel } from '../channel'
import type { AgreedTo, Agreement, LoggedIn } from '../core/api-types'
import { linkToken, loginDraft } from './drafts'
import { restart, routes, safeBack, targetRoute } from './nav'
import { api } from './services'
import { adoptWithLook } from './session'
import { useLoading, type Loading } from './work'

/** Their tick is part of logging in; the other agreements are asked for where they are needed. */
const LOGIN_KINDS = ['user_agreement', 'privacy_policy']

export interface Entry extends Loading<Agreement[]> {
  agreed: Ref<boolean>
  /** The tick was missing when it was needed. */
  missed: ComputedRef<boolean>
  isAgreed: () => boolean
  accepted: () => AgreedTo[]
}

export function useEntry(moreKinds: string[] = []): Entry {
  const agreed = ref(loginDraft.load()?.agreed ?? false)
  const state = reactive({ asked: false })
  const loading = useLoading(async () => (await api.agreements()).filter((one) => [...LOGIN_KINDS, ...moreKinds].includes(one.kind)))
  watch(agreed, (value) => remember({ agreed: value }))
  return {
    ...loading,
    agreed,
    missed: computed(() => state.asked && !agreed.value),
    isAgreed() {
      state.asked = true
      return agreed.value
    },
    accepted: () => (loading.data.value ?? []).map(({ kind, version }) => ({ kind, version })),
  }
}

export function remember(change: { phone?: string; agreed?: boolean; back?: string | null }): void {
  loginDraft.save({ phone: '', ...loginDraft.load(), ...change })
}

/** How the session travels, and the link whose target it should open. */
export function sessionWishes(): { transport: string; link_token?: string } {
  const token = linkToken.load()
  return { transport: channel.session, ...(token ? { link_token: token } : {}) }
}

/** Logged in: to the link's target, or back to where the person was. */
export async function enter(answer: LoggedIn, back: string | null | undefined): Promise<void> {
  await adoptWithLook(answer)
  loginDraft.clear()
  if (answer.target) linkToken.clear()
  if (answer.target) restart(targetRoute(answer.target))
  else restart(linkToken.load() ? routes.landing() : safeBack(back ?? undefined))
}
