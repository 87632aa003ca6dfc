/** A list that grows page by page with the server's cursor. */

import { computed, ref, shallowRef } from 'vue'
import type { Page } from '../core/api-types'
import { asApiError } from '../core/errors'
import { followError, textOf } from './work'

export function useList<T>(fetch: (cursor: string | null) => Promise<Page<T>>) {
  const items = shallowRef<T[] | null>(null)
  const cursor = ref<string | null>(null)
  const busy = ref(false)
  const error = ref('')
  let round = 0

  /** An answer that was overtaken by a later question is dropped. */
  async function run(from: string | null, join: (page: Page<T>) => T[]): Promise<void> {
    const mine = ++round
    busy.value = true
    error.value = ''
    try {
      const page = await fetch(from)
      if (mine !== round) return
      items.value = join(page)
      cursor.value = page.next_cursor
    } catch (reason) {
      const failure = asApiError(reason)
      if (mine === round && !followError(failure)) error.value = textOf(failure)
    } finally {
      if (mine === round) busy.value = false
    }
  }

  return {
    items,
    busy,
    error,
    hasMore: computed(() => cursor.value !== null),
    reload: () => run(null, (page) => page.items),
    more: async () => {
      if (cursor.value !== null && !busy.value) await run(cursor.value, (page) => [...(items.value ?? []), ...page.items])
    },
  }
}
