/** Logging in with the account of the platform that a mini-program runs on (A6). */

import { ref } from 'vue'
import { channel, type MiniPlatform } from '../channel'
import type { AgreedTo, LoggedIn } from '../core/api-types'
import { ApiError } from '../core/errors'
import { linkToken } from './drafts'
import { api } from './services'

export function usePlatformLogin() {
  const ticket = ref('')
  const needsPhone = ref(false)
  const refused = ref(false)
  const link = (): { link_token?: string } => {
    const token = linkToken.load()
    return token ? { link_token: token } : {}
  }

  function platform(): MiniPlatform {
    if (!channel.platform) throw new ApiError('platform_unknown', 0)
    return channel.platform
  }

  /** Null: this platform's account is new here, a phone number has to join it. */
  async function logIn(agreements: AgreedTo[]): Promise<LoggedIn | null> {
    const { id, loginCode } = platform()
    const code = await loginCode().catch(() => {
      throw new ApiError('platform_silent', 0)
    })
    const answer = await api.miniLogin(id, { code, agreements, ...link() })
    if (!('next' in answer)) return answer
    ticket.value = answer.ticket
    needsPhone.value = true
    return null
  }

  const joinByProof = (proof: string, agreements: AgreedTo[]): Promise<LoggedIn> => api.miniLoginByPhone(platform().id, { ticket: ticket.value, proof, agreements, ...link() })

  /** With a code by SMS instead of the platform's number; null where there is nothing to join. */
  async function joinByCode(body: { phone: string; code: string; agreements: AgreedTo[] }): Promise<LoggedIn | null> {
    return ticket.value ? api.miniLoginByPhone(platform().id, { ticket: ticket.value, ...body, ...link() }) : null
  }

  return { needsPhone, refused, logIn, joinByProof, joinByCode }
}
