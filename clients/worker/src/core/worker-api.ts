/** One function per call of the worker API; no state, no decisions. */

import type * as Wire from './api-types'
import type { ApiClient, PickedFile } from './api'

export type WorkerApi = ReturnType<typeof workerApi>

export function workerApi(client: ApiClient) {
  const onboarding = (id: string, rest = '') => `/worker/onboardings/${encodeURIComponent(id)}${rest}`
  const contract = (id: string, rest = '') => `/worker/contracts/${encodeURIComponent(id)}${rest}`
  const letter = (id: string, rest = '') => `/worker/authorisations/${encodeURIComponent(id)}${rest}`
  const at = (of: Wire.Ref, rest = '') => (of.kind === 'authorisation' ? letter : contract)(of.id, rest)
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
    // other ways in: each ends with LoggedIn, once
    startFaceLogin: (body: Wire.FaceStart & { name: string; id_number: string; agreements: Wire.AgreedTo[] }) => client.post<Wire.FaceLogin>('/worker/login/face', body),
    faceLoginStatus: (ticket: string) => client.post<{ status: Wire.FaceCheckStatus; message?: string | null }>('/worker/login/face/status', { ticket }),
    logInByFace: (body: { ticket: string; transport: string; link_token?: string }) => client.post<Wire.LoggedIn>('/worker/login/face/session', body),
    startQrLogin: () => client.post<Wire.Ticket>('/worker/login/qr'),
    qrStatus: (ticket: string) => client.post<{ status: Wire.QrStatus }>('/worker/login/qr/status', { ticket }),
    logInByQr: (body: { ticket: string; agreements: Wire.AgreedTo[]; transport: string; link_token?: string }) => client.post<Wire.LoggedIn>('/worker/login/qr/session', body),
    loginProviders: () => client.get<Wire.LoginProvider[]>('/worker/login/providers'),
    startThirdLogin: (id: string) => client.post<Partial<Wire.Ticket>>(`/worker/login/providers/${encodeURIComponent(id)}`),
    thirdStatus: (ticket: string) => client.post<{ status: Wire.ThirdStatus }>('/worker/login/third/status', { ticket }),
    sendThirdCode: (body: { ticket: string; phone: string }) => client.post<Wire.CodeSent>('/worker/login/third/codes', body),
    logInByThird: (body: { ticket: string; agreements: Wire.AgreedTo[]; transport: string; phone?: string; code?: string; link_token?: string }) =>
      client.post<Wire.LoggedIn>('/worker/login/third/session', body),
    miniLogin: (platform: string, body: { code: string; agreements: Wire.AgreedTo[]; link_token?: string }) =>
      client.post<Wire.LoggedIn | { ticket: string; next: 'phone'; expires_at: string }>(`/miniprogram/${platform}/login`, body),
    miniLoginByPhone: (platform: string, body: { ticket: string; proof?: string; phone?: string; code?: string; agreements: Wire.AgreedTo[]; link_token?: string }) =>
      client.post<Wire.LoggedIn>(`/miniprogram/${platform}/login/phone`, body),
    miniSettings: (platform: string) => client.get<Wire.MiniSettings>(`/miniprogram/${platform}/settings`),
    tellSubscription: (platform: string, body: { template: string; accepted: boolean }) => client.post<void>(`/miniprogram/${platform}/subscriptions`, body),
    miniLink: (token: string, platform: string) => client.post<{ url: string }>('/h5/links/mini-program', { token, platform }),
    // a login elsewhere that this phone confirms
    openScan: (token: string) => client.post<Wire.Scan>('/worker/scans', { token }),
    confirmScan: (id: string) => client.post<void>(`/worker/scans/${encodeURIComponent(id)}/confirmation`),
    refuseScan: (id: string) => client.delete(`/worker/scans/${encodeURIComponent(id)}`),
    // account
    bindings: () => client.get<Wire.Binding[]>('/worker/bindings'),
    unbind: (id: string) => client.delete(`/worker/bindings/${encodeURIComponent(id)}`),
    bindMini: (platform: string, code: string) => client.post<void>(`/miniprogram/${platform}/bindings`, { code }),
    sendNewPhoneCode: (phone: string) => client.post<Wire.CodeSent>('/worker/phone/codes', { phone }),
    sendOldPhoneCode: () => client.post<Wire.CodeSent>('/worker/phone/old-code'),
    startPhoneFace: (body: Wire.FaceStart & { phone: string }) => client.post<Wire.FaceCheck>('/worker/phone/face-checks', body),
    changePhone: (body: { phone: string; code: string; proof: { old_code: string } | { face_check_id: string } }) => client.post<void>('/worker/phone', body),
    session: () => client.get<Wire.Session>('/worker/session'),
    logOut: () => client.delete('/worker/session'),
    saveSettings: (change: { language?: Wire.Language; font_scale?: Wire.FontScale }) => client.put<Wire.Session>('/worker/preferences', change),
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
    startVerification: (body: Wire.VerificationBody) => client.post<Wire.Verification>('/worker/verifications', body),
    verification: (id: string) => client.get<Wire.Verification>(`/worker/verifications/${id}`),
    /** Null when none is open. */
    currentVerification: () => client.get<Wire.Verification | null>('/worker/verifications/current'),
    proveVerification: (id: string, code: string) => client.post<Wire.Verification>(`/worker/verifications/${id}/code`, { code }),
    resendVerification: (id: string) => client.post<Wire.Verification>(`/worker/verifications/${id}/resend`),
    claimAccount: (id: string, transport: string) => client.post<Wire.LoggedIn>(`/worker/verifications/${id}/claim`, { transport }),
    uploadDocument: (file: PickedFile) => client.upload<{ id: string }>('/worker/verification-documents', file),
    startDownloadCheck: (id: string, body: Wire.FaceStart | { method: 'sms' | 'pin' }) => client.post<Wire.DownloadCheck>(contract(id, '/download-checks'), body),
    faceCheck: (id: string) => client.get<Wire.FaceCheck>(`/worker/face-checks/${encodeURIComponent(id)}`),
    startOpeningCheck: (id: string, body: Wire.FaceStart | { method: 'sms' | 'pin' }) => client.post<Wire.DownloadCheck>(contract(id, '/opening-checks'), body),
    openContract: (id: string, proof: Wire.DownloadProof) => client.post<void>(contract(id, '/opening'), proof),
    faceVendors: () => client.get<Wire.Provider[]>('/worker/face-vendors'),
    openHandover: (token: string) => client.post<Wire.Handover>('/worker/face-handovers/preview', { token }),
    takeHandover: (token: string) => client.post<{ url: string }>('/worker/face-handovers/continuation', { token }),
    refuseHandover: (token: string) => client.post<void>('/worker/face-handovers/refusal', { token }),
    // my digital certificate
    certificate: () => client.get<Wire.Certificate>('/worker/certificate'),
    sendCertificateCode: () => client.post<Wire.CodeSent>('/worker/certificate/codes'),
    startCertificateFace: (body: Wire.FaceStart) => client.post<Wire.FaceCheck & Wire.FaceSession>('/worker/certificate/face-checks', body),
    activateCertificate: (body: Wire.CertificateActivation) => client.post<Wire.Certificate>('/worker/certificate/activation', body),
    changePin: (body: { pin: string; current_pin: string }) => client.post<Wire.Certificate>('/worker/certificate/pin', body),
    renewCertificate: (pin: string) => client.post<Wire.Certificate>('/worker/certificate/renewal', { pin }),
    revokeCertificate: () => client.post<Wire.Certificate>('/worker/certificate/revocation'),
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
    startIntent: (of: Wire.Ref, body: { method: Wire.IntentMethod; content_sha256: string } & Partial<Wire.FaceStart>) =>
      client.post<Wire.Intent>(at(of, '/intents'), body),
    intent: (id: string) => client.get<Wire.Intent>(`/worker/intents/${id}`),
    proveIntent: (id: string, code: string) => client.post<Wire.Intent>(`/worker/intents/${id}/code`, { code }),
    provePin: (id: string, pin: string) => client.post<Wire.Intent>(`/worker/intents/${id}/pin`, { pin }),
    resendIntent: (id: string) => client.post<Wire.Intent>(`/worker/intents/${id}/resend`),
    sign: (of: Wire.Ref, body: Wire.SignatureBody) => client.post<Wire.Signable>(at(of, '/signature'), body),
    progress: (of: Wire.Ref) => client.get<Wire.Progress>(at(of, '/progress')),
    /** Always the same picture, so that reading, enlarging and printing fetch it once, until a signature is added to it. */
    pageImageUrl: (of: Wire.Ref, page: number) =>
      `/api/v1${at(of, `/pages/${page}?width=1080&at=${of.my_step === 'confirm' ? 'sign' : of.my_step}`)}`,
    fileUrl: (id: string, proof: Wire.DownloadProof | null = null) =>
      `/api/v1${contract(id, '/file')}${Object.entries(proof ?? {}).map(([kind, value], index) => `${index ? '&' : '?'}${kind}=${encodeURIComponent(value)}`).join('')}`,
    /** Whatever can be signed by hand. */
    signable: (of: Wire.Ref) => client.get<Wire.Signable>(at(of)),
    // letters of legal representatives
    authorisation: (id: string) => client.get<Wire.Authorisation>(letter(id)),
    authorisationText: (id: string) => client.get<Wire.ContractText>(letter(id, '/text')),
    refuseAuthorisation: (id: string, reason: string) => client.post<Wire.Authorisation>(letter(id, '/refusal'), { reason }),
    letterUrl: (id: string) => `/api/v1${letter(id, '/file')}`,
    // onboarding
    onboardings: (cursor: string | null) =>
      client.get<Wire.Page<Wire.OnboardingCard>>(`/worker/onboardings${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`),
    onboarding: (id: string) => client.get<Wire.Onboarding>(onboarding(id)),
    agreeToOnboarding: (id: string, sha256: string) => client.post<void>(onboarding(id, '/agreement'), { notice_sha256: sha256 }),
    saveOnboarding: (id: string, draft: Wire.OnboardingForm) => client.put<void>(onboarding(id, '/draft'), draft),
    submitOnboarding: (id: string, form: Wire.OnboardingForm) => client.post<void>(onboarding(id, '/submission'), form),
    declineOnboarding: (id: string) => client.post<void>(onboarding(id, '/declination')),
    // messages, help
    messages: (cursor: string | null) =>
      client.get<Wire.Page<Wire.Message>>(`/worker/messages${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`),
    readMessages: (what: { ids: string[] } | { all: true }) => client.post<{ unread: number }>('/worker/messages/read', what),
    help: () => client.get<Wire.Help>('/help'),
  }
}
