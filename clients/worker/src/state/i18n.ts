/** Texts. Chinese is in the first load, English comes when asked for. Values are named, `{n}`. */

import { ref, shallowRef } from 'vue'
import type { Language } from '../core/api-types'
import zh from '../locales/zh-CN'
import { loadEnglish } from './lazy'

type Texts = Record<string, Record<string, string>>

const chinese: Texts = zh
const english = shallowRef<Texts>({})
const locale = ref<Language>('zh-CN')

const find = (texts: Texts, key: string): string | undefined => {
  const [group = '', name = ''] = key.split('.')
  return texts[group]?.[name]
}

export function translate(key: string, values: Record<string, unknown> = {}): string {
  const text = (locale.value === 'en' ? find(english.value, key) : undefined) ?? find(chinese, key) ?? key
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

export const hasText = (key: string): boolean => find(chinese, key) !== undefined

/** For components: what `t` reads is followed, so that a change of language redraws them. */
export const useI18n = (): { t: typeof translate } => ({ t: translate })

/** Until English is there, and when it can't be had, what is not translated is Chinese. */
export async function useLanguage(language: Language): Promise<void> {
  locale.value = language
  if (language === 'en') english.value = await loadEnglish().catch(() => english.value)
}

export const currentLanguage = (): Language => locale.value
