/** What a browser fetches when it is needed. A mini-program has it in its package: uni-app can't compile `import()` there. */

// #ifdef MP
import english from '../locales/en'
import regionList from '../core/regions-data'
// #endif

export type English = (typeof import('../locales/en'))['default']

export async function loadEnglish(): Promise<English> {
  let texts: English
  // #ifdef H5
  texts = (await import('../locales/en')).default
  // #endif
  // #ifdef MP
  texts = english
  // #endif
  return texts
}

export async function loadRegions(): Promise<string> {
  let list: string
  // #ifdef H5
  list = (await import('../core/regions-data')).default
  // #endif
  // #ifdef MP
  list = regionList
  // #endif
  return list
}
