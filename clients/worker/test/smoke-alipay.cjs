/** Loads the built Alipay package under a fake `my` and signs a contract in it. Use: node test/smoke-alipay.cjs [folder] */
const { Host } = require('./mini/host.cjs')
const { dialect, query, observer } = require('./mini/alipay.cjs')
const { commonApi, apiPath } = require('./mini/common.cjs')
const { Server } = require('./mini/server.cjs')
const { story } = require('./mini/story.cjs')

const storage = new Map()
const platform = {
  id: 'alipay', oneTap: '支付宝一键登录', phoneButton: '用支付宝手机号登录', proof: '{"response":"encrypted","sign":"s"}', binding: '绑定这个支付宝', reminder: '在支付宝里提醒我',
  storage: () => storage, faceCalls: [], faceCallExpected: { name: 'open-certify', param: { certifyId: 'CID', url: 'https://openapi.example/certify' } },
  opened: [], openedExpected: /^https:\/\/tmp\/file$/, subscriptions: [{ template: 'S1', accepted: true }],
  givePhone: (host) => host.fire(host.findText('用支付宝手机号登录'), 'getauthorize', {}),
}
const server = new Server('alipay', { certify_id: 'CID', url: 'https://openapi.example/certify' })
let host

/** uni-app writes header names small here. */
const named = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase()).replace('Csrf', 'CSRF'), value]))
const later = (work) => void setTimeout(work, 1)
const my = {
  ...commonApi(() => host, storage, platform),
  createSelectorQuery: () => query(host),
  createIntersectionObserver: () => observer(host),
  getStorageSync: ({ key }) => ({ data: storage.get(key) ?? null }),
  setStorageSync: ({ key, data }) => void storage.set(key, data),
  removeStorageSync: ({ key }) => void storage.delete(key),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
  setNavigationBar() {},
  arrayBufferToBase64: (buffer) => Buffer.from(buffer).toString('base64'),
  getAuthCode: ({ success }) => later(() => success({ authCode: 'login-code' })),
  getPhoneNumber: ({ success }) => later(() => success({ response: platform.proof })),
  /** Every status above 399 is a failure here, with the answer in it. */
  request({ url, method, headers, data, success, fail }) {
    const answer = server.answer(method, apiPath(url), named(headers), data)
    const text = answer.body === null ? '' : JSON.stringify(answer.body)
    const told = { status: answer.status, data: text, headers: { date: new Date().toUTCString() } }
    later(() => (answer.status < 400 ? success(told) : fail({ error: 19, errorMessage: 'http status error', ...told })))
  },
  downloadFile({ url, header, success }) {
    apiPath(url)
    if ((header ?? {}).Authorization !== 'Bearer the-token') throw new Error('download without the token')
    later(() => success({ apFilePath: 'https://tmp/file' }))
  },
  openDocument({ filePath, success }) {
    platform.opened.push(filePath)
    later(success)
  },
  call(name, { name: service, param }, done) {
    if (name !== 'startBizService') throw new Error(name)
    platform.faceCalls.push({ name: service, param: JSON.parse(param) })
    later(() => done({ resultStatus: '9000' }))
  },
  requestSubscribeMessage: ({ entityIds, success }) => later(() => success({ behavior: 'subscribe', result: { subscribeEntityIds: entityIds } })),
}

async function main() {
  host = new Host(process.argv[2] ?? 'dist/build/mp-alipay', dialect, my)
  await story(host, server, platform)
  console.log('✓ Alipay: link → login → face → read → confirm → sign → file → messages → binding')
  process.exit(0)
}
main().catch((error) => {
  console.error(error.stack)
  process.exit(1)
})
