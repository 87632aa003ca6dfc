/** The one API client of the app, on this channel's transport and storage. */

import { ApiClient } from '../core/api'
import { workerApi } from '../core/worker-api'
import { channel } from '../channel'
import { currentLanguage } from './i18n'

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const client = new ApiClient({
  transport: channel.send,
  store: channel.store,
  newId: () => channel.newId(),
  language: currentLanguage,
  wait,
  now: () => Date.now(),
  bearer: () => channel.token?.get() ?? null,
})

export const api = workerApi(client)
