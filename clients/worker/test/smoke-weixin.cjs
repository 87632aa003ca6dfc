/** Loads the built WeChat package under a fake `wx` and signs a contract in it. Use: node test/smoke-weixin.cjs [folder] */
const { Host } = require('./mini/host.cjs')
const { dialect, query } = require('./mini/weixin.cjs')
const { commonApi, apiPath } = require('./mini/common.cjs')
const { Server } = require('./mini/server.cjs')
const { story } = require('./mini/story.cjs')

const storage = new Map()
const platform = {
  id: 'weixin', oneTap: '微信一键登录', phoneButton: '用微信手机号登录', proof: 'phone-code', binding: '绑定这个微信', reminder: '在微信里提醒我',
  storage: () => storage, faceCalls: [], faceCallExpected: { verifyId: 'VID' }, opened: [], openedExpected: /^wxfile:\/\/usr\/劳动合同书-HT1\.pdf$/,
  subscriptions: [{ template: 'S1', accepted: true }, { template: 'E1', accepted: true }],
  givePhone: (host) => host.fire(host.findText('用微信手机号登录'), 'getphonenumber', { code: 'phone-code' }),
}
const server = new Server('weixin', { verify_id: 'VID' })
let host

const later = (work) => void setTimeout(work, 1)
const wx = {
  ...commonApi(() => host, storage, platform),
  env: { USER_DATA_PATH: 'wxfile://usr' },
  createSelectorQuery: () => query(host),
  getStorageSync: (key) => storage.get(key) ?? '',
  setStorageSync: (key, value) => void storage.set(key, value),
  removeStorageSync: (key) => void storage.delete(key),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
  getAppBaseInfo: () => ({ language: 'zh_CN' }),
  getWindowInfo: () => ({ windowWidth: 390, windowHeight: 844, pixelRatio: 3 }),
  getDeviceInfo: () => ({ platform: 'ios' }),
  arrayBufferToBase64: (buffer) => Buffer.from(buffer).toString('base64'),
  login: ({ success }) => later(() => success({ code: 'login-code' })),
  request({ url, method, header, data, success }) {
    if (!['GET', 'POST', 'PUT', 'DELETE'].includes(method)) throw new Error(`wx.request knows no ${method}`)
    const answer = server.answer(method, apiPath(url), header, data)
    later(() => success({ statusCode: answer.status, data: answer.body === null ? '' : JSON.stringify(answer.body), header: { Date: new Date().toUTCString() } }))
  },
  downloadFile({ url, header, filePath, success }) {
    apiPath(url)
    const fine = header.Authorization === 'Bearer the-token'
    later(() => success({ statusCode: fine ? 200 : 401, tempFilePath: filePath ? undefined : 'wxfile://tmp/page.png', filePath }))
  },
  openDocument({ filePath, success }) {
    platform.opened.push(filePath)
    later(success)
  },
  requestFacialVerify({ verifyId, success }) {
    platform.faceCalls.push({ verifyId })
    later(success)
  },
  requestSubscribeMessage: ({ tmplIds, success }) => later(() => success(Object.fromEntries(tmplIds.map((id) => [id, 'accept'])))),
  bindEmployeeRelation: ({ success }) => later(() => success({ bindingStatus: 'accept' })),
}

async function main() {
  host = new Host(process.argv[2] ?? 'dist/build/mp-weixin', dialect, wx)
  await story(host, server, platform)
  console.log('✓ WeChat: link → login → face → read → confirm → sign → file → messages → binding')
  process.exit(0)
}
main().catch((error) => {
  console.error(error.stack)
  process.exit(1)
})
