/** One function per call of the worker API; no state, no decisions. */

import type * as Wire from './api-types'
import type { ApiClient } from './api'

export type WorkerApi = ReturnType<typeof workerApi>

export function workerApi(client: ApiClient) {
  const contract = (id: string, rest = '') => `/worker/contracts/${encodeURIComponent(id)}${rest}`
  return {
    // login and session
    sendLoginCode: (phone: string) => client.post<Wire.CodeSent>('/worker/login/codes', { phone }),
    logIn: (body: { phone: string; code: string; agreements: { kind: string; version: string }[]; transport: string; link_token?: string }) =>
      client.post<Wire.LoggedIn>('/worker/login', body),
    logInByPassword: (body: { phone: string; password: string; agreements: { kind: string; version: string }[]; transport: string; link_token?: string }) =>
      client.post<Wire.LoggedIn>('/worker/login/password', body),
    sendPasswordCode: () => client.post<Wire.CodeSent>('/worker/password/codes'),
    savePassword: (body: { password: string; code?: string; current_password?: string }) => client.post<void>('/worker/password', body),
    sendPasswordResetCode: (phone: string) => client.post<Wire.CodeSent>('/worker/password/reset/codes', { phone }),
    resetPassword: (body: { phone: string; code: string; password: string }) => client.post<void>('/worker/password/reset', body),
    session: () => client.get<Wire.Session>('/worker/session'),
    logOut: () => client.delete('/worker/session'),
    saveSettings: (change: { language?: Wire.Language; font_scale?: Wire.FontScale }) => client.patch<Wire.Session>('/worker/session', change),
    previewLink: (token: string) => client.post<Wire.LinkPreview>('/h5/links/preview', { token }),
    claimLink: (token: string) => client.post<{ target: Wire.Target }>('/h5/links/claim', { token }),
    // agreements, consent, verification
    agreements: () => client.get<Wire.Agreement[]>('/worker/agreements'),
    agreement: (kind: string) => client.get<Wire.AgreementText>(`/worker/agreements/${encodeURIComponent(kind)}`),
    consents: () => client.get<Wire.Consent[]>('/worker/consents'),
    giveConsent: (kind: string, version: string) => client.post('/worker/consents', { kind, version }),
    withdrawConsent: (kind: string) => client.delete(`/worker/consents/${encodeURIComponent(kind)}`),
    devices: () => client.get<Wire.Device[]>('/worker/sessions'),
    endDevice: (id: string) => client.delete(`/worker/sessions/${encodeURIComponent(id)}`),
    endOtherDevices: () => client.delete('/worker/sessions'),
    verificationMethods: () => client.get<Wire.VerificationChoice[]>('/worker/verification-methods'),
    startVerification: (body: { method: Wire.VerificationMethod; name: string; id_number: string; return_path?: string }) =>
      client.post<Wire.Verification>('/worker/verifications', body),
    verification: (id: string) => client.get<Wire.Verification>(`/worker/verifications/${id}`),
    proveVerification: (id: string, code: string) => client.post<Wire.Verification>(`/worker/verifications/${id}/code`, { code }),
    resendVerification: (id: string) => client.post<Wire.Verification>(`/worker/verifications/${id}/resend`),
    // contracts
    home: () => client.get<Wire.Home>('/worker/home'),
    contracts: (box: Wire.Box, cursor: string | null) =>
      client.get<Wire.Page<Wire.ContractCard>>(`/worker/contracts?box=${box}&limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`),
    contract: (id: string) => client.get<Wire.Contract>(contract(id)),
    contractText: (id: string) => client.get<Wire.ContractText>(contract(id, '/text')),
    timeline: (id: string) => client.get<Wire.TimelineEntry[]>(contract(id, '/timeline')),
    viewPages: (id: string, pages: number[]) => client.post<{ reading: Wire.Reading }>(contract(id, '/page-views'), { pages }),
    confirm: (id: string, body: { content_sha256: string; habitual_residence: Wire.Address; registered_residence: Wire.Address }) =>
      client.post<Wire.Contract>(contract(id, '/confirmation'), body),
    terminate: (id: string, reason: string) => client.post<Wire.Contract>(contract(id, '/termination'), { reason }),
    startIntent: (id: string, body: { method: Wire.IntentMethod; content_sha256: string; return_path?: string }) =>
      client.post<Wire.Intent>(contract(id, '/intents'), body),
    intent: (id: string) => client.get<Wire.Intent>(`/worker/intents/${id}`),
    proveIntent: (id: string, code: string) => client.post<Wire.Intent>(`/worker/intents/${id}/code`, { code }),
    resendIntent: (id: string) => client.post<Wire.Intent>(`/worker/intents/${id}/resend`),
    sign: (id: string, body: Wire.SignatureBody) => client.post<Wire.Contract>(contract(id, '/signature'), body),
    progress: (id: string) => client.get<Wire.Progress>(contract(id, '/progress')),
    /** Always the same picture, so that reading, enlarging and printing fetch it once. */
    pageImageUrl: (id: string, page: number) => `/api/v1${contract(id, `/pages/${page}?width=1080`)}`,
    fileUrl: (id: string) => `/api/v1${contract(id, '/file')}`,
    // messages, help
    messages: (cursor: string | null) =>
      client.get<Wire.Page<Wire.Message>>(`/worker/messages${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`),
    readMessages: (what: { ids: string[] } | { all: true }) => client.post<{ unread: number }>('/worker/messages/read', what),
    help: () => client.get<Wire.Help>('/help'),
  }
}
