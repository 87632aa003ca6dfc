import { describe, expect, it } from 'vitest'
import type { OnboardingForm } from '../src/core/api-types'
import { filled, gapsOf, isSameAddress, nextPart, shownValue, toSend } from '../src/core/onboarding'

const HOME = { region: ['吉林省', '长春市', '朝阳区'], detail: ' 人民大街 1000 号 ' }
const verified = { name: '王小丽', id_type_text: '', id_number_masked: '', phone_masked: '', sex: 'female' }
const whole: OnboardingForm = {
  sex: 'female', registered_residence: HOME, residence: HOME, education: 'bachelor', school: '吉林大学', graduated_in: '２０１２',
  emergency_name: '王芳', emergency_relation: 'sibling', emergency_phone: '137 0000 0001',
}

describe('onboarding form', () => {
  it('starts from the draft, with the verified sex', () => {
    const form = filled({ draft: { school: '吉林' }, verified })
    expect(form.school).toBe('吉林')
    expect(form.sex).toBe('female')
    expect(gapsOf(form, 0)).toEqual(['registered_residence', 'residence'])
    expect(gapsOf(form, 2)).toHaveLength(3)
  })
  it('goes on at the first part that is not complete', () => {
    expect(nextPart(whole)).toBe(2)
    expect(nextPart({ ...whole, school: '吉' })).toBe(1)
    expect(nextPart({ ...whole, residence: { region: [], detail: '' } })).toBe(0)
  })
  it('sends one address for both where they are the same', () => {
    expect(isSameAddress(whole)).toBe(true)
    expect(isSameAddress({ ...whole, residence: { region: [], detail: '' } })).toBe(false)
    const sent = toSend({ ...whole, residence: { region: [], detail: '' } }, true)
    expect(sent.residence).toEqual({ region: HOME.region, detail: '人民大街 1000 号' })
  })
  it('names choices and writes addresses in one line', () => {
    expect(shownValue('education', 'bachelor', (key) => `<${key}>`)).toBe('<bachelor>')
    expect(shownValue('residence', { region: ['北京市', '北京市', '朝阳区'], detail: '1 号' }, String)).toBe('北京市朝阳区1 号')
    expect(shownValue('graduated_in', 2012, String)).toBe('2012')
  })
})
