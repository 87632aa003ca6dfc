/**
 * Static gates on a built mini-program: complete, its templates well formed and of its own dialect, no browser in it,
 * no other host than the API's, small enough.
 * Use: node test/check-mini.mjs dist/build/mp-weixin
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize, relative } from 'node:path'

const { parse } = createRequire(import.meta.url)('./mini/markup.cjs')
const folder = process.argv[2]
const isWeixin = folder.includes('weixin')
const [template, styles, events, foreign] = isWeixin ? ['.wxml', '.wxss', /^(bind|catch)/, /^(on[A-Z]|a:)/] : ['.axml', '.acss', /^(on|catch)[A-Z]/, /^(bind|wx:)/]
/** WeChat's limit of a main package. */
const LIMIT = 2 * 1024 * 1024
const TAGS = new Set(['view', 'text', 'image', 'input', 'textarea', 'button', 'canvas', 'block', 'slot'])
const ORIGIN = process.env.VITE_API_ORIGIN ?? 'https://gongyue.example'
/** Words in Vue's and uni's messages, fetched by nobody. */
const WORDS = /https?:\/\/(?:www\.w3\.org\/[\w/.#-]*|vuejs\.org\/error-reference\/|uniapp\.dcloud\.(?:net\.cn|io)\/[\w/.#%-]*|github\.com\/[\w/.#-]*)/g
const FORBIDDEN = [
  [/\beval\s*\(/, 'eval'],
  [/new Function\s*\(/, 'new Function'],
  [/\b(?:document|localStorage|sessionStorage|navigator)\.\w/, 'a browser’s object'],
  [/\bwindow\.(?!__)\w/, 'a browser’s window'],
  [/\bimport\s*\(/, 'import() is not compiled'],
  [/await\s*["']\.\.?\//, 'a lost import()'],
  [/preloadAssets/, 'a preload from another host'],
  [/https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+/i, 'address of another host'],
]

const findings = []
const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((file) => statSync(file).isFile())
const app = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8'))

for (const page of app.pages) for (const ending of ['.js', template]) if (!existsSync(join(folder, page + ending))) findings.push(`${page}${ending} is missing`)

for (const file of files) {
  const name = relative(folder, file)
  const text = readFileSync(file, 'utf8')
  if (extname(file) === '.js') checkCode(name, text)
  if (extname(file) === template) checkTemplate(name, file, text)
  if (extname(file) === styles) checkStyles(name, text)
  if (extname(file) === '.json') JSON.parse(text)
  if (extname(file) === '.map') findings.push(`${name}: source map`)
}

function checkCode(name, text) {
  const code = text.replaceAll(ORIGIN, '').replace(WORDS, '')
  for (const [pattern, what] of FORBIDDEN) {
    const match = pattern.exec(code)
    if (match) findings.push(`${name}: ${what}: …${code.slice(Math.max(0, match.index - 40), match.index + 60)}…`)
  }
}

function checkTemplate(name, file, text) {
  const config = file.replace(template, '.json')
  const own = existsSync(config) ? (JSON.parse(readFileSync(config, 'utf8')).usingComponents ?? {}) : {}
  for (const [tag, place] of Object.entries(own)) if (!existsSync(normalize(join(dirname(file), `${place}.js`)))) findings.push(`${name}: <${tag}> is not at ${place}`)
  try {
    visit(parse(text), name, own)
  } catch (error) {
    findings.push(`${name}: ${error.message}`)
  }
}

function visit(elements, name, own) {
  for (const element of elements) {
    if (typeof element === 'string') continue
    if (!TAGS.has(element.tag) && !own[element.tag]) findings.push(`${name}: unknown <${element.tag}>`)
    for (const attribute of Object.keys(element.attrs)) if (foreign.test(attribute) && !events.test(attribute)) findings.push(`${name}: ${attribute} belongs to another platform`)
    visit(element.children, name, own)
  }
}

/** In a component WeChat knows classes only. */
function checkStyles(name, text) {
  if (/url\(\s*["']?(?:https?:)?\/\//.test(text)) findings.push(`${name}: style from another host`)
  if (!isWeixin || name.startsWith('app.')) return
  for (const [, selector] of text.matchAll(/(?:^|\})([^{}@]+)\{/g)) if (/\[|#/.test(selector)) findings.push(`${name}: selector ${selector.trim()}`)
}

const size = files.reduce((sum, file) => sum + statSync(file).size, 0)
if (size > LIMIT) findings.push(`${size} bytes > ${LIMIT}`)
console.log(`${folder}: ${app.pages.length} pages, ${(size / 1024).toFixed(0)} KiB of 2048`)
for (const finding of findings) console.error(`✗ ${finding}`)
process.exit(findings.length ? 1 : 0)
