/**
 * A small stand-in for a mini-program's host: loads a BUILT package, draws its templates into a tree of elements,
 * and lets a test tap, type and draw. It knows structure and events; it knows nothing of layout or of real phones.
 */
const { existsSync, readFileSync } = require('node:fs')
const { dirname, join, normalize } = require('node:path')
const vm = require('node:vm')
const { parse, evaluate, scopeOf } = require('./markup.cjs')

const ROUNDS = 400

class Host {
  /** `dialect`: what differs between the platforms, see weixin.cjs and alipay.cjs. */
  constructor(folder, dialect, api) {
    this.folder = folder
    this.dialect = dialect
    this.modules = new Map()
    this.registered = new Map()
    this.templates = new Map()
    this.pages = []
    this.observers = []
    this.troubles = []
    const quiet = { log() {}, info() {}, debug() {}, warn: (...words) => this.troubles.push(words.join(' ')), error: (...words) => this.troubles.push(words.map((word) => word?.stack ?? String(word)).join(' ')) }
    const sandbox = { console: quiet, setTimeout, clearTimeout, setInterval, clearInterval, [dialect.global]: api, ...dialect.globals(this) }
    sandbox.global = sandbox
    this.context = vm.createContext(sandbox)
    this.context.App = (options) => (this.app = options)
    this.context.getApp = () => this.app
    this.context.getCurrentPages = () => this.pages.map((page) => page.instance)
    this.context.Page = (options) => this.registered.set(this.loading, options)
    this.context.Component = (options) => this.registered.set(this.loading, options)
  }

  launch(query = {}) {
    this.config = JSON.parse(readFileSync(join(this.folder, 'app.json'), 'utf8'))
    this.load('app.js')
    this.app.onLaunch?.({ query })
    this.app.onShow?.({ query })
  }

  load(path) {
    const known = this.modules.get(path)
    if (known) return known.exports
    const module = { exports: {} }
    this.modules.set(path, module)
    const code = readFileSync(join(this.folder, path), 'utf8')
    const run = vm.runInContext(`(function (require, module, exports) {${code}\n})`, this.context, { filename: path })
    const outer = this.loading
    this.loading = path.replace(/\.js$/, '')
    run((name) => this.load(normalize(join(dirname(path), name))), module, module.exports)
    this.loading = outer
    return module.exports
  }

  // ── Pages ──────────────────────────────────────────────────────────────────────────────────────

