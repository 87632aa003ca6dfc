/** The contract that a step's page works on, and the way to the next step. */

import { shallowRef } from 'vue'
import type { Contract } from '../core/api-types'
import { isAllowed, screenFor, type Screen } from '../core/resume'
import { flowOf, localFlow } from './drafts'
import { replace, routes } from './nav'
import { api } from './services'
import { useLoading, type Loading } from './work'

export interface ContractPage extends Loading<Contract> { id: string; open: (id: string) => Promise<void>; goOn: (contract: Contract) => void }

/** Loads the contract; when the server's state belongs to another screen, goes there. */
export function useContract(screen: Screen): ContractPage {
  const id = shallowRef('')
  const loading = useLoading(async () => {
    const contract = await api.contract(id.value)
    if (contract.my_step !== 'sign') flowOf(contract.id).clear()
    if (!isAllowed(screen, contract, localFlow(contract.id, contract.content_sha256))) goOn(contract)
    return contract
  })
  return {
    ...loading,
    get id() {
      return id.value
    },
    open(contractId: string) {
      id.value = contractId
      return loading.load()
    },
    goOn,
  }
}

/** The step that this contract is at now. */
export function goOn(contract: Contract): void {
  replace(routes.screen(screenFor(contract, localFlow(contract.id, contract.content_sha256)), contract.id))
}
