/**
 * What a worker does in a mini-program, from the link to the signed file, on the built package.
 * Every exchange is left in dist/, to be held against the real API's specification.
 */
const assert = require('node:assert/strict')
const { writeFileSync } = require('node:fs')
const { CONTRACT } = require('./server.cjs')

const ID_NUMBER = '11010519491231002X'

async function story(host, server, platform) {
  host.launch()
  host.open('pages/landing/index?t=link-token')
  await host.sees('启明软件', '请您签署劳动合同')
  await host.tap('登录查看合同')
  await logIn(host, server, platform)
  await verifyByFace(host, server, platform)
  await readAndConfirm(host, server)
  await sign(host, server)
  await keep(host, server, platform)
  await bind(host, server, platform)
  writeFileSync(`dist/exchanges-${platform.id}.json`, JSON.stringify(server.asked))
}

async function logIn(host, server, platform) {
  await host.sees(platform.oneTap)
  await host.tap(platform.oneTap)
  await host.sees('请先阅读并勾选同意')
  assert.equal(server.bodies('/login').length, 0)
  await host.tapRole('checkbox')
  await host.tap(platform.oneTap)
  await host.sees(platform.phoneButton)
  platform.givePhone(host)
  await host.sees('请选择一种方式')
  const [first] = server.bodies(`/${platform.id}/login`)
  assert.equal(first.code, 'login-code')
  assert.equal(first.link_token, 'link-token')
  assert.deepEqual(first.agreements.map((one) => one.kind), ['user_agreement', 'privacy_policy'])
  const [join] = server.bodies('/login/phone')
  assert.equal(join.ticket, 'T1')
  assert.equal(join.proof, platform.proof)
  assert.equal(platform.storage().get('gy.token'), 'the-token')
}

/** The platform says "passed"; what counts is what the server then says. */
async function verifyByFace(host, server, platform) {
  await host.sees('人脸认证')
  await host.tap('人脸认证')
  await host.sees('继续之前，请阅读并同意以下内容')
  await host.tapRole('checkbox')
  await host.tap('同意并继续')
  await host.sees('姓名')
  await host.type('name', '王小丽')
  await host.type('id-number', ID_NUMBER)
  await host.tap('去刷脸')
  await host.until(() => platform.faceCalls.length > 0, 'the platform’s face check')
  assert.deepEqual(platform.faceCalls[0], platform.faceCallExpected)
  assert.ok(!host.text.includes('您已完成实名认证'))
  server.faceDone = true
  await host.sees('您已完成实名认证')
  await host.tap('下一步')
}

async function readAndConfirm(host, server) {
  await host.sees('每月 9000 元', '第1条 内容', '继续阅读（还有 2 页）')
  assert.equal(host.page.path, 'pages/contract/index')
  await host.until(() => host.observers.length > 0, 'observers')
  host.scrollThrough()
  await host.sees('已读完，下一步')
  await host.tap('合同原件')
  await host.until(() => host.observers.some((one) => one.component.path?.endsWith('GyPages') || one.component === host.page), 'observers of pictures')
  host.scrollThrough()
  await host.until(() => host.text.includes('第 2 / 2 页'), 'page pictures')
  await host.tap('已读完，下一步')
  await host.sees('经常居住地')
  await host.tap('请选择')
  for (const name of ['吉林省', '长春市', '朝阳区']) {
    await host.sees(name)
    await host.tap(name)
  }
  await host.type('habitual', '人民大街1000号')
  await host.tapRole('checkbox')
  await host.tap('确认合同无误')
  await host.sees('请点合同上的蓝色框签名')
  assert.deepEqual(server.bodies('/confirmation')[0].habitual_residence, { region: ['吉林省', '长春市', '朝阳区'], detail: '人民大街1000号' })
}

async function sign(host, server) {
  await host.tap('开始签名')
  await host.sees('请 王小丽 在框内横向书写签名')
  await host.until(() => host.canvas?.node.width > 0, 'the canvas')
  await host.tap('完成')
  await host.sees('还没有写字')
  await write(host, 100)
  await write(host, 200)
  assert.ok(host.canvas.node.fills > 0, 'ink was drawn')
  await host.tap('完成')
  await host.sees('用这个签名吗？')
  await host.tap('使用这个签名')
  await host.sees('下一步：确认本人意愿')
  await host.tap('下一步：确认本人意愿')
  await host.sees('短信验证码')
  await host.tap('短信验证码')
  await host.sees('确认签署')
  await host.type('code', '123456')
  await host.tap('确认签署')
  await host.sees('下载合同')
  const [signature] = server.bodies('/signature')
  assert.equal(signature.ink.strokes.length, 2)
  assert.ok(signature.ink.width > signature.ink.height, 'the phone is upright, the page lies sideways')
  assert.ok(signature.ink.strokes[0].every((point) => point[3] === null), 'pressure was not measured')
}

/** A wavy stroke down the screen, with the time that a hand takes. */
async function write(host, x) {
  const canvas = host.find((node) => node.tag === 'canvas', 'canvas')
  const finger = (step) => ({ identifier: 0, x: x + 30 * Math.sin(step / 3), y: 80 + step * 12, clientX: 0, clientY: 0 })
  const send = (type, step) => host.fire(canvas, type, {}, { touches: type === 'touchend' ? [] : [finger(step)], changedTouches: [finger(step)] })
  send('touchstart', 0)
  for (let step = 1; step < 30; step++) {
    await new Promise((resolve) => setTimeout(resolve, 12))
    send('touchmove', step)
  }
  send('touchend', 30)
}

async function keep(host, server, platform) {
  await host.tap('下载合同')
  await host.sees('文件已打开')
  assert.match(platform.opened[0], platform.openedExpected)
  await host.tap('打印')
  await host.sees('怎样打印')
  await host.tap('关闭')
  host.open('pages/home/index', 'all')
  await host.sees('您好，王小丽', platform.reminder)
  await host.tap(platform.reminder)
  await host.sees('已开启')
  assert.deepEqual(server.bodies('/subscriptions'), platform.subscriptions)
  const unsigned = server.asked.filter((one) => one.headers['X-CSRF-Token'])
  assert.deepEqual(unsigned, [], 'a bearer needs no CSRF token')
  assert.ok(server.asked.every((one) => one.method !== 'PATCH'), 'WeChat has no PATCH')
  assert.deepEqual(host.troubles, [])
  assert.ok(server.asked.filter((one) => one.path.includes(CONTRACT) && one.method === 'POST' && !one.path.endsWith('/page-views')).every((one) => one.headers['Idempotency-Key']))
}

/** Who came by SMS binds the platform's account afterwards. */
async function bind(host, server, platform) {
  host.open('pages/bindings/index')
  await host.sees('还没有绑定')
  await host.tap(platform.binding)
  await host.sees('本平台', '解除绑定')
  assert.deepEqual(server.bodies('/bindings'), [{ code: 'login-code' }])
  assert.deepEqual(host.troubles, [])
}

module.exports = { story }
