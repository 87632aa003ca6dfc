/** Alipay's dialect: pages are `Page`, components get `props` with functions in them. */
const { all, canvasNode } = require('./host.cjs')

const NAMES = { 'u-p': 'uP', 'u-s': 'uS', 'u-i': 'uI', 'u-r': 'uR', 'u-t': 'uT' }

const dialect = {
  global: 'my',
  extension: '.axml',
  prefix: 'a:',
  /** A slot draws what fills it, or else its own content. */
  slotFallback: true,
  globals: () => ({}),

  instantiate(host, component, options) {
    const instance = { data: {}, $id: Math.random(), is: component.path, ...(component.page ? options : options.methods) }
    if (component.page) instance.route = component.page.path
    instance.setData = (change, done) => host.setData(component, copy(change), done)
    component.options = options
    component.host = host
    if (!component.page) instance.props = props(component, component.attrs)
    return instance
  },
  startPage(host, page, query) {
    page.instance.onLoad(query)
    page.instance.onShow?.()
    host.draw()
    page.instance.onReady?.()
  },
  attach: (component) => component.options.onInit?.call(component.instance),
  ready(component) {
    component.options.didMount?.call(component.instance)
    if (component.attrs.ref && component.owner) component.owner.instance[component.attrs.ref](component.instance)
  },
  update(component, attrs) {
    const same = ['u-p', 'u-s'].every((name) => JSON.stringify(attrs[name]) === JSON.stringify(component.attrs[name]))
    component.attrs = attrs
    if (same) return
    const next = props(component, attrs)
    component.options.deriveDataFromProps?.call(component.instance, next)
    component.instance.props = next
  },
  end: (component) => (component.page ? component.instance.onUnload?.() : component.options.didUnmount?.call(component.instance)),
  handler(attrs, type) {
    const name = Object.keys(attrs).find((one) => one.toLowerCase() === `on${type}` || one.toLowerCase() === `catch${type}`)
    return name ? [attrs[name], name.startsWith('catch')] : [null, false]
  },
}

/** Data are copied, functions in them stay: Alipay hands them on to components. */
function copy(value) {
  if (Array.isArray(value)) return value.map(copy)
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)])) : value
}

/** A string under a name with `on` becomes a call of the owner's method. */
function props(component, attrs) {
  const own = { ...component.options.props }
  for (const [name, value] of Object.entries(attrs)) {
    if (/^on[A-Z]/.test(name)) own[name] = (...args) => component.owner.instance[value](...args)
    else own[NAMES[name] ?? name] = value
  }
  return own
}

function query(host) {
  const asked = []
  const it = {
    select: (selector) => (asked.push({ selector }), it),
    node: () => ((asked[asked.length - 1].kind = 'node'), it),
    boundingClientRect: () => ((asked[asked.length - 1].kind = 'frame'), it),
    exec(done) {
      done(
        asked.map(({ selector, kind }) => {
          const canvas = all(host.draw(), (node) => node.tag === 'canvas' && `#${node.attrs.id}` === selector)[0]
          if (!canvas) return null
          const found = (host.canvas ??= canvasNode(330, 600))
          return kind === 'node' ? { node: found.node } : found
        }),
      )
    },
  }
  return it
}

/** Knows no `dataset`: one observer for each element. */
function observer(host) {
  const it = { relativeToViewport: () => it, disconnect: () => (host.observers = host.observers.filter((one) => one.it !== it)) }
  it.observe = (selector, told) => {
    if (!selector.startsWith('#')) throw new Error(`Alipay observes one element: ${selector}`)
    host.observers.push({ it, component: host.page, fits: (node) => `#${node.attrs?.id}` === selector, tell: () => told({ intersectionRatio: 1, intersectionRect: { height: 1 } }) })
  }
  return it
}

module.exports = { dialect, query, observer }
