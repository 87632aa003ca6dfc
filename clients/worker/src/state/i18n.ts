/** Texts. Chinese is in the first load, English comes when asked for. */

import { createI18n, type MessageCompiler, type MessageContext, type MessageFunction } from 'vue-i18n'
import type { Language } from '../core/api-types'
import zh from '../locales/zh-CN'

/** Texts only name their values, `{n}`: no template compiler is needed (and none would pass the CSP). */
function compile(message: unknown): MessageFunction<string> {
  return (context: MessageContext<string>) => String(message).replace(/\{(\w+)\}/g, (_, name: string) => String(context.named(name) ?? ''))
}

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en: {} },
  messageCompiler: compile as MessageCompiler,
  missingWarn: false,
  fallbackWarn: false,
})

export const translate = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
export const hasText = (key: string): boolean => i18n.global.te(key, 'zh-CN')

export async function useLanguage(language: Language): Promise<void> {
  if (language === 'en') i18n.global.setLocaleMessage('en', (await import('../locales/en')).default)
  i18n.global.locale.value = language
}

export const currentLanguage = (): Language => i18n.global.locale.value as Language
