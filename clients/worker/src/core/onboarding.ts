/** The onboarding form: its parts, what is missing in them, and how its values read. */

import type { Address, Onboarding, OnboardingForm } from './api-types'
import { isName, isPhone, plain } from './forms'
import { addressGap, addressText } from './regions'

export const SEXES = ['male', 'female']
export const EDUCATIONS = ['junior', 'senior', 'college', 'bachelor', 'master', 'doctor']
export const RELATIONS = ['spouse', 'parent', 'child', 'sibling', 'relative', 'friend']

type Field = keyof OnboardingForm
/** Each part is a screen. */
export const PARTS: Field[][] = [
  ['sex', 'registered_residence', 'residence'],
  ['education', 'school', 'graduated_in'],
  ['emergency_name', 'emergency_relation', 'emergency_phone'],
]
export const FIELDS = PARTS.flat()

/** From the server's draft, with nothing missing but content. */
export function filled(onboarding: Pick<Onboarding, 'draft' | 'verified'>): OnboardingForm {
  const { draft, verified } = onboarding
  const address = (given?: Address): Address => ({ region: given?.region ?? [], detail: given?.detail ?? '' })
  return {
    sex: verified.sex ?? draft.sex ?? '',
    registered_residence: address(draft.registered_residence),
    residence: address(draft.residence),
    education: draft.education ?? '',
    school: draft.school ?? '',
    graduated_in: String(draft.graduated_in ?? ''),
    emergency_name: draft.emergency_name ?? '',
    emergency_relation: draft.emergency_relation ?? '',
    emergency_phone: draft.emergency_phone ?? '',
  }
}

export const isSameAddress = (form: OnboardingForm): boolean => form.residence.region.length > 0 && addressText(form.residence) === addressText(form.registered_residence)

/** As it is sent: one address for both, where the person said so. */
export function toSend(form: OnboardingForm, same: boolean): OnboardingForm {
  const trim = (address: Address): Address => ({ region: address.region, detail: address.detail.trim() })
  const registered = trim(form.registered_residence)
  return { ...form, registered_residence: registered, residence: same ? registered : trim(form.residence) }
}

const CHECKS: Record<Field, (form: OnboardingForm) => boolean> = {
  sex: (form) => SEXES.includes(form.sex),
  registered_residence: (form) => addressGap(form.registered_residence) === null,
  residence: (form) => addressGap(form.residence) === null,
  education: (form) => EDUCATIONS.includes(form.education),
  school: (form) => form.school.trim().length >= 2 && form.school.trim().length <= 60,
  graduated_in: (form) => /^(19|20)\d\d$/.test(plain(form.graduated_in)),
  emergency_name: (form) => isName(form.emergency_name),
  emergency_relation: (form) => RELATIONS.includes(form.emergency_relation),
  emergency_phone: (form) => isPhone(form.emergency_phone),
}

/** What is missing or wrong in one part. */
export function gapsOf(form: OnboardingForm, part: number): Field[] {
  return (PARTS[part] ?? []).filter((field) => !CHECKS[field](form))
}

/** Where a person goes on: the first part that is not complete, else the last. */
export function nextPart(form: OnboardingForm): number {
  const first = PARTS.findIndex((_, part) => gapsOf(form, part).length > 0)
  return first < 0 ? PARTS.length - 1 : first
}

const isAddress = (value: unknown): value is Address => typeof value === 'object' && value !== null && 'region' in value

/** A value for people; `word` names a choice. */
export function shownValue(field: Field, value: string | number | Address, word: (key: string) => string): string {
  if (isAddress(value)) return addressText(value)
  return ['sex', 'education', 'emergency_relation'].includes(field) ? word(String(value)) : String(value)
}
