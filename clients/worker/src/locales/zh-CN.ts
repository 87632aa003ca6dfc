/** 文案：先说发生了什么，再说怎么办。 */
const zh = {
  app: { name: '工约', tagline: '电子劳动合同' },
  common: {
    next: '下一步', back: '返回', cancel: '取消', close: '关闭', retry: '重试', loading: '正在加载',
    agree: '同意并继续', home: '回首页', help: '帮助', more: '加载更多', free: '不收取任何费用。',
    offline: '网络已断开，连上后会自动继续。',
  },
  error: {
    title: '没有成功', general: '出了点问题，请稍后再试；多次不行请拨打帮助电话。', offline: '网络不通，请检查网络后重试。您填写的内容还在。',
    timeout: '网络太慢，没有等到结果，请重试。不会重复提交。', bad_answer: '服务暂时没有回应，请稍后重试。', waitSeconds: '请在 {n} 秒后再试。',
    not_found: '没有找到，可能不属于当前手机号。', too_many_requests: '操作太频繁，请稍后再试。', printBlocked: '没能打印，请先下载，再从文件里打印。',
  },
  landing: {
    title: '签署劳动合同', asks: '请您签署劳动合同', what: '要做的事', steps: '登录 → 核实身份 → 阅读合同 → 手写签名', need: '需要准备',
    needs: '收到短信的这部手机、您的身份证号', expires: '链接有效期至', go: '登录查看合同', privacy: '登录前不会显示您的任何个人信息和合同内容。',
    invalid: '链接打不开', openHome: '登录后在“待我签”里查看', switchPhone: '换号登录', opening: '正在打开合同',
  },
  login: {
    title: '登录', lead: '用手机号登录，首次登录自动注册', phone: '手机号', phoneHint: '接收短信的 11 位手机号', code: '短信验证码', codeHint: '6 位数字',
    send: '获取验证码', resend: '重新获取', resendIn: '{n} 秒后可重发', sent: '验证码已发送，5 分钟内有效', submit: '登录', agreeLead: '我已阅读并同意',
    phoneWrong: '请填写 11 位手机号', codeWrong: '请填写 6 位验证码', agreeNeeded: '请先阅读并勾选同意', left: '还可以再试 {n} 次', noCode: '收不到验证码？',
    noCodeHelp: '请看看是否被手机拦截为骚扰短信、是否停机欠费；60 秒后可以重新获取。',
  },
  home: {
    hello: '您好', helloName: '您好，{name}', waiting: '待我签', waitingUnit: '份合同等您处理', nothing: '没有等您签的合同', nothingHint: '用人单位发来合同时，会短信通知您。',
    todo: '待办', others: '待他人', done: '已完成', all: '全部合同', messages: '消息', settings: '设置', unverified: '还没有实名认证',
    unverifiedHint: '签合同前需要核实一次身份，约 1 分钟。', verifyNow: '去认证', verified: '已实名', unread: '{n} 条未读',
  },
  consent: { title: '授权同意', lead: '继续之前，请阅读并同意以下内容。', tick: '我已阅读并同意《{title}》', needed: '请勾选后继续', decline: '暂不同意', },
  agreement: { title: '协议' },
  verify: {
    title: '实名认证', lead: '请选择一种方式', phone: '手机号认证', phoneHint: '用姓名、身份证号和当前手机号核对，再收一条短信', face: '人脸认证',
    faceHint: '用姓名和身份证号核对，再刷脸', unavailable: '暂不可用', name: '姓名', nameHint: '与身份证一致', idNumber: '身份证号', idHint: '18 位，末位可为 X',
    nameWrong: '请填写身份证上的姓名', idWrong: '身份证号有误，请核对 18 位号码', phoneUsed: '核对的手机号', changeMethod: '更换认证方式', submit: '提交核对', toFace: '去刷脸',
    codeLead: '信息已核对一致，请输入短信验证码完成认证', codeSubmit: '完成认证', already: '您已完成实名认证', protect: '身份信息加密保存，仅用于核实身份和签署合同。',
    expired: '上次认证已过期，请重新开始。', waitFace: '正在等待刷脸结果', openFace: '打开刷脸页面', refresh: '我已完成，刷新结果', failed: '这次没有通过',
    onlyMainland: '目前支持中国居民身份证；其他证件请联系用人单位或拨打帮助电话。',
  },
  face: {
    title: '刷脸结果', waiting: '正在向认证机构查询结果…', notYet: '还没有收到结果', notYetHint: '如果您已经刷脸，请稍等几秒再刷新。', refresh: '我已完成，刷新结果',
    passed: '刷脸通过', failed: '刷脸没有通过', failedHint: '请在光线充足处正对手机重试，或换一种方式。', cancelled: '您取消了刷脸', expired: '这次刷脸已过期', retry: '重新开始',
    other: '换一种方式', unknown: '请回到最初打开合同的页面，点“刷新结果”。',
  },
  box: { title: '合同', all: '全部', waiting: '待我签', others: '待他人', done: '已完成', empty: '这里还没有合同', emptyHint: '用人单位发来的合同会显示在这里，并短信通知您。' },
  card: { sent: '{d} 发来', deadline: '{d} 截止', today: '今天截止', read: '去阅读', sign: '去签名', view: '查看' },
  contract: {
    title: '合同', keyTerms: '主要内容', employer: '用人单位', worker: '劳动者', post: '岗位', place: '工作地点', term: '合同期限', start_on: '开始日期', end_on: '结束日期',
    probation: '试用期', pay: '劳动报酬', hours: '工作时间', noTerms: '发起单位没有填写摘要，请以合同全文为准。', summaryNote: '摘要便于查看，以合同原件为准。', text: '大字阅读', pictures: '合同原件',
    legal: '这是具有法律效力的文本', textNote: '文字取自同一份合同，方便阅读；签署的是“合同原件”。', noText: '这一页没有可提取的文字，请看合同原件。', page: '第 {n} 页',
    pageOf: '第 {n} / {total} 页', zoom: '放大第 {n} 页', zoomHint: '双击或双指放大', timeline: '办理进度', actor_you: '您', actor_organisation: '用人单位', actor_platform: '平台', number: '合同编号', parties: '签署方',
    pagesLeft: '继续阅读（还有 {n} 页）', secondsLeft: '请再阅读 {n} 秒', checking: '正在核对阅读记录', toConfirm: '已读完，下一步', toSign: '去签名', toProgress: '查看签署进度',
    toDone: '下载或打印', waiting: '您已办完，等待 {who}', waitOther: '对方', terminate: '不签了，终止合同', hash: '文件校验码', pictureFailed: '图片没有加载出来，点此重试',
    me: '我', party_waiting: '待办理', party_confirmed: '已确认', party_signed: '已签名', party_sealed: '已盖章', previous: '上一页', nextPage: '下一页', closeZoom: '关闭',
    ended_withdrawn: '用人单位已撤回这份合同', ended_terminated: '这份合同已终止', ended_expired: '这份合同已过签署期限', reason: '原因：{text}', endedHint: '如需继续，请联系用人单位重新发送。',
  },
  confirm: {
    title: '确认合同', lead: '请填写住址，然后确认合同内容无误。', habitual: '经常居住地', registered: '户籍地址', same: '与经常居住地相同', region: '省 / 市 / 区县', pick: '请选择',
    detail: '详细地址', detailHint: '街道、小区、楼栋、门牌号', regionGap: '请选择省、市、区县', detailGap: '请填写 2 到 100 个字的详细地址', submit: '确认合同无误', why: '住址会随合同一起保存，用于送达通知。',
    notListed: '没有我的区县', province: '省份', city: '城市', county: '区县', loadFailed: '地区列表没有加载出来',
  },
  sign: {
    title: '手写签名', lead: '请点合同上的蓝色框签名', tapHere: '点此签名', again: '重新签名', next: '下一步：确认本人意愿', open: '开始签名', padTitle: '请 {name} 在框内横向书写签名',
    padTitlePlain: '请在框内横向书写签名', undo: '撤销', redo: '恢复', clear: '重写', finish: '完成', leave: '返回', askTitle: '用这个签名吗？', askHint: '签名会放在合同的签名处。', use: '使用这个签名',
    rewrite: '重写', refused_empty: '还没有写字，请写下您的姓名', refused_too_short: '签名太短，请完整写出姓名', refused_too_fast: '写得太快，请一笔一画写出姓名',
    refused_no_canvas: '这个浏览器不能手写，请换一个浏览器打开', refused_straight_line: '只有一条直线，请写出姓名', cannotWrite: '不方便手写？请拨打帮助电话，由用人单位为您安排其他方式。', signed: '您的签名', placeOn: '第 {n} 页签名处',
  },
  intent: {
    title: '确认本人意愿', lead: '最后一步：确认是您本人要签这份合同', document: '要签的文件', choose: '请选择确认方式', sms: '短信验证码', smsHint: '发送到 {phone}', face: '刷脸', faceHint: '打开刷脸页面，约 20 秒',
    submit: '确认签署', meaning: '点“确认签署”，即表示您同意以电子签名签订这份合同，与纸质签名有同等法律效力。', proved: '本人意愿已确认', change: '更换确认方式',
    over: '上次确认已过期，请重新确认。', resumeLost: '上次提交没有收到结果，点“确认签署”继续，不会重复签署。',
  },
  progress: {
    title: '签署中', working: '签署中…', hint: '正在用您的数字证书签名并加盖时间戳', delayed: '正在加盖时间戳，无需等待，可关闭页面', delayedHint: '完成后会短信通知您，合同不会丢失。', toContract: '查看合同',
    interrupted: '网络断了，签署仍在继续，连上后自动刷新。',
  },
  done: {
    title: '签署完成', waitTitle: '您已签好', waitHint: '接下来由 {who} 盖章，完成后会短信通知您。', doneTitle: '合同已签订', doneHint: '双方签署完成。', download: '下载合同', print: '打印', view: '查看合同',
    free: '查看、下载、打印合同，均不收取任何费用。', paper: '需要纸质合同？可以向用人单位免费索取一份，也可以自行打印。', saved: '已开始下载，请在浏览器的“下载”里查看。', browserTitle: '请在浏览器打开',
    browserLead: '微信里不能保存和打印文件。', browserStep1: '点右上角的“…”', browserStep2: '选“在浏览器打开”', browserStep3: '用同一手机号登录，再点“下载合同”', notYet: '合同还没有签完，签完后可以下载。',
    verifyHint: '下载的 PDF 带有双方的数字签名和时间戳，可以验证是否被改动。',
  },
  terminate: {
    title: '终止合同', lead: '终止后，这份合同不能再签。', effect: '用人单位会收到您填写的原因。如果只是内容要改，请先联系用人单位修改后重新发送。', reason: '终止原因', hint: '2 到 200 个字', wrong: '请填写 2 到 200 个字的原因',
    submit: '终止合同', askTitle: '确定终止吗？', askHint: '终止后不能恢复。', sure: '确定终止', keep: '再想想', r1: '与约定的内容不一致', r2: '不打算入职了', r3: '个人信息有误',
  },
  messages: { title: '消息', readAll: '全部已读', empty: '没有消息', emptyHint: '合同状态有变化时，会在这里告诉您。', unread: '未读' },
  settings: {
    title: '设置', phone: '手机号', identity: '实名', notVerified: '未认证', size: '字号', size1: '标准', size125: '大', size15: '特大', sample: '看一看这个大小是否合适',
    logout: '退出登录', logoutAsk: '确定退出登录吗？', logoutHint: '没有提交的签名会从这部手机上清除。', stay: '不退出',
  },
  consents: {
    title: '授权与同意', lead: '您同意过的内容都在这里，点标题看全文。', given: '{d} 已同意', none: '未同意', withdraw: '撤回', ask: '撤回对《{title}》的同意吗？',
    effect: '撤回后不再做新的核验，已完成的认证和签署仍然有效。以后需要时会再请您同意。', sure: '确定撤回', keep: '不撤回', done: '已撤回对《{title}》的同意。',
    needed: '用户服务协议和隐私政策是使用账号所必需的；要注销账号，请拨打帮助电话。',
  },
  devices: {
    title: '登录设备', lead: '这些设备登录着您的账号。有不认识的，请让它退出。', here: '本机', end: '退出', endOthers: '退出其他所有设备', seen: '最近使用 {d}', ip: 'IP 地址 {ip}',
    unknown: '未知设备', wechat: '微信', alipay: '支付宝',
  },
  password: {
    title: '登录密码', set: '设置登录密码', change: '修改登录密码', setLead: '先用发到 {phone} 的验证码确认是本人。设置后可以用手机号和密码登录。', changeLead: '修改后，其他设备上的登录会退出。',
    current: '当前密码', currentGap: '请填写当前密码', new: '新密码', rule: '8 至 64 个字符，至少包含字母、数字、符号中的两种', show: '显示', hide: '隐藏', save: '保存密码', saved: '密码已保存',
    savedHint: '下次可以用手机号和密码登录，也仍然可以用验证码。', othersOut: '其他设备上的登录已退出。', forgotten: '忘记密码？用短信验证码重置', resetTitle: '重置登录密码',
    resetLead: '用短信验证码确认是本人，再设置新密码。所有设备需要重新登录。', resetDone: '请用新密码登录。', toLogin: '去登录', byCode: '验证码登录', byPassword: '密码登录', password: '密码', done: '完成', gap: '请填写密码',
  },
  help: { title: '帮助', call: '帮助电话', dial: '拨打 {n}', hours: '服务时间', questions: '常见问题' },
  steps: { read: '阅读', confirm: '确认', sign: '签名', done: '完成', of: '第 {n} 步，共 {total} 步：{name}' },
} as const

export default zh
