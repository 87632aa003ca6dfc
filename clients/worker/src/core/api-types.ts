/** Shapes of the worker API (`/api/v1`). Times are ISO 8601 with offset, ids are UUID strings. */

export type AgreementKind = 'user_agreement' | 'privacy_policy' | 'verification_consent' | 'face_consent' | 'esign_consent' | 'certificate_agreement'
export type Language = 'zh-CN' | 'en'
export type FontScale = '1' | '1.25' | '1.5'

export interface Agreement { kind: AgreementKind; version: string; title: string; required_for: string }
export interface AgreementText { kind: AgreementKind; version: string; title: string; text: string; sha256: string }
export interface Consent { kind: AgreementKind; version: string; given_at: string | null; current: boolean }

/** One open session; `device` is the client's User-Agent. */
export interface Device { id: string; channel: string; device: string; ip: string; created_at: string; last_seen_at: string; current: boolean }

export interface Target { kind: 'contract' | 'onboarding' | 'authorisation'; id: string }
/** `mini_programs`: platforms whose mini-program can open the link, too. */
export interface LinkPreview { purpose: string; organisation: string; expires_at: string; mini_programs: string[] }

export interface Person { name: string; id_number_masked: string; verified_at: string; method: string }
export interface Session {
  account_id: string
  phone_masked: string
  csrf_token: string
  expires_at: string
  language: Language
  font_scale: FontScale
  person: Person | null
  unread: number
  has_password: boolean
}
export interface LoggedIn extends Session { token?: string; target?: Target | null }
export interface CodeSent { resend_after: number; expires_in: number }

/** A named choice: a face provider, a kind of document. */
export interface Provider { id: string; label: string }
export interface IdDocument { id_type: string; label: string }
/** `phone`: this is a PC; the answer carries a QR code that a phone takes over. */
export type Where = 'here' | 'phone'
/** What a face check needs beside its purpose. */
export interface FaceStart { provider?: string; where?: Where; return_path: string; openid?: string }
/** Where a face check happens: an address, its picture for a phone, or a call of a mini-program's platform. */
export interface FaceSession { url?: string | null; qr?: string | null; app_call?: Record<string, string> | null }

export type VerificationMethod = 'phone' | 'bank' | 'face' | 'manual'
export interface VerificationChoice {
  method: VerificationMethod
  available: boolean
  reason?: string | null
  provider: string
  providers?: Provider[]
  documents?: IdDocument[]
}
export interface VerificationBody {
  method: VerificationMethod
  name: string
  /** Left out: a resident identity card. */
  id_type?: string
  id_number: string
  provider?: string
  card_number?: string
  bank_phone?: string
  document_ids?: string[]
  /** ISO 3166-1 alpha-3. */
  nationality?: string
  where?: Where
  return_path?: string
}
export interface Verification extends FaceSession {
  id: string
  method: VerificationMethod
  status: 'code_sent' | 'waiting' | 'reviewing' | 'verified' | 'failed' | 'cancelled' | 'expired'
  outcome?: string | null
  message?: string | null
  phone_masked?: string | null
  resend_after?: number | null
  expires_at: string
  /** This person has another account: its number may become the present one; `proof_wanted`: after another proof. */
  claim?: { phone_masked: string; proof_wanted: boolean } | null
}

