/** Everything in which H5, the WeChat and the Alipay mini-program differ. Pages and core know only this. */

import type { App } from 'vue'
import type { Transport } from '../core/api'
import type { Store } from '../core/pending'

export interface PadSample { x: number; y: number; at: number; pressure: number | null }
export interface PadHandlers {
  start(sample: PadSample): void
  /** Several samples may come at once. */
  move(samples: PadSample[]): void
  end(): void
}
/** A drawing surface in px of the screen; polygons are filled black on transparent. */
export interface PadSurface {
  readonly width: number
  readonly height: number
  draw(polygons: [number, number][][]): void
  close(): void
}

export interface Touch { x: number; y: number }

export interface FilePlace {
  /** Path of the API, with the session's own credentials. */
  path: string
  filename: string
}

export interface Channel {
  readonly name: 'h5' | 'weixin' | 'alipay'
  /** How a session travels: an HttpOnly cookie, or a token that the app keeps. */
  readonly session: 'cookie' | 'bearer'
  /** The platform draws no title bar: pages bring their own. */
  readonly ownTitleBar: boolean
  /** False inside WeChat's browser, where files can't be saved or printed. */
  readonly canSaveFiles: boolean
  readonly store: Store
  /** What was typed and not yet sent: gone when the tab or app is closed, as it may hold an ID number. */
  readonly drafts: Store
  readonly send: Transport

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

  /** Something an `<image>` can show for a private picture. */
  pictureUrl(path: string): string
  /** Rejects with `ApiError`. */
  saveFile(file: FilePlace): Promise<void>
  /** Prints pictures as sheets, one a page. */
  print(pictures: string[]): Promise<void>

  /** The token of the SMS link that opened the app, taken out of the address and history. */
  takeLinkToken(query: Record<string, string | undefined>): string | null
  /** Leaves for the provider's face check; it ends at `faceReturnPath`. */
  openFaceCheck(url: string): void
  faceReturnPath(query: Record<string, string>): string

  /** Fingers of a touch event, relative to the element's frame. */
  touches(event: unknown): Touch[]
  openPad(canvasId: string, handlers: PadHandlers): Promise<PadSurface>
  scrollTo(selector: string, how: 'jump' | 'glide'): void
}
