/** WeChat's dialect: `Component` with properties and observers, events by `triggerEvent`. */
const { all, canvasNode, hasClass } = require('./host.cjs')

const dialect = {
  global: 'wx',
  extension: '.wxml',
  prefix: 'wx:',
  /** What fills a slot exists whether or not the slot is drawn. */
  slotFallback: false,
  globals: () => ({}),

  instantiate(host, component, options) {
    const values = Object.fromEntries(Object.entries(options.properties ?? {}).map(([name, property]) => [name, property?.value]))
    const instance = { data: { ...values }, properties: values, is: component.path, ...options.methods }
    if (component.page) Object.assign(instance, { route: component.page.path })
    instance.setData = (change, done) => host.setData(component, JSON.parse(JSON.stringify(change)), done)
    instance.triggerEvent = (type, detail) => {
      const handler = component.attrs[`bind${type}`] ?? component.attrs[`bind:${type}`]
      if (handler && component.owner) host.call(component.owner, handler, { type, detail, target: { dataset: {} }, currentTarget: { dataset: {} } })
    }
    instance.selectAllComponents = (selector) => [...component.children.values()].filter((child) => hasClass(child, selector.slice(1))).map((child) => child.instance)
    instance.createSelectorQuery = () => query(host)
    instance.createIntersectionObserver = () => observer(host, component)
    component.options = options
    options.lifetimes?.created?.call(instance)
    options.created?.call(instance)
    return instance
  },
  startPage(host, page, query) {
    page.options.lifetimes.attached.call(page.instance)
    page.instance.onLoad(query)
    page.instance.onShow?.()
    host.draw()
    page.options.lifetimes.ready.call(page.instance)
  },
  attach(component) {
    give(component, component.attrs)
    component.options.lifetimes.attached.call(component.instance)
  },
  ready: (component) => component.options.lifetimes.ready.call(component.instance),
  update(component, attrs) {
    component.attrs = attrs
    give(component, attrs)
  },
  end: (component) => {
    component.instance.onUnload?.()
    component.options.lifetimes.detached.call(component.instance)
  },
  handler(attrs, type) {
    for (const how of ['bind', 'catch']) {
      const name = attrs[`${how}${type}`] ?? attrs[`${how}:${type}`]
      if (name) return [name, how === 'catch']
    }
    return [null, false]
  },
}

const NAMES = { 'u-p': 'uP', 'u-s': 'uS', 'u-i': 'uI', 'u-r': 'uR', 'u-t': 'uT' }

function give(component, attrs) {
  const { instance, options } = component
  for (const [name, value] of Object.entries(attrs)) {
    const key = NAMES[name] ?? name
    if (!(key in (options.properties ?? {})) || JSON.stringify(instance.properties[key]) === JSON.stringify(value)) continue
    instance.properties[key] = instance.data[key] = value
    options.properties[key]?.observer?.call(instance, value)
    options.observers?.[key]?.call(instance, value)
  }
}

/** `in(…).select('#id').fields(…, told).exec()`: only a canvas that is on the page is found. */
function query(host) {
  const asked = []
  const it = {
    in: () => it,
    select: (selector) => ({ fields: (_, told) => (asked.push({ selector, told }), it) }),
    exec(done) {
      const found = asked.map(({ selector, told }) => {
        const canvas = all(host.draw(), (node) => node.tag === 'canvas' && `#${node.attrs.id}` === selector)[0]
        const answer = canvas ? (host.canvas ??= canvasNode(330, 600)) : null
        told?.(answer)
        return answer
      })
      done?.(found)
    },
  }
  return it
}

function observer(host, component) {
  const it = { relativeToViewport: () => it, disconnect: () => (host.observers = host.observers.filter((one) => one.it !== it)) }
  it.observe = (selector, told) => {
    const tell = (node) => told({ dataset: { page: node.attrs['data-page'] }, intersectionRatio: 1, intersectionRect: { height: 1 } })
    host.observers.push({ it, component, fits: (node) => node.owner === component && hasClass(node, selector.slice(1)), tell })
  }
  return it
}

module.exports = { dialect, query }