/** A login that goes on elsewhere: at a provider, on another phone. */
export interface Ticket { ticket: string; expires_at: string; qr?: string | null; url?: string | null; poll_after?: number }
export interface FaceLogin extends Ticket { status: FaceCheckStatus; app_call?: Record<string, string> | null }
export type FaceCheckStatus = 'waiting' | 'passed' | 'failed' | 'cancelled' | 'expired' | 'unavailable'
export interface FaceCheck extends FaceSession { id: string; status: FaceCheckStatus; message?: string | null; expires_at: string }
/** `id`: of a face check, or of a proof by code. */
export interface DownloadCheck extends FaceSession { id: string; status: string; expires_at: string; resend_after?: number | null }
export interface DownloadProof { face_check?: string; intent?: string }
/** Who asks a phone for a face check, and for what. `account`: empty for a login. */
export interface Handover {
  name: string
  account: string
  purpose: string
  title: string
  vendor: string
  device: string
  ip: string
  same_network: boolean
  requested_at: string
  expires_at: string
  taken: boolean
}
export type QrStatus = 'waiting' | 'scanned' | 'confirmed' | 'refused' | 'expired'
export type ThirdStatus = 'waiting' | 'proven' | 'needs_phone' | 'refused' | 'expired'
export interface LoginProvider { id: string; label: string; by: 'redirect' | 'qr' }
/** A login that a phone is asked to confirm. */
export interface Scan { id: string; device: string; ip: string; same_network: boolean; requested_at: string; expires_at: string }
export interface Binding { id: string; kind: 'weixin' | 'alipay' | 'gov' | 'social_card'; label: string; bound_at: string }
export interface AgreedTo { kind: string; version: string }
export interface MiniSettings { subscribe_templates: string[]; employee_templates: string[] }

export type ContractStatus = 'confirming' | 'signing' | 'sealing' | 'completed' | 'withdrawn' | 'terminated' | 'expired'
export type MyStep = 'confirm' | 'sign' | 'wait' | 'sealing' | 'done' | 'ended'
export type Box = 'all' | 'waiting' | 'others' | 'done'
export interface ContractCard {
  id: string
  number: string
  title: string
  organisation: string
  status: ContractStatus
  status_text: string
  waiting_for_me: boolean
  my_step: MyStep
  updated_at: string
  sent_at: string | null
  deadline_at: string | null
}
export interface Page<T> { items: T[]; next_cursor: string | null }
export interface Home {
  counts: { waiting: number; others: number; done: number; all: number }
  todo: ContractCard[]
  onboardings: OnboardingCard[]
  authorisations: AuthorisationCard[]
  unread: number
}

export type OnboardingStatus = 'invited' | 'filling' | 'reviewing' | 'rejected' | 'accepted' | 'withdrawn' | 'declined' | 'expired'
export interface OnboardingCard {
  id: string
  organisation: string
  status: OnboardingStatus
  status_text: string
  waiting_for_me: boolean
  invited_at: string
  updated_at: string
  expires_at: string | null
}
/** What a worker types; in a draft any part may be missing. */
export interface OnboardingForm {
  sex: string
  registered_residence: Address
  residence: Address
  education: string
  school: string
  graduated_in: string
  emergency_name: string
  emergency_relation: string
  emergency_phone: string
}
export interface Correction { field: keyof OnboardingForm; before: string | number | Address; after: string | number | Address; by: string; at: string }
export interface Onboarding extends OnboardingCard {
  reason: string | null
  notice: { version: string; title: string; text: string; sha256: string }
  agreed_at: string | null
  submitted_at: string | null
  verified: { name: string; id_type_text: string; id_number_masked: string; phone_masked: string; sex: string | null }
  draft: Partial<OnboardingForm>
  form: OnboardingForm | null
  corrections: Correction[]
  actions: string[]
}

