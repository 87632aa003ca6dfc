/**
 * Static gates on the built H5: no other host, no eval, no source maps, old-browser syntax, small enough.
 * Use: node test/check.mjs [folder]
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'

const folder = process.argv[2] ?? 'dist/build/h5'
const FIRST_LOAD_LIMIT = 120 * 1024
const TOTAL_LIMIT = 300 * 1024
/** Words, not addresses: XML namespaces, and the page that Vue names in its error messages. Nothing is fetched. */
const WORDS = /https?:\/\/(?:www\.w3\.org\/[\w/.#-]*|vuejs\.org\/error-reference\/)/g
const FORBIDDEN = [
  [/\beval\s*\(/, 'eval'],
  [/new Function\s*\(/, 'new Function'],
  [/sourceMappingURL/, 'source map'],
  [/\bimportScripts\b/, 'importScripts'],
  [/(?:https?:)?\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i, 'address of another host'],
]

const findings = []
const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((file) => statSync(file).isFile())
const zipped = (file) => gzipSync(readFileSync(file), { level: 9 }).length

for (const file of files) {
  const name = relative(folder, file)
  if (extname(file) === '.map') findings.push(`${name}: source map`)
  if (!['.js', '.css', '.html'].includes(extname(file))) continue
  const text = readFileSync(file, 'utf8').replace(WORDS, '')
  for (const [pattern, what] of FORBIDDEN) {
    const match = pattern.exec(text)
    if (match) findings.push(`${name}: ${what}: …${text.slice(Math.max(0, match.index - 30), match.index + 60)}…`)
  }
}

const html = readFileSync(join(folder, 'index.html'), 'utf8')
if (/<script(?![^>]*\bsrc=)/.test(html)) findings.push('index.html: inline script')
if (/<style|\sstyle=|\son\w+=/.test(html)) findings.push('index.html: inline style or handler')

/** What stands between a person and the first screen: the page, its script and styles, and the landing page's own. */
const main = [...html.matchAll(/(?:src|href)="\/h5\/([^"]+)"/g)].map((match) => join(folder, match[1]))
const entry = main.find((file) => file.endsWith('.js'))
const landing = [...readFileSync(entry, 'utf8').matchAll(/"(assets\/[^"]+)"/g)].map((match) => match[1])
const route = landing.find((name) => name.includes('pages-landing-'))
const own = readFileSync(join(folder, route), 'utf8')
const imported = [...own.matchAll(/from"\.\/([^"]+)"/g)].map((match) => `assets/${match[1]}`)
const styles = landing.filter((name) => name.endsWith('.css') && /\/(landing|GyPage)/.test(name))
const first = new Set([join(folder, 'index.html'), ...main, ...[route, ...imported, ...styles].map((name) => join(folder, name))])
const firstLoad = [...first].reduce((sum, file) => sum + zipped(file), 0)
const total = files.filter((file) => !file.includes('regions-data')).reduce((sum, file) => sum + zipped(file), 0)

if (firstLoad > FIRST_LOAD_LIMIT) findings.push(`first load ${firstLoad} B gzip > ${FIRST_LOAD_LIMIT}`)
if (total > TOTAL_LIMIT) findings.push(`all files ${total} B gzip > ${TOTAL_LIMIT}`)
console.log(`first load ${(firstLoad / 1024).toFixed(1)} KiB gzip (${first.size} files), all ${(total / 1024).toFixed(1)} KiB gzip without the region list`)
for (const finding of findings) console.error(`✗ ${finding}`)
process.exit(findings.length ? 1 : 0)
