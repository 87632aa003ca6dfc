import { describe, expect, it } from 'vitest'
import { deviceName, hostApp } from '../src/core/device'
import { day, daysLeft, dayTime } from '../src/core/format'
import { idNumber, isCode, isIdNumber, isName, isPhone, phoneNumber } from '../src/core/forms'
import { blocks } from '../src/core/markdown'
import { addressGap, addressText, choices, choose, parseRegions } from '../src/core/regions'
import data from '../src/core/regions-data'

describe('forms', () => {
  it('takes phone numbers as people type them', () => {
    for (const typed of ['13812345678', '+86 138-1234-5678', '１３８１２３４５６７８', '008613812345678']) expect(phoneNumber(typed)).toBe('13812345678')
    expect(isPhone('12812345678')).toBe(false)
    expect(isPhone('1381234567')).toBe(false)
  })

  it('checks codes and ID numbers', () => {
    expect([isCode('１２３４５６'), isCode('12345'), isCode('12345a')]).toEqual([true, false, false])
    expect(isIdNumber('11010519491231002x')).toBe(true)
    expect(isIdNumber('110105194912310021')).toBe(false)
    expect(idNumber(' 11010519491231002ｘ')).toBe('11010519491231002X')
  })

  it('knows rare characters and minority names', () => {
    for (const name of ['𠮷野', '䶮', '阿卜杜拉·买买提', 'Ann O\'Neil']) expect(isName(name)).toBe(true)
    for (const name of ['', '张3', '张\n三', '<b>']) expect(isName(name)).toBe(false)
  })
})

describe('regions', () => {
  const regions = parseRegions(data)

  it('has every province, and counties under each city', () => {
    expect(regions.size).toBe(34)
    for (const [province, cities] of regions) {
      expect(cities.size, province).toBeGreaterThan(0)
      for (const [city, counties] of cities) expect(counties.length, city).toBeGreaterThan(0)
    }
    expect(choices(regions, ['吉林省', '长春市'])).toContain('朝阳区')
  })

  it('skips levels with one choice and writes no name twice', () => {
    expect(choose(regions, [], '北京市')).toEqual(['北京市', '北京市'])
    expect(choose(regions, ['海南省'], '五指山市')).toEqual(['海南省', '五指山市', '五指山市'])
    expect(addressText({ region: ['北京市', '北京市', '朝阳区'], detail: '某街1号' })).toBe('北京市朝阳区某街1号')
    expect(data).not.toMatch(/市辖区|直辖县级/)
  })

  it('names what is missing', () => {
    expect(addressGap({ region: [], detail: '某街1号' })).toBe('region')
    expect(addressGap({ region: ['吉林省', '长春市'], detail: ' 1 ' })).toBe('detail')
    expect(addressGap({ region: ['吉林省', '长春市', '朝阳区'], detail: '某街1号' })).toBeNull()
  })
})

describe('times', () => {
  it('are shown in China, whatever the phone is set to', () => {
    expect(day('2026-11-20T17:30:00+00:00')).toBe('2026-11-21')
    expect(dayTime('2026-11-20T17:30:00+00:00')).toBe('2026-11-21 01:30')
    expect(daysLeft('2026-11-21T23:59:00+08:00', Date.parse('2026-11-21T00:01:00+08:00'))).toBe(0)
    expect(daysLeft('2026-11-22T00:01:00+08:00', Date.parse('2026-11-21T23:59:00+08:00'))).toBe(1)
  })
})

it('reads the marks of agreement texts', () => {
  expect(blocks('# 标题\n\n正文**重点**。\n- 一项')).toEqual([
    { kind: 'heading', spans: [{ text: '标题', bold: false }] },
    { kind: 'paragraph', spans: [{ text: '正文', bold: false }, { text: '重点', bold: true }, { text: '。', bold: false }] },
    { kind: 'bullet', spans: [{ text: '一项', bold: false }] },
  ])
})

describe('devices', () => {
  it('names a session by system and browser', () => {
    const wechat = 'Mozilla/5.0 (Linux; Android 14; V2301A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49'
    const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
    const desk = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0'
    expect(deviceName(wechat)).toEqual({ system: 'Android', app: 'wechat' })
    expect(deviceName(phone)).toEqual({ system: 'iPhone', app: 'Safari' })
    expect(deviceName(desk)).toEqual({ system: 'Windows', app: 'Edge' })
    expect(deviceName('curl/8.5')).toEqual({ system: '', app: '' })
    const dingtalk = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 AliApp(DingTalk/7.6.0) com.laiwang.DingTalk/36128 Channel/201200 language/zh-Hans-CN UT4Aplus/0.0.6 WK'
    expect([wechat, dingtalk, 'Mozilla/5.0 AliApp(AP/10.5.96) AlipayClient/10.5.96', phone, desk].map(hostApp)).toEqual(['wechat', 'dingtalk', 'alipay', null, null])
  })
})
