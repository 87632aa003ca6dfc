/** What the two mini-programs share, by uni-app's own calls. A session is a token that the app keeps. */

import { NoAnswer, type HttpRequest, type HttpResponse, type PickedFile } from '../core/api'
import { ApiError, toApiError } from '../core/errors'
import type { Store } from '../core/pending'
import type { Channel, FilePlace, Touch } from './types'

/** Mini-programs have no address of their own: the server's is fixed when they are built. */
const ORIGIN: string = import.meta.env.VITE_API_ORIGIN ?? ''
const TIMEOUT_MS = 20_000
const FILE_TIMEOUT_MS = 120_000
const TOKEN = 'gy.token'

let online = true
/** Pages of contracts on this phone, by path; the platform clears its temporary files itself. */
const pictures = new Map<string, Promise<string>>()
const typed = new Map<string, string>()

const token = {
  get: (): string | null => String(uni.getStorageSync(TOKEN) ?? '') || null,
  set: (value: string | null): void => (value ? uni.setStorageSync(TOKEN, value) : uni.removeStorageSync(TOKEN)),
}

type Shared = Omit<Channel, 'name' | 'platform' | 'faceProviders' | 'openFaceCheck' | 'openPad' | 'watchPages' | 'scrollTo' | 'saveFile'>

export const mini: Shared = {
  session: 'bearer',
  ownTitleBar: false,
  host: null,
  files: 'open',
  store: {
    get: (key) => String(uni.getStorageSync(key) ?? '') || null,
    set: (key, value) => uni.setStorageSync(key, value),
    remove: (key) => uni.removeStorageSync(key),
    keys: () => uni.getStorageInfoSync().keys,
  },
  drafts: memory(),
  send,
  token,
  miniProgram: null,

  install: () => uni.onNetworkStatusChange((state) => (online = state.isConnected)),
  newId,
  language: () => (uni.getSystemInfoSync().language ?? 'zh').replace('_', '-'),
  setTitle: (title) => void uni.setNavigationBarTitle({ title: title.split(' · ')[0] ?? title }),
  setLanguage: () => undefined,
  isOnline: () => online,
  onNetwork(changed) {
    const listener = (state: { isConnected: boolean }): void => changed(state.isConnected)
    uni.onNetworkStatusChange(listener)
    return () => uni.offNetworkStatusChange(listener)
  },
  onReturn(callback) {
    uni.onAppShow(callback)
    return () => uni.offAppShow(callback)
  },
  windowSize() {
    const { windowWidth, windowHeight } = uni.getSystemInfoSync()
    return { width: windowWidth, height: windowHeight }
  },
  isDesk: () => false,
  onTextSize: () => undefined,
  address: (route) => `${ORIGIN}/h5/#${route}`,
  copy: (data) => new Promise((resolve) => void uni.setClipboardData({ data, showToast: false, success: () => resolve(true), fail: () => resolve(false) })),
  inputType: (type) => (type === 'tel' ? 'number' : type),

  picture(path) {
    const known = pictures.get(path) ?? download(path)
    pictures.set(path, known)
    known.catch(() => pictures.delete(path))
    return known
  },
  vectorPicture: (svg) => `data:image/svg+xml;base64,${base64(svg)}`,
  pickPicture,
  print: null,

  takeToken: (name, query) => query[name] ?? null,
  scanCode: () =>
    new Promise((resolve, reject) => {
      uni.scanCode({ scanType: ['qrCode'], success: (result) => resolve(result.result), fail: reject })
    }),
  leaveFor: () => undefined,
  faceReturnPath: (query) => `/h5/#/pages/face/return?${pairs(query)}`,

  touches(event) {
    const { touches = [] } = event as { touches?: { clientX: number; clientY: number }[] }
    return Array.from(touches, (one): Touch => ({ x: one.clientX, y: one.clientY }))
  },
}

/** `encodeURIComponent` of every part: mini-programs have no URLSearchParams. */
function pairs(query: Record<string, string>): string {
  return Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')
}

function send(request: HttpRequest): Promise<HttpResponse> {
  return request.file ? upload(request, request.file) : ask(request)
}

