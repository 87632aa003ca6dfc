/** Starting a face check: here, or on a phone when this is a PC. */

import { channel } from '../channel'
import type { FaceSession, FaceStart, Provider } from '../core/api-types'
import { replace, routes } from './nav'
import { api } from './services'
import { useLeft } from './work'

export interface FacePurpose { for: 'verification' | 'intent' | 'login' | 'download' | 'certificate' | 'open' | 'phone'; contract?: string; kind?: string }

export function faceStart(purpose: FacePurpose, provider?: string): FaceStart {
  const where = channel.isDesk() ? { where: 'phone' as const } : {}
  return { ...where, return_path: channel.faceReturnPath({ ...purpose }), ...(provider ? { provider } : {}) }
}

/** Providers that can be used on this device. */
export function usable(providers: Provider[] | undefined): Provider[] {
  const works = channel.faceProviders
  return (providers ?? []).filter((one) => !works || works.includes(one.id))
}

let offered: Promise<Provider[]> | null = null

/** The vendors that may be chosen here, asked for once; none when that can't be known: the server then chooses. */
export function vendors(): Promise<Provider[]> {
  offered ??= api.faceVendors().then(usable)
  return offered.catch(() => {
    offered = null
    return []
  })
}

/**
 * Opens the check, unless a phone is to take it over: then the page shows the picture and follows. Whoever left the page
 * before the check was there is not led away.
 */
export function useFace(): (face: FaceSession, purpose: FacePurpose) => Promise<void> {
  const left = useLeft()
  return async (face, purpose) => {
    if (face.qr || left()) return
    if (await channel.openFaceCheck(face)) replace(routes.faceReturn({ ...purpose }))
  }
}
