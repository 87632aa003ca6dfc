/** Alipay's mini-program. */

import { mini, openFile } from './mini'
import { openNodePad, type CanvasNode, type FoundCanvas } from './mini-pad'
import { watchEach } from './watch'
import type { Channel } from './types'

interface Query {
  select(selector: string): Query
  node(): Query
  boundingClientRect(): Query
  exec(done: (found: unknown[]) => void): void
}
/** The part of `my` that uni-app has no name for, or stands in for wrongly. */
interface My {
  getAuthCode(options: { scopes: string; success: (result: { authCode: string }) => void; fail: (reason: unknown) => void }): void
  call(name: 'startBizService', options: { name: string; param: string }, done: (result: { resultStatus?: string }) => void): void
  requestSubscribeMessage(options: { entityIds: string[]; success: (result: Subscribed) => void; fail: (reason: unknown) => void }): void
  /** dcloudio/uni-app #5689: uni's own query knows neither `in` nor `node` here. */
  createSelectorQuery(): Query
  createIntersectionObserver(options: { thresholds: number[] }): UniApp.IntersectionObserver
}
interface Subscribed { behavior?: string; result?: { subscribeEntityIds?: string[] } }
declare const my: My

const MAX_SUBSCRIBED = 3

export const alipay: Channel = {
  ...mini,
  name: 'alipay',
  faceProviders: ['alipay'],
  saveFile: (file) => openFile(file, null),
  platform: {
    id: 'alipay',
    loginCode: () => new Promise((resolve, reject) => my.getAuthCode({ scopes: 'auth_base', success: ({ authCode }) => resolve(authCode), fail: reject })),
    askForMessages: ({ subscribe_templates }) => subscribe(subscribe_templates.slice(0, MAX_SUBSCRIBED)),
  },

  /** Alipay's own check; its `resultStatus` is not believed. */
  openFaceCheck({ app_call: call }) {
    const param = JSON.stringify({ certifyId: call?.['certify_id'] ?? '', url: call?.['url'] ?? '' })
    return new Promise((resolve) => my.call('startBizService', { name: 'open-certify', param }, () => resolve(true)))
  },

  openPad: (canvasId, handlers) => openNodePad(() => findCanvas(canvasId), uni.getSystemInfoSync().pixelRatio, handlers),
  watchPages: (_owner, watched) => watchEach(() => my.createIntersectionObserver({ thresholds: [0] }), watched),
  scrollTo: (selector, how) => void uni.pageScrollTo({ selector, duration: how === 'glide' ? 300 : 0 }),
}

function findCanvas(id: string): Promise<FoundCanvas | null> {
  return new Promise((resolve) => {
    my.createSelectorQuery().select(`#${id}`).node().select(`#${id}`).boundingClientRect().exec(([canvas, frame]) => {
      const node = (canvas as { node?: CanvasNode } | null)?.node
      const box = frame as { width: number; height: number; left: number; top: number } | null
      resolve(node && box ? { node, width: box.width, height: box.height, left: box.left, top: box.top } : null)
    })
  })
}

function subscribe(templates: string[]): Promise<{ template: string; accepted: boolean }[]> {
  if (!templates.length) return Promise.resolve([])
  return new Promise((resolve) => {
    my.requestSubscribeMessage({
      entityIds: templates,
      success({ behavior, result }) {
        const accepted = result?.subscribeEntityIds ?? (behavior === 'subscribe' ? templates : [])
        resolve(templates.map((template) => ({ template, accepted: accepted.includes(template) })))
      },
      fail: () => resolve([]),
    })
  })
}
