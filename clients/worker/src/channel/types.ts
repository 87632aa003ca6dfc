/** Everything in which H5, the WeChat and the Alipay mini-program differ. Pages and core know only this. */

import type { App } from 'vue'
import type { FaceSession, FontScale, MiniSettings } from '../core/api-types'
import type { PickedFile, Transport } from '../core/api'
import type { HostApp } from '../core/device'
import type { Store } from '../core/pending'

export interface PadSample { x: number; y: number; at: number; pressure: number | null }
export interface PadHandlers {
  start(sample: PadSample): void
  /** Several samples may come at once. */
  move(samples: PadSample[]): void
  end(): void
}
export type TouchPhase = 'start' | 'move' | 'end'
/** A drawing surface in px of the screen; polygons are filled black on transparent. */
export interface PadSurface {
  readonly width: number
  readonly height: number
  draw(polygons: [number, number][][]): void
  /** The canvas's own touch events, where no listener can be put on it. */
  touch(phase: TouchPhase, event: unknown): void
  close(): void
}

export interface Touch { x: number; y: number }
/** Px cut off (negative) or added (positive) at the screen's top and bottom. */
export interface Margins { top?: number; bottom?: number }
/** Elements of class `name` with the ids `name-1`, `name-2`, … and `data-page`. */
export interface WatchedPages { name: string; numbers: number[]; margins: Margins; changed: (page: number, inside: boolean) => void }

export interface FilePlace {
  /** Path of the API, with the session's own credentials. */
  path: string
  filename: string
}

/** What only a mini-program has: an account of its platform, and messages through it. */
export interface MiniPlatform {
  readonly id: 'weixin' | 'alipay'
  /** A code for one login, to be exchanged by our server. */
  loginCode(): Promise<string>
  /** Must follow a tap. What the person agreed to, by template. */
  askForMessages(settings: MiniSettings): Promise<{ template: string; accepted: boolean }[]>
}

export interface Channel {
  readonly name: 'h5' | 'weixin' | 'alipay'
  /** How a session travels: an HttpOnly cookie, or a token that the app keeps. */
  readonly session: 'cookie' | 'bearer'
  /** The platform draws no title bar: pages bring their own. */
  readonly ownTitleBar: boolean
  /** The app in whose built-in browser H5 runs; null: a browser of its own, or a mini-program. */
  readonly host: HostApp | null
  /** `save`: to the disk; `open`: in the platform's viewer; `elsewhere`: an app's built-in browser can do neither. */
  readonly files: 'save' | 'open' | 'elsewhere'
  readonly store: Store
  /** What was typed and not yet sent: gone when the tab or app is closed, as it may hold an ID number. */
  readonly drafts: Store
  readonly send: Transport
  /** Where a bearer token is kept; null: a cookie does it. */
  readonly token: { get(): string | null; set(value: string | null): void } | null
  readonly platform: MiniPlatform | null
  /** Face providers that work here; null: all. */
  readonly faceProviders: string[] | null
  /** The mini-program that this browser could open instead, if any. */
  readonly miniProgram: 'weixin' | 'alipay' | null

  /** Once, before the app is mounted. */
  install(app: App): void
  newId(): string
  language(): string
  setTitle(title: string): void
  setLanguage(language: string): void
  isOnline(): boolean
  onNetwork(changed: (online: boolean) => void): () => void
  /** The app comes back to the front, perhaps with a frozen old page. */
  onReturn(callback: () => void): () => void
  windowSize(): { width: number; height: number }
  /** A PC: no camera to rely on, room for a QR code that a phone takes over. */
  isDesk(): boolean
  /** The host app's own menu asks for a text size. */
  onTextSize(changed: (scale: FontScale) => void): void
  /** Where a browser finds this screen. */
  address(route: string): string
  /** Into the clipboard; must follow a tap. False: not possible here. */
  copy(text: string): Promise<boolean>
  inputType(type: 'text' | 'number' | 'tel' | 'idcard'): string

  /** Something an `<image>` can show for a private picture. Rejects when it can't be had. */
  picture(path: string): Promise<string>
  vectorPicture(svg: string): string
  /** Null when the person chose none. */
  pickPicture(): Promise<PickedFile | null>
  /** Rejects with `ApiError`. */
  saveFile(file: FilePlace): Promise<void>
  /** Prints pictures as sheets, one a page. Null: printing is done from the opened file. */
  readonly print: ((paths: string[]) => Promise<void>) | null

  /** A token that came in the address that opened the app, taken out of the address and history. */
  takeToken(name: string, query: Record<string, string | undefined>, page: string): string | null
  /** Reads a QR code with the camera; null where the phone's own camera does it. */
  readonly scanCode: (() => Promise<string>) | null
  /** Another page takes this one's place: a provider's, or a mini-program. */
  leaveFor(url: string): void
  /** False: this page is being left, it ends at `faceReturnPath`. True: the platform did it, ask the server. */
  openFaceCheck(face: FaceSession): Promise<boolean>
  faceReturnPath(query: Record<string, string>): string

  /** Fingers of a touch event, relative to the element's frame. */
  touches(event: unknown): Touch[]
  openPad(canvasId: string, handlers: PadHandlers, owner: unknown): Promise<PadSurface>
  /** Tells when pages come on screen; the answer stops it. */
  watchPages(owner: unknown, watched: WatchedPages): () => void
  scrollTo(selector: string, how: 'jump' | 'glide'): void
}
