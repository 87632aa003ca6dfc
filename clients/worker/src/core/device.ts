/** What a session's User-Agent means to its owner: a system and a browser, either may be unknown. */

export interface DeviceName { system: string; app: string }

const SYSTEMS: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/i, 'HarmonyOS'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'],
  [/Windows/, 'Windows'], [/Macintosh/, 'Mac'], [/Linux/, 'Linux'],
]
/** The first that fits: most of them also call themselves Chrome or Safari. */
const APPS: [RegExp, string][] = [
  [/MicroMessenger/i, 'wechat'], [/DingTalk/i, 'dingtalk'], [/AlipayClient/i, 'alipay'], [/Edg/, 'Edge'], [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari'],
]

export function deviceName(userAgent: string): DeviceName {
  const find = (names: [RegExp, string][]): string => names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? ''
  return { system: find(SYSTEMS), app: find(APPS) }
}

export type HostApp = 'wechat' | 'dingtalk' | 'alipay'

/** The app whose built-in browser this is; null: a browser of its own. */
export function hostApp(userAgent: string): HostApp | null {
  const { app } = deviceName(userAgent)
  return app === 'wechat' || app === 'dingtalk' || app === 'alipay' ? app : null
}
