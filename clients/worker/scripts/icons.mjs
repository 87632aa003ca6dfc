/**
 * Writes src/styles/icons.css from Tabler Icons (MIT).
 * Use: npm pack @tabler/icons@3.51.0, unpack, then `node scripts/icons.mjs package/icons/outline`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAMES = `arrow-left chevron-right check alert-triangle circle-check info-circle x file-text clock user-check message settings
help-circle phone download printer arrow-back-up arrow-forward-up trash zoom-in writing scan wifi-off logout
credit-card id qrcode device-desktop building-bank camera link device-mobile bell lock`.split(/\s+/)

const folder = process.argv[2]
const rules = NAMES.map((name) => {
  const paths = [...readFileSync(join(folder, `${name}.svg`), 'utf8').matchAll(/<path d="([^"]+)" \/>/g)].map((match) => match[1])
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%23000' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'><path d='${paths.join('')}'/></svg>`
  return `.icon-${name} { --i: url("data:image/svg+xml,${svg.replaceAll('<', '%3C').replaceAll('>', '%3E')}"); }`
})
writeFileSync('src/styles/icons.css', `/* Tabler Icons 3.51.0, MIT, https://tabler.io/icons. Made by scripts/icons.mjs. */\n${rules.join('\n')}\n`)
