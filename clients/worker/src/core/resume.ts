/** Where a person belongs, from the server's state and the ids this phone kept. No page memory is trusted. */

import type { Contract, ContractCard, Intent, Progress, Verification } from './api-types'

export type Screen = 'contract' | 'confirm' | 'sign' | 'intent' | 'progress' | 'done'

/** What this phone remembers of an unfinished signing. */
export interface LocalFlow { hasInk: boolean; intentId: string | null }

type State = Pick<Contract, 'my_step'> & { reading?: Contract['reading'] }

/** The screen on which this contract goes on. */
export function screenFor(contract: State, flow: LocalFlow): Screen {
  switch (contract.my_step) {
    case 'confirm':
      return contract.reading?.complete ? 'confirm' : 'contract'
    case 'sign':
      return flow.hasInk ? 'intent' : 'sign'
    case 'sealing':
      return 'progress'
    case 'done':
    case 'wait':
    case 'ended':
      return 'contract'
  }
}

/** May this screen be shown in this state? Going back to read is always allowed. */
export function isAllowed(screen: Screen, contract: State, flow: LocalFlow): boolean {
  if (screen === 'contract') return true
  if (screen === 'sign') return contract.my_step === 'sign'
  if (screen === 'progress' || screen === 'done') return ['sealing', 'wait', 'done'].includes(contract.my_step)
  return screenFor(contract, flow) === screen
}

/** Does the list's card call for the person's own act? */
export function isMyTurn(card: Pick<ContractCard, 'my_step' | 'waiting_for_me'>): boolean {
  return card.waiting_for_me && (card.my_step === 'confirm' || card.my_step === 'sign')
}

export type Open = 'enter_code' | 'enter_pin' | 'wait' | 'review' | 'proved' | 'over'

/** What an intent or verification that was started earlier still is good for. */
export function openState(item: Pick<Intent | Verification, 'status' | 'expires_at'>, nowMs: number): Open {
  if (item.status === 'verified') return 'proved'
  if (item.status === 'reviewing') return 'review'
  if (Date.parse(item.expires_at) <= nowMs) return 'over'
  const open: Record<string, Open> = { code_sent: 'enter_code', enter_pin: 'enter_pin', waiting: 'wait', proved: 'proved' }
  return open[item.status] ?? 'over'
}

/** Pauses between progress polls: 0.3 s at first, then slower, never above 2 s. */
export function pollPause(round: number): number {
  return Math.min(2000, Math.round(300 * 1.35 ** round))
}

export function isSettled(progress: Progress): boolean {
  return progress.my_step !== 'sealing'
}
