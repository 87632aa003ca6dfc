/** WeChat's mini-program. */

import { mini, openFile } from './mini'
import { openNodePad, type CanvasNode, type FoundCanvas } from './mini-pad'
import { OBSERVE_ALL, watchTogether } from './watch'
import type { Channel } from './types'

interface Callbacks<T> { success?: (result: T) => void; fail?: (reason: { errMsg?: string }) => void; complete?: () => void }
/** The part of `wx` that uni-app has no name for. */
interface Wx {
  env: { USER_DATA_PATH: string }
  login(options: Callbacks<{ code: string }>): void
  /** Base library 3.8.12. */
  requestFacialVerify?(options: { verifyId: string } & Callbacks<unknown>): void
  navigateToMiniProgram(options: { appId: string; path: string; extraData?: object } & Callbacks<unknown>): void
  requestSubscribeMessage(options: { tmplIds: string[] } & Callbacks<Record<string, string>>): void
  /** Base library 3.10.0. */
  bindEmployeeRelation?(options: { tmplIds: string[] } & Callbacks<{ bindingStatus?: string }>): void
}
declare const wx: Wx
interface Owner { $scope: { createIntersectionObserver(options: object): UniApp.IntersectionObserver } }

/** Tencent's mini-program for E证通: where its SDK goes, too. */
const EID = { appId: 'wx0e2cb0b052a91c92', path: 'pages/huiyan/index' }
const MAX_SUBSCRIBED = 5
const MAX_EMPLOYEE = 6

export const weixin: Channel = {
  ...mini,
  name: 'weixin',
  faceProviders: ['wechat', 'tencent'],
  saveFile: (file) => openFile(file, wx.env.USER_DATA_PATH),
  platform: {
    id: 'weixin',
    loginCode: () => new Promise((resolve, reject) => wx.login({ success: ({ code }) => resolve(code), fail: reject })),
    async askForMessages({ subscribe_templates, employee_templates }) {
      return [...(await subscribe(subscribe_templates.slice(0, MAX_SUBSCRIBED))), ...(await joinEmployer(employee_templates.slice(0, MAX_EMPLOYEE)))]
    },
  },

  /** WeChat's own check, or Tencent's E证通 mini-program, which comes back by itself. What they say is not believed. */
  openFaceCheck({ app_call: call }) {
    return new Promise((resolve) => {
      // WeChat may want a fresh tap: then the page's own button tries again.
      const ends = { success: () => resolve(true), fail: () => resolve(false) }
      if (call?.['verify_id'] && wx.requestFacialVerify) wx.requestFacialVerify({ verifyId: call['verify_id'], ...ends })
      else if (call?.['token']) wx.navigateToMiniProgram({ ...EID, extraData: { useHuiyan: true, huiyanToken: call['token'] }, ...ends })
      else resolve(false)
    })
  },

  openPad: (canvasId, handlers, owner) => openNodePad(() => findCanvas(canvasId, owner), uni.getSystemInfoSync().pixelRatio, handlers),
  // uni hands WeChat its own object, which WeChat doesn't know: ask the native component.
  watchPages: (owner, watched) => watchTogether((owner as Owner).$scope.createIntersectionObserver(OBSERVE_ALL), watched),
  // `>>>` goes down into components.
  scrollTo: (selector, how) => void uni.pageScrollTo({ selector: `.scroll-root >>> ${selector}`, duration: how === 'glide' ? 300 : 0 }),
}

function findCanvas(id: string, owner: unknown): Promise<FoundCanvas | null> {
  return new Promise((resolve) => {
    const query = uni.createSelectorQuery().in(owner as never)
    query.select(`#${id}`).fields({ node: true, size: true, rect: true } as UniApp.NodeField, (found) => {
      const one = found as unknown as { node?: CanvasNode; width?: number; height?: number; left?: number; top?: number } | null
      resolve(one?.node ? { node: one.node, width: one.width ?? 0, height: one.height ?? 0, left: one.left ?? 0, top: one.top ?? 0 } : null)
    })
    query.exec()
  })
}

/** One-time messages: each consent is good for one. */
function subscribe(templates: string[]): Promise<{ template: string; accepted: boolean }[]> {
  if (!templates.length) return Promise.resolve([])
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: templates,
      success: (answers) => resolve(templates.map((template) => ({ template, accepted: answers[template] === 'accept' }))),
      fail: () => resolve([]),
    })
  })
}

/** Long-lived messages of an employment relation (用工关系). */
function joinEmployer(templates: string[]): Promise<{ template: string; accepted: boolean }[]> {
  const bind = wx.bindEmployeeRelation
  if (!templates.length || !bind) return Promise.resolve([])
  return new Promise((resolve) => {
    bind({
      tmplIds: templates,
      success: ({ bindingStatus }) => resolve(templates.map((template) => ({ template, accepted: bindingStatus === 'accept' }))),
      fail: () => resolve([]),
    })
  })
}
