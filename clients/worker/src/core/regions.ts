/** Province, city, county: names as in the official list of administrative divisions. */

import type { Address } from './api-types'

/** Province → city → counties. */
export type Regions = Map<string, Map<string, string[]>>

/** One line a province; then one line a city: tab, name, colon, counties by comma. */
export function parseRegions(text: string): Regions {
  const regions: Regions = new Map()
  let cities = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    if (!line) continue
    if (!line.startsWith('\t')) {
      cities = new Map()
      regions.set(line, cities)
      continue
    }
    const [city = '', counties = ''] = line.slice(1).split(':')
    cities.set(city, counties ? counties.split(',') : [])
  }
  return regions
}

/** The choices after `chosen`; empty when the choice is complete. */
export function choices(regions: Regions, chosen: string[]): string[] {
  const [province, city] = chosen
  if (province === undefined) return [...regions.keys()]
  const cities = regions.get(province)
  if (!cities || chosen.length > 2) return []
  if (city === undefined) return [...cities.keys()]
  return cities.get(city) ?? []
}

/** Adds one choice and every further level that leaves only one: 北京市 → 北京市. */
export function choose(regions: Regions, chosen: string[], name: string): string[] {
  let next = [...chosen, name]
  for (let rest = choices(regions, next); rest.length === 1; rest = choices(regions, next)) next = [...next, rest[0]!]
  return next
}

/** As a person writes it: 北京市 + 北京市 + 朝阳区 is 北京市朝阳区. */
export function regionText(region: string[]): string {
  return region.filter((name, index) => name !== region[index - 1]).join('')
}

export function addressText(address: Address): string {
  return regionText(address.region) + address.detail
}

export const DETAIL_MIN = 2
export const DETAIL_MAX = 100

export type AddressGap = 'region' | 'detail'

export function addressGap(address: Address): AddressGap | null {
  if (address.region.length < 2) return 'region'
  const length = address.detail.trim().length
  return length < DETAIL_MIN || length > DETAIL_MAX ? 'detail' : null
}
