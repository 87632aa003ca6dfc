/** The document that a step's page works on, and the way to the next step. */

import { shallowRef } from 'vue'
import type { Contract, Ref, Signable } from '../core/api-types'
import { isAllowed, screenFor, type Screen } from '../core/resume'
import { flowOf, localFlow } from './drafts'
import { replace, routes } from './nav'
import { api } from './services'
import { useLeft, useLoading, type Loading } from './work'

export interface DocumentPage<T> extends Loading<T> { open: (of: Ref) => Promise<void>; goOn: (document: Signable) => void }
export interface ContractPage extends Loading<Contract> { open: (id: string) => Promise<void>; goOn: (contract: Contract) => void }

/** A contract's page. */
export function useContract(screen: Screen): ContractPage {
  const page = usePage(screen, (of) => api.contract(of.id))
  return { ...page, open: (id) => page.open({ id }) }
}

/** A page for whatever is signed by hand: `kind` in its address says what. */
export function useSignable(screen: Screen): DocumentPage<Signable> {
  return usePage(screen, api.signable)
}

/** Loads the document; when the server's state belongs to another screen, goes there. */
function usePage<T extends Signable>(screen: Screen, fetch: (of: Ref) => Promise<T>): DocumentPage<T> {
  const at = shallowRef<Ref>({ id: '' })
  const left = useLeft()
  const loading = useLoading(async () => {
    const found = await fetch(at.value)
    if (found.my_step !== 'sign') flowOf(found.id).clear()
    if (!left() && !isAllowed(screen, found, localFlow(found.id, found.content_sha256))) goOn(found)
    return found
  })
  return {
    ...loading,
    open(of: Ref) {
      at.value = of
      return loading.load()
    },
    goOn,
  }
}

/** The step that this document is at now. */
export function goOn(found: Signable): void {
  replace(routes.screen(screenFor(found, localFlow(found.id, found.content_sha256)), found.id, found.kind))
}

/** From a page's address. */
export function refOf(query: Record<string, string | undefined> | undefined): Ref {
  const kind = query?.['kind']
  return { id: String(query?.['id'] ?? ''), ...(kind ? { kind } : {}) }
}