/** `width` and `height` are in points (1/72 inch). */
export interface DocumentPage { number: number; width: number; height: number }
export interface KeyTerms {
  employer: string
  worker: string
  post: string | null
  place: string | null
  term: string | null
  start_on: string | null
  end_on: string | null
  probation: string | null
  pay: string | null
  hours: string | null
}
export interface Party {
  id: string
  kind: 'worker' | 'organisation'
  name: string
  is_me: boolean
  order: number
  state: 'waiting' | 'confirmed' | 'signed' | 'sealed'
  acted_at: string | null
}
/** Fractions 0..1 of the page, origin at the top left. */
export interface Place {
  id: string
  page: number
  x: number
  y: number
  width: number
  height: number
  kind: 'signature' | 'seal'
  party_id: string
  mine: boolean
}
export interface Reading { required_seconds: number; seen_pages: number[]; opened_at: string | null; complete: boolean }
export interface Address { region: string[]; detail: string }
export type IntentMethod = 'sms' | 'face' | 'pin'
export type ContractAction = 'confirm' | 'terminate' | 'sign' | 'download'
export interface Contract extends ContractCard {
  kind: string
  content_sha256: string
  page_count: number
  pages: DocumentPage[]
  key_terms: KeyTerms
  parties: Party[]
  places: Place[]
  reading: Reading
  intent_methods: IntentMethod[]
  signature_rule: string
  confirmation: { at: string; habitual_residence: Address; registered_residence: Address } | null
  termination: { at: string; reason: string } | null
  withdrawal: { at: string; reason: string } | null
  download: boolean
  /** A face check comes before the file (B7). */
  download_check?: boolean
  actions: ContractAction[]
}
/** Which document: a contract, or what `kind` says. */
export interface Ref { id: string; kind?: string; my_step?: MyStep }
/** What reading, signing by hand and proving will need of a document. */
export type Signable = Pick<Contract, 'id' | 'kind' | 'title' | 'organisation' | 'my_step' | 'content_sha256' | 'page_count' | 'pages' | 'parties' | 'places' | 'intent_methods'> & { reading?: Reading }
/** A letter by which a legal representative lets an operator verify the organisation. */
export interface AuthorisationCard extends Omit<ContractCard, 'status'> {
  kind: 'authorisation'
  status: 'waiting' | 'sealing' | 'signed' | 'refused' | 'withdrawn' | 'expired' | 'void'
}
export interface Authorisation extends AuthorisationCard, Omit<Signable, keyof AuthorisationCard> {
  reason: string | null
  download: boolean
}
export interface ContractText { content_sha256: string; pages: { number: number; paragraphs: string[] }[] }
/** Oldest first. */
export interface TimelineEntry { at: string; text: string; actor: 'you' | 'worker' | 'organisation' | 'platform' }
export interface Progress {
  status: ContractStatus | Authorisation['status']
  my_step: MyStep
  sealed: boolean
  waiting_for: 'you' | 'organisation' | 'platform' | null
  updated_at: string
  delayed: boolean
}

export interface Intent extends FaceSession {
  id: string
  method: IntentMethod
  status: 'code_sent' | 'enter_pin' | 'waiting' | 'proved' | 'failed' | 'cancelled' | 'expired' | 'used'
  message?: string | null
  resend_after?: number | null
  expires_at: string
}
/** One's own digital certificate. `had_pin`: setting a PIN needs a second proof; `renewing`: another one is on its way. */
export interface Certificate {
  status: 'none' | 'issuing' | 'active' | 'expired' | 'revoked'
  had_pin: boolean
  pin_locked: boolean
  renewable: boolean
  renewing: boolean
  details: { serial: string; subject: string; issuer: string; not_before: string; not_after: string; revoked_at: string | null } | null
}
export interface CertificateActivation { pin: string; code: string; face_check_id?: string; password?: string }
/** One sample: x and y in px of the drawing area, milliseconds since the first sample, pressure 0..1 or not measured. */
export type InkPoint = [x: number, y: number, t: number, pressure: number | null]
export interface Ink { width: number; height: number; strokes: InkPoint[][] }
export interface SignatureBody { challenge_id: string; content_sha256: string; ink: Ink }

export interface Message {
  id: string
  title: string
  body: string
  target: Target | null
  created_at: string
  read_at: string | null
}
export interface Help { telephone: string; hours: string; questions: { q: string; a: string }[] }

/** RFC 9457 problem details, with the platform's own members. */
export interface Problem {
  status: number
  code: string
  detail: string
  request_id?: string
  fields?: Record<string, string[]>
  retry_after?: number
  attempts_left?: number
  seconds_left?: number
  pages_left?: number | number[]
  kind?: AgreementKind
  contract_id?: string
  contract_title?: string
  ways?: IntentMethod[]
  organisation?: string
}