  open(url, how = 'push') {
    const [path, search = ''] = url.replace(/^\//, '').split('?')
    if (!this.config.pages.includes(path)) throw new Error(`no page ${path}`)
    const query = Object.fromEntries(search.split('&').filter(Boolean).map((pair) => pair.split('=')).map(([key, value = '']) => [key, decodeURIComponent(value)]))
    const gone = how === 'push' ? [] : how === 'replace' ? this.pages.splice(-1) : this.pages.splice(0)
    for (const page of gone) this.destroy(page)
    const page = this.create(path, null, {}, { path, query })
    this.pages.push(page)
    this.dialect.startPage(this, page, query)
    return page
  }

  back() {
    this.destroy(this.pages.pop())
    this.page.instance.onShow?.()
  }

  get page() {
    return this.pages[this.pages.length - 1]
  }

  // ── Components ─────────────────────────────────────────────────────────────────────────────────

  /** A component on the tree; `owner` is whose template names it, `tag` the evaluated attributes there. */
  create(path, owner, attrs, page = null) {
    this.load(`${path}.js`)
    const component = { path, owner, attrs, children: new Map(), template: this.template(path), using: this.using(path), page }
    component.instance = this.dialect.instantiate(this, component, this.registered.get(path))
    return component
  }

  destroy(component) {
    for (const child of component.children.values()) this.destroy(child)
    this.observers = this.observers.filter((one) => one.component !== component)
    component.gone = true
    this.dialect.end(component)
  }

  template(path) {
    if (!this.templates.has(path)) this.templates.set(path, parse(readFileSync(join(this.folder, path + this.dialect.extension), 'utf8')))
    return this.templates.get(path)
  }

  using(path) {
    const own = existsSync(join(this.folder, `${path}.json`)) ? JSON.parse(readFileSync(join(this.folder, `${path}.json`), 'utf8')).usingComponents : {}
    return Object.fromEntries(Object.entries(own ?? {}).map(([tag, place]) => [tag, place.startsWith('/') ? place.slice(1) : normalize(join(dirname(path), place))]))
  }

  setData(component, change, done) {
    for (const [path, value] of Object.entries(change)) put(component.instance.data, path, value)
    if (!done) return
    // The platforms call back once it is drawn.
    setTimeout(() => {
      if (this.pages.length && !component.gone) this.draw()
      done.call(component.instance)
    }, 0)
  }

  // ── Drawing ────────────────────────────────────────────────────────────────────────────────────

  /** The current page as one tree, slots filled. */
  draw() {
    for (let round = 0; round < 50; round++) {
      const fresh = []
      const tree = this.drawComponent(this.page, fresh)
      for (const component of fresh.reverse()) this.dialect.ready(component)
      if (!fresh.length) return tree
    }
    throw new Error('the page never comes to rest')
  }

  drawComponent(component, fresh) {
    const seen = new Set()
    const nodes = this.nodes(component.template, component, {}, seen, fresh)
    for (const [key, child] of component.children) {
      if (seen.has(key)) continue
      component.children.delete(key)
      this.destroy(child)
    }
    return { tag: component.path, attrs: {}, children: nodes, owner: component }
  }

  nodes(template, owner, local, seen, fresh) {
    const drawn = []
    let taken = false
    for (const element of template) {
      if (typeof element === 'string') {
        drawn.push(String(evaluate(element, scopeOf(owner.instance.data, local)) ?? ''))
        continue
      }
      const scope = scopeOf(owner.instance.data, local)
      const { prefix } = this.dialect
      const { [`${prefix}if`]: when, [`${prefix}elif`]: orWhen, [`${prefix}else`]: otherwise, [`${prefix}for`]: list } = element.attrs
      if (when !== undefined) taken = Boolean(evaluate(when, scope))
      else if (orWhen !== undefined) {
        if (taken) continue
        taken = Boolean(evaluate(orWhen, scope))
      } else if (otherwise !== undefined && taken) continue
      if ((when !== undefined || orWhen !== undefined) && !taken) continue
      if (list === undefined) drawn.push(...this.element(element, owner, local, seen, fresh))
      else {
        const item = element.attrs[`${prefix}for-item`] ?? 'item'
        for (const [index, value] of Object.entries(evaluate(list, scope) ?? [])) drawn.push(...this.element(element, owner, { ...local, [item]: value, index }, seen, fresh))
      }
    }
    return drawn
  }

  element(element, owner, local, seen, fresh) {
    const scope = scopeOf(owner.instance.data, local)
    const attrs = Object.fromEntries(Object.entries(element.attrs).map(([name, value]) => [name, evaluate(value, scope)]))
    const content = () => this.nodes(element.children, owner, local, seen, fresh)
    if (element.tag === 'block' && attrs.slot === undefined) return content()
    if (element.tag === 'slot') {
      const filled = (owner.slots?.() ?? []).filter((node) => ((node.attrs && node.attrs.slot) || '') === (attrs.name ?? ''))
      return filled.length ? filled : this.dialect.slotFallback ? content() : []
    }
    const place = owner.using[element.tag]
    if (!place) return [{ tag: element.tag, attrs, children: content(), owner }]
    return [this.custom(place, owner, attrs, content, seen, fresh)]
  }

  custom(place, owner, attrs, content, seen, fresh) {
    const key = `${place} ${attrs['u-i']}`
    seen.add(key)
    let child = owner.children.get(key)
    if (child) this.dialect.update(child, attrs)
    else {
      child = this.create(place, owner, attrs)
      owner.children.set(key, child)
      fresh.push(child)
      this.dialect.attach(child)
    }
    let slotted = null
    const eager = this.dialect.slotFallback ? null : content()
    child.slots = () => (slotted ??= (eager ?? content()).map((node) => (typeof node === 'string' ? { tag: 'text', attrs: {}, children: [node], owner } : node)))
    const drawn = this.drawComponent(child, fresh)
    return { tag: place, attrs: { slot: attrs.slot, class: attrs.class }, children: drawn.children, owner: child }
  }

  // ── A person ───────────────────────────────────────────────────────────────────────────────────

  get text() {
    return textOf(this.draw())
  }

  /** Elements from the outermost to the one that `test` finds first, children before parents. */
  find(test, what) {
    const path = search(this.draw(), test, [])
    if (!path) throw new Error(`not on the page: ${what}\n${this.text}`)
    return path
  }

  /** The innermost element with exactly this text, or else with it in it; `heard`: one that somebody listens on. */
  findText(text, heard = () => true) {
    const innermost = (node, fits) => fits(node) && !node.children.some((child) => typeof child !== 'string' && fits(child))
    for (const fits of [(node) => textOf(node) === text, (node) => textOf(node).includes(text)]) {
      const path = search(this.draw(), (node, path) => innermost(node, fits) && heard(path), [])
      if (path) return path
    }
    throw new Error(`not on the page: ${text}\n${this.text}`)
  }

  async tap(text) {
    this.fire(this.findText(text, (path) => path.some((node) => this.dialect.handler(node.attrs, 'tap')[0])), 'tap', {})
    await rest()
  }

  async tapRole(role, number = 0) {
    let passed = 0
    this.fire(this.find((node) => node.attrs.role === role && passed++ === number, `role ${role}`), 'tap', {})
    await rest()
  }

  async type(id, value) {
    const path = this.find((node) => ['input', 'textarea'].includes(node.tag) && node.attrs.id === id, `#${id}`)
    this.fire(path, 'input', { value })
    await rest()
  }

  /** An event on an element bubbles up to the first that catches it. */
  fire(path, type, detail, more = {}) {
    if (path.some((node) => node.tag === 'button' && node.attrs.disabled === true)) throw new Error(`disabled: ${textOf(path[path.length - 1])}`)
    let heard = 0
    for (const node of [...path].reverse()) {
      const [handler, stops] = this.dialect.handler(node.attrs, type)
      if (!handler) continue
      heard++
      this.call(node.owner, handler, { type, detail, target: { dataset: {} }, currentTarget: { dataset: {} }, timeStamp: Date.now(), ...more })
      if (stops) break
    }
    if (!heard) throw new Error(`nobody hears ${type} on ${textOf(path[path.length - 1])}`)
  }

  call(component, handler, event) {
    const method = component.instance[handler]
    if (typeof method !== 'function') throw new Error(`${component.path} has no ${handler}`)
    method.call(component.instance, event)
  }

  /** Until the page says so. */
  async sees(...texts) {
    for (const text of texts) await this.until(() => this.text.includes(text), text)
  }

  async until(test, what) {
    for (let round = 0; round < ROUNDS; round++) {
      if (test()) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`never came: ${what}\npage ${this.page.path}\n${this.text}\n${this.troubles.join('\n')}`)
  }

  /** All pages of the document pass over the screen. */
  scrollThrough() {
    const tree = this.draw()
    for (const one of [...this.observers]) for (const node of all(tree, (element) => one.fits(element))) one.tell(node)
  }
}

/** Between two taps of a person the app has drawn what the first one did. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 5))

function put(data, path, value) {
  const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.')
  let place = data
  for (const key of keys.slice(0, -1)) place = place[key] ??= {}
  place[keys[keys.length - 1]] = value
}

function textOf(node) {
  return typeof node === 'string' ? node : node.children.map(textOf).join('')
}

function search(node, test, around) {
  if (typeof node === 'string') return null
  const path = [...around, node]
  for (const child of node.children) {
    const found = search(child, test, path)
    if (found) return found
  }
  return test(node, path) ? path : null
}

function all(node, test) {
  if (typeof node === 'string') return []
  return [...(test(node) ? [node] : []), ...node.children.flatMap((child) => all(child, test))]
}

const hasClass = (node, name) => [node.attrs?.class].flat(9).join(' ').split(/\s+/).includes(name)

/** A canvas that counts what is drawn on it. */
function canvasNode(width, height) {
  const node = { width: 0, height: 0, fills: 0 }
  node.getContext = () => ({ scale() {}, clearRect() {}, beginPath() {}, moveTo() {}, lineTo() {}, fill: () => node.fills++ })
  return { node, width, height, left: 0, top: 60 }
}

module.exports = { Host, all, canvasNode, hasClass, textOf }