function ask(request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    void uni.request({
      url: ORIGIN + request.path,
      method: request.method,
      header: request.headers,
      ...(request.body === undefined ? {} : { data: request.body }),
      dataType: 'text',
      timeout: TIMEOUT_MS,
      success: (answer) => resolve(response(answer.statusCode, answer.data, answer.header as Headers)),
      fail: (failure) => settle(failure, resolve, reject),
    })
  })
}

function upload(request: HttpRequest, file: PickedFile): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: ORIGIN + request.path,
      filePath: String(file.handle),
      name: 'file',
      // Alipay wants to know it, nobody else minds.
      fileType: 'image',
      header: request.headers,
      timeout: FILE_TIMEOUT_MS,
      success: (answer) => resolve(response(answer.statusCode, answer.data, {})),
      fail: (failure) => settle(failure, resolve, reject),
    })
  })
}

type Headers = Record<string, string | string[] | undefined>
/** uni-app names the status and headers as WeChat does, in failures too. */
interface Failure { errMsg?: string; error?: number; statusCode?: number; data?: unknown; header?: Headers }

/** Alipay calls every status above 399 a failure, with the answer in it. */
function settle(failure: unknown, resolve: (answer: HttpResponse) => void, reject: (reason: NoAnswer) => void): void {
  const { statusCode, data, header, errMsg } = failure as Failure
  if (statusCode && statusCode >= 400) resolve(response(statusCode, data, header ?? {}))
  else reject(new NoAnswer(/timeout|time out|超时/i.test(errMsg ?? '') || (failure as Failure).error === 13 ? 'timeout' : 'offline'))
}

function response(status: number, data: unknown, headers: Headers): HttpResponse {
  const header = (name: string): string | null => {
    const key = Object.keys(headers ?? {}).find((one) => one.toLowerCase() === name)
    return key ? String(headers[key]) : null
  }
  return { status, headers: header, body: typeof data === 'string' ? parse(data) : data }
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}

/** Path of a temporary copy on this phone. Rejects with `ApiError`. */
export function download(path: string, more: { filePath?: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: ORIGIN + path,
      header: { Authorization: `Bearer ${token.get() ?? ''}` },
      timeout: FILE_TIMEOUT_MS,
      ...more,
      success(answer) {
        const file = answer.tempFilePath || (answer as { filePath?: string }).filePath || (answer as { apFilePath?: string }).apFilePath
        if (answer.statusCode === undefined || answer.statusCode === 200) return resolve(String(file))
        reject(toApiError(answer.statusCode, null))
      },
      fail: () => reject(new ApiError('offline', 0)),
    })
  })
}

/** Opened in the platform's own viewer, whose menu keeps, sends and prints it. */
export async function openFile(file: FilePlace, folder: string | null): Promise<void> {
  const name = file.filename.replace(/[\\/:*?"<>|\s]+/g, '_')
  const path = await download(file.path, folder === null ? {} : { filePath: `${folder}/${name}` })
  await new Promise<void>((resolve, reject) => {
    uni.openDocument({ filePath: path, fileType: 'pdf', showMenu: true, success: () => resolve(), fail: () => reject(new ApiError('file_not_opened', 0)) })
  })
}

function pickPicture(): Promise<PickedFile | null> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count: 1,
      sizeType: ['compressed'],
      sourceType: ['camera', 'album'],
      success: (chosen) => resolve(chosen.tempFilePaths[0] ? { name: 'picture.jpg', handle: chosen.tempFilePaths[0] } : null),
      fail: () => resolve(null),
    })
  })
}

/** Gone with the app. */
function memory(): Store {
  return { get: (key) => typed.get(key) ?? null, set: (key, value) => void typed.set(key, value), remove: (key) => void typed.delete(key), keys: () => [...typed.keys()] }
}

/** Names a request once: it need not be secret. */
function newId(): string {
  const hex = (digits: number): string => Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[Math.floor(Math.random() * 4)]}${hex(3)}-${hex(12)}`
}

/** Our own SVG is plain ASCII. */
function base64(ascii: string): string {
  const bytes = new Uint8Array(ascii.length)
  for (let at = 0; at < ascii.length; at++) bytes[at] = ascii.charCodeAt(at)
  return uni.arrayBufferToBase64(bytes.buffer)
}
