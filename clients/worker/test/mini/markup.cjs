/** WXML and AXML: parsing, and evaluating `{{ }}` as the platforms do. */

/** `{tag, attrs, children}` for elements, strings for text; the root is a list. */
function parse(source) {
  const root = { tag: 'root', attrs: {}, children: [] }
  const open = [root]
  const token = /<!--[\s\S]*?-->|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:@.-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/g
  for (const [whole, closed, tag, attrs, single, text] of source.matchAll(token)) {
    const top = open[open.length - 1]
    if (text !== undefined) {
      if (text.trim()) top.children.push(text)
    } else if (closed) {
      if (open.pop().tag !== closed) throw new Error(`</${closed}> closes nothing`)
    } else if (tag) {
      const element = { tag, attrs: attributes(attrs), children: [] }
      top.children.push(element)
      if (!single) open.push(element)
    } else if (!whole.startsWith('<!--')) throw new Error(`not understood: ${whole}`)
  }
  if (open.length !== 1) throw new Error(`<${open[open.length - 1].tag}> is not closed`)
  return root.children
}

function attributes(text) {
  return Object.fromEntries([...text.matchAll(/([\w:@.-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, value ?? 'true']))
}

const compiled = new Map()

/** One binding keeps its type; text around it makes a string. */
function evaluate(text, scope) {
  if (!text.includes('{{')) return text
  let parts = compiled.get(text)
  if (!parts) compiled.set(text, (parts = split(text)))
  const values = parts.map((part) => (typeof part === 'string' ? part : part(scope)))
  return values.length === 1 ? values[0] : values.map((value) => value ?? '').join('')
}

function split(text) {
  const parts = []
  let rest = text
  while (rest) {
    const start = rest.indexOf('{{')
    if (start < 0) return [...parts, rest]
    if (start > 0) parts.push(rest.slice(0, start))
    const end = rest.indexOf('}}', start)
    const body = rest.slice(start + 2, end)
    parts.push(forgiving(new Function('scope', `with (scope) { return (${body}) }`)))
    rest = rest.slice(end + 2)
  }
  return parts
}

/** A member of nothing is nothing: templates don't throw. */
function forgiving(read) {
  return (scope) => {
    try {
      return read(scope)
    } catch (error) {
      if (error instanceof TypeError) return undefined
      throw error
    }
  }
}

/** A name that isn't there is undefined, not an error. */
function scopeOf(data, local) {
  return new Proxy(local, {
    has: (_, name) => name !== 'undefined' && typeof name === 'string',
    get: (_, name) => (name in local ? local[name] : data[name]),
  })
}

module.exports = { parse, evaluate, scopeOf }
