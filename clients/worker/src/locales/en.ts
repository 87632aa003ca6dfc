/** English beside the Chinese; the same keys, checked by the compiler. */
import type zh from './zh-CN'

type Texts = { [Group in keyof typeof zh]: { [Key in keyof (typeof zh)[Group]]: string } }

const en: Texts = {
  app: { name: 'Gongyue', tagline: 'Electronic labour contracts' },
  common: {
    next: 'Next', back: 'Back', cancel: 'Cancel', close: 'Close', retry: 'Try again', loading: 'Loading',
    copied: 'Copied', copyByHand: 'Copying was refused: press long on the address',
    agree: 'Agree and continue', home: 'Home', help: 'Help', more: 'Load more', free: 'Free of charge.',
    offline: 'You are offline. We continue when the network is back.',
    waitingNet: 'No network; this goes on by itself when it is back.',
  },
  error: {
    title: 'That did not work', general: 'Something went wrong. Please try again later, or call the help line.', offline: 'No network. Check it and try again; what you typed is kept.',
    timeout: 'The network is too slow. Try again: nothing is submitted twice.', bad_answer: 'The service is not answering. Please try again later.', waitSeconds: 'Try again in {n} seconds.',
    not_found: 'Not found, or it belongs to another phone number.', too_many_requests: 'Too many tries. Please wait a little.', printBlocked: 'Could not print. Download the file and print that.',
    platform_silent: 'No login from the platform. Tap again, or use an SMS code.', file_not_opened: 'The file did not open. Please try again.', scan_nothing: 'Nothing to confirm. Please scan the code on the computer again.',
  },
  landing: {
    title: 'Sign a labour contract', asks: 'asks you to sign a labour contract', what: 'What to do', steps: 'Log in → verify → read → sign by hand', need: 'You need',
    needs: 'the phone that got this SMS and your ID number', expires: 'Link valid until', go: 'Log in to see it', privacy: 'Nothing personal is shown before you log in.',
    invalid: 'This link does not open', openHome: 'Log in and look under “For me”', switchPhone: 'Use another number', opening: 'Opening the contract',
    mini_weixin: 'Open in the WeChat mini-program', mini_alipay: 'Open in the Alipay mini-program',
  },
  login: {
    title: 'Log in', lead: 'Log in with your phone number; the first time also registers you', phone: 'Phone number', phoneHint: '11 digits, the one that gets the SMS', code: 'SMS code', codeHint: '6 digits',
    send: 'Get code', resend: 'Send again', resendIn: 'again in {n} s', sent: 'Code sent, valid for 5 minutes', submit: 'Log in', agreeLead: 'I have read and agree to',
    phoneWrong: 'Enter an 11-digit phone number', codeWrong: 'Enter the 6-digit code', agreeNeeded: 'Please read and tick first', left: '{n} tries left', noCode: 'No code?',
    noCodeHelp: 'Check blocked messages and your phone plan. You can ask again after 60 seconds.',
    otherWays: 'Other ways to log in', byFace: 'Log in by face', byQr: 'Scan with your phone', by_weixin: 'Log in with WeChat', by_alipay: 'Log in with Alipay', by_h5: 'Log in',
    phoneOf_weixin: 'Use my WeChat number', phoneOf_alipay: 'Use my Alipay number', phoneOf_h5: 'Log in', platformPhone: 'The first time, log in with your number; later one tap is enough.', platformRefused: 'No matter: log in by SMS code below.',
    faceLead: 'If you are verified, log in with your name, ID number and face.', scanWithApp: 'Scan with a phone where you are logged in', scanWith: 'Scan with {name}', qrRenew: 'New code',
    qr_waiting: 'Scan with the camera, WeChat or the mini-program, then confirm on the phone', qr_scanned: 'Scanned. Please confirm on the phone', qr_confirmed: 'Confirmed, logging in', qr_proven: 'Confirmed, logging in', qr_needs_phone: 'Confirmed. A phone number is needed', qr_refused: 'Refused on the phone', qr_expired: 'The code has expired',
    thirdOver: 'This login is over', thirdOverHint: 'Please choose a way to log in again.', thirdPhone: 'You are known. The first time, enter your phone number and a code; later you are in at once.', thirdProven: 'You are known. Tap “Log in”.',
  },
  home: {
    hello: 'Hello', helloName: 'Hello, {name}', waiting: 'For me', waitingUnit: 'contracts need you', nothing: 'Nothing to sign', nothingHint: 'We send an SMS when an employer sends a contract.',
    todo: 'To do', others: 'With others', done: 'Completed', all: 'All contracts', messages: 'Messages', settings: 'Settings', unverified: 'Identity not verified',
    unverifiedHint: 'Needed once before signing, about a minute.', verifyNow: 'Verify', verified: 'Verified', unread: '{n} unread',
    scan: 'Scan to log in on a computer',
  },
  consent: { title: 'Consent', lead: 'Please read and agree before you continue.', tick: 'I have read and agree to “{title}”', needed: 'Tick to continue', decline: 'Not now', },
  agreement: { title: 'Agreement' },
  verify: {
    title: 'Verify identity', lead: 'Choose a way', phone: 'By phone number', phoneHint: 'Name, ID number and this phone are checked, then an SMS code', face: 'By face',
    faceHint: 'Name and ID number are checked, then your face', unavailable: 'not available', name: 'Name', nameHint: 'as on your ID card', idNumber: 'ID number', idHint: '18 characters, the last may be X',
    nameWrong: 'Enter the name on your ID card', idWrong: 'The ID number is not right, check all 18 characters', phoneUsed: 'Phone checked', changeMethod: 'Another way', submit: 'Check', toFace: 'Start face check',
    codeLead: 'Your data match. Enter the SMS code to finish.', codeSubmit: 'Finish', already: 'You are verified', protect: 'Stored encrypted; used only to verify you and sign contracts.',
    expired: 'The last try has expired. Please start again.', waitFace: 'Waiting for the face check', openFace: 'Open the face check', refresh: 'I am done, refresh', failed: 'Not passed this time',
    bank: 'By bank card', bankHint: 'Name, document, bank card and the number your bank knows are checked', manual: 'Manual review', manualHint: 'Passport and other documents: upload pictures, usually done within one working day', toReview: 'Submit for review',
    document: 'Document', documentNumber: 'Document number', documentHint: 'letters and digits, no blanks', documentWrong: 'Enter the number on your document', documentNameHint: 'as on the document', card: 'Bank card number', cardHint: 'a card in your own name', cardWrong: 'Enter the whole card number', bankPhone: 'Phone known to the bank', bankPhoneHint: 'The code is sent to this number',
    nationality: 'Nationality', nationalityWrong: 'Choose your nationality', countryCode: 'Not listed? The three letters on your passport', countryCodeHint: 'for example USA', countryTake: 'Use it', pictures: 'Pictures of the document', picturesHint: 'The page with your photo, sharp; up to 4 pictures of 10 MB', picturesWrong: 'Upload at least one picture', picture: 'Picture {n} uploaded', pictureAdd: 'Take or choose a picture', pictureMore: 'Add another', pictureRemove: 'Remove',
    provider: 'Face check by', codeLeadBank: 'Your data match. The code was sent to {phone}, the number your bank knows', reviewing: 'A person is checking', reviewingHint: 'Usually within one working day; we send an SMS. You may close this page.',
    claim: 'Move my account to this number', claimLead: 'Your identity is verified', claimWho: 'You have an account with {old}.', claimEffect: 'Its number changes from {old} to {phone}. Your contracts and signatures stay; logins with the old number end, and it gets an SMS.', claimNotMe: 'If that number is not yours, call the help line.',
    proofLead: 'One more step: prove that it is you', proofWhy: ' A number may be in the name of a relative or have changed hands, so verify in another way before it is moved.', proofElse: 'If the old number still works, log in with it. If nothing works, call the help line.',
  },
  face: {
    title: 'Face check', waiting: 'Asking the provider…', notYet: 'No result yet', notYetHint: 'If you have done it, wait a few seconds and refresh.', refresh: 'I am done, refresh',
    passed: 'Passed', failed: 'Not passed', failedHint: 'Try again in good light, or choose another way.', cancelled: 'You cancelled', expired: 'This check has expired', unavailable: 'The face check is not available now', retry: 'Start again',
    other: 'Another way', unknown: 'Go back to the page where you opened the contract and refresh.',
    scan: 'Scan with your phone for the face check', scanHint: 'This page goes on by itself afterwards', scanned: 'Done already? Refresh', elsewhereTitle: 'Back to where you were', elsewhere: 'Done on the phone', elsewhereHint: 'Go back to the computer, or to the app with your contract: it continues by itself. You may close this page.',
    goal_browser: 'Alipay’s face check opens in the phone’s browser', goal_wechat: 'The E证通 face check opens in WeChat', copy: 'Copy the link', goalCopy: 'Copy the link with the button below', goalOpen_browser: 'Open the phone’s browser and paste it as the address', goalOpen_wechat: 'In WeChat send it to File Transfer and tap it', goalBack: 'Come back afterwards: this page goes on by itself',
  },
  box: { title: 'Contracts', all: 'All', waiting: 'For me', others: 'With others', done: 'Completed', empty: 'No contracts here', emptyHint: 'Contracts from employers appear here; you also get an SMS.' },
  card: { sent: 'sent {d}', deadline: 'until {d}', today: 'last day', read: 'Read', sign: 'Sign', view: 'View' },
  contract: {
    title: 'Contract', keyTerms: 'Key terms', employer: 'Employer', worker: 'Worker', post: 'Post', place: 'Place', term: 'Term', start_on: 'Starts', end_on: 'Ends',
    probation: 'Probation', pay: 'Pay', hours: 'Hours', noTerms: 'The sender gave no summary; please read the contract.', summaryNote: 'A summary for convenience; the original counts.', text: 'Large text', pictures: 'Original',
    legal: 'This is the legally binding form', textNote: 'Text of the same contract for easy reading; what you sign is the original.', noText: 'No text on this page; see the original.', page: 'Page {n}',
    pageOf: 'Page {n} of {total}', zoom: 'Enlarge page {n}', zoomHint: 'double-tap or pinch to enlarge', timeline: 'Timeline', actor_you: 'you', actor_worker: 'the worker', actor_organisation: 'employer', actor_platform: 'platform', number: 'Number', parties: 'Parties',
    pagesLeft: 'Go on reading ({n} pages left)', secondsLeft: 'Please read {n} s more', checking: 'Checking what you read', toConfirm: 'I have read it, next', toSign: 'Sign', toProgress: 'See progress',
    toDone: 'Download or print', waiting: 'Your part is done, waiting for {who}', waitOther: 'the other party', terminate: 'I will not sign: terminate', hash: 'Checksum', pictureFailed: 'Picture not loaded, tap to retry',
    me: 'me', party_waiting: 'waiting', party_confirmed: 'confirmed', party_signed: 'signed', party_sealed: 'sealed', previous: 'Previous', nextPage: 'Next', closeZoom: 'Close',
    ended_withdrawn: 'The employer withdrew this contract', ended_terminated: 'This contract was terminated', ended_expired: 'The time to sign is over', reason: 'Reason: {text}', endedHint: 'To go on, ask the employer to send it again.',
  },
  confirm: {
    title: 'Confirm', lead: 'Enter your addresses, then confirm the contract.', habitual: 'Habitual residence', registered: 'Registered residence', same: 'Same as habitual residence', region: 'Province / city / county', pick: 'Choose',
    detail: 'Address', detailHint: 'street, estate, building, number', regionGap: 'Choose province, city and county', detailGap: 'Enter 2 to 100 characters', submit: 'The contract is right', why: 'Kept with the contract, for serving notices.',
    notListed: 'My county is missing', province: 'Province', city: 'City', county: 'County', loadFailed: 'The list did not load',
  },
  sign: {
    title: 'Sign by hand', lead: 'Tap the blue box on the contract', tapHere: 'Tap to sign', again: 'Sign again', next: 'Next: confirm your will', open: 'Start signing', padTitle: '{name}, write your signature in the frame',
    padTitlePlain: 'Write your signature in the frame', undo: 'Undo', redo: 'Redo', clear: 'Clear', finish: 'Done', leave: 'Back', askTitle: 'Use this signature?', askHint: 'It is put on the signature place.', use: 'Use it',
    rewrite: 'Write again', refused_empty: 'Nothing written yet: please write your name', refused_too_short: 'Too short: please write your full name', refused_too_fast: 'Too fast: please write your name stroke by stroke',
    refused_no_canvas: 'This browser cannot draw; please open another one', refused_straight_line: 'Only a straight line: please write your name', cannotWrite: 'Cannot write by hand? Call the help line; the employer arranges another way.', signed: 'Your signature', placeOn: 'Signature place, page {n}',
  },
  intent: {
    title: 'Confirm your will', lead: 'Last step: confirm that you yourself sign this contract', document: 'Document', choose: 'Choose a way', sms: 'SMS code', smsHint: 'sent to {phone}', face: 'Face check', faceHint: 'about 20 seconds', pin: 'Certificate PIN', pinHint: 'sign with your own digital certificate',
    submit: 'Sign', meaning: 'By tapping “Sign” you conclude this contract by electronic signature, with the same legal effect as on paper.', proved: 'Your will is confirmed', change: 'Another way',
    over: 'The last confirmation has expired, please repeat it.', resumeLost: 'The last submission got no answer. Tap “Sign” to continue; nothing is signed twice.',
  },
  progress: {
    title: 'Signing', working: 'Signing…', hint: 'Signing with your certificate and adding the timestamp', delayed: 'The timestamp is on its way. No need to wait, you may close this page.', delayedHint: 'We send an SMS when it is done. Nothing is lost.', toContract: 'See the contract',
    interrupted: 'No network. Signing goes on; this page refreshes by itself.',
  },
  done: {
    title: 'Signed', waitTitle: 'You have signed', waitHint: 'Next, {who} adds the seal. We send an SMS when it is done.', doneTitle: 'Contract concluded', doneHint: 'Both parties have signed.', download: 'Download', print: 'Print', view: 'See the contract',
    free: 'Viewing, downloading and printing are free of charge.', paper: 'Want it on paper? Ask the employer for a free copy, or print it.', saved: 'Download started; look under your browser downloads.', browserTitle: 'Open in the browser',
    browserLead: '{app} cannot save or print files. Use the phone’s browser.', browserStep1: 'Tap “…” at the top right', browserStep2: 'Choose “Open in browser”', browserStep3: 'Log in with the same number and download', browserCopy: 'Or copy the link', browserLook: 'See the contract here', notYet: 'Not concluded yet; you can download it afterwards.',
    verifyHint: 'The PDF holds both digital signatures and timestamps; any change can be detected.',
    opened: 'The file is open; “…” at the top right saves, sends or prints it.', viewerTitle: 'How to print', viewerLead: 'A phone cannot print directly; send the file to a computer.', viewerStep1: 'Tap “Download” to open the file', viewerStep2: 'Tap “…” at the top right', viewerStep3: 'Choose “Print”, or send it to a computer',
    checkTitle: 'Is it you?', checkLead: 'To protect your contract, please confirm that it is you before the download.',
  },
  terminate: {
    title: 'Terminate', lead: 'After this the contract cannot be signed.', effect: 'The employer sees your reason. If only the wording has to change, ask the employer to correct and resend it.', reason: 'Reason', hint: '2 to 200 characters', wrong: 'Enter 2 to 200 characters',
    submit: 'Terminate this contract', askTitle: 'Terminate?', askHint: 'This cannot be undone.', sure: 'Terminate', keep: 'Keep it', r1: 'Not what was agreed', r2: 'I will not take the job', r3: 'My data are wrong',
  },
  messages: { title: 'Messages', readAll: 'Mark all read', empty: 'No messages', emptyHint: 'We tell you here when a contract changes.', unread: 'unread' },
  settings: {
    title: 'Settings', phone: 'Phone', identity: 'Identity', notVerified: 'not verified', size: 'Text size', size1: 'Normal', size125: 'Large', size15: 'Larger', sample: 'See whether this size suits you',
    logout: 'Log out', logoutAsk: 'Log out?', logoutHint: 'A signature not yet submitted is removed from this phone.', stay: 'Stay',
  },
  consents: {
    title: 'Consents', lead: 'All that you agreed to. Tap a title for the full text.', given: 'Agreed on {d}', none: 'Not agreed', withdraw: 'Withdraw', ask: 'Withdraw your consent to “{title}”?',
    effect: 'No new checks are made then. Finished checks and signatures stay valid. You will be asked again when it is needed.', sure: 'Withdraw', keep: 'Keep it', done: 'Your consent to “{title}” is withdrawn.',
    needed: 'User agreement and privacy policy are needed for the account. To close your account, call the help line.',
  },
  devices: {
    title: 'Devices', lead: 'These devices are logged in to your account. Log out any that you do not know.', here: 'This device', end: 'Log out', endOthers: 'Log out all other devices', seen: 'Last used {d}', ip: 'IP address {ip}',
    unknown: 'Unknown device', wechat: 'WeChat', dingtalk: 'DingTalk', alipay: 'Alipay',
  },
  password: {
    title: 'Password', set: 'Set a password', change: 'Change the password', setLead: 'First confirm with the code sent to {phone}. Then you can log in with phone and password.', changeLead: 'Your other devices are logged out by this.',
    current: 'Current password', currentGap: 'Enter the current password', new: 'New password', rule: '8 to 64 characters, at least two of letters, digits, symbols', show: 'Show', hide: 'Hide', save: 'Save password', saved: 'Password saved',
    savedHint: 'You can log in with phone and password now, or with a code as before.', othersOut: 'Your other devices are logged out.', forgotten: 'Forgotten? Reset it by SMS code', resetTitle: 'Reset the password',
    resetLead: 'Confirm with an SMS code, then choose a new password. All devices have to log in again.', resetDone: 'Log in with the new password.', toLogin: 'Log in', byCode: 'SMS code', byPassword: 'Password', password: 'Password', done: 'Done', gap: 'Enter the password',
  },
  help: { title: 'Help', call: 'Help line', dial: 'Call {n}', hours: 'Hours', questions: 'Questions' },
  certificate: {
    title: 'Digital certificate', lead: 'It shows that a signature is yours. Once activated, you confirm a contract with a PIN of six digits, without waiting for an SMS.', free: 'Activating, using, renewing and revoking are free of charge.',
    none: 'Not activated', issuing: 'Being issued', issuingHint: 'The authority is issuing it, usually within seconds. You may leave; we tell you under “Messages”.', active: 'Valid', expired: 'Expired', revoked: 'Revoked', renewing: 'A new one is being issued',
    subject: 'Holder', serial: 'Serial number', issuer: 'Issued by', validity: 'Validity', until: '{from} to {to}', revokedAt: 'Revoked at',
    activate: 'Activate', again: 'Activate again', change: 'Change the PIN', forgotten: 'Forgotten: set a new PIN', locked: 'The PIN is locked. Please set a new one.', renew: 'Renew for a year', renewLead: 'Enter your PIN to renew it for a year.', soon: 'It expires soon, please renew it.',
    revoke: 'Revoke', revokeAsk: 'Revoke your certificate?', revokeHint: 'At once and for good; its key is destroyed. What you signed stays valid, and you can activate another one.', revokeSure: 'Revoke', keep: 'Keep it',
    setTitle: 'Set a PIN', resetTitle: 'Set a new PIN', setLead: 'The code goes to your phone {phone}.', pin: 'PIN', newPin: 'New PIN', repeat: 'Once more', current: 'Current PIN', rule: 'Six digits; no birthday, document or phone number, no runs or repetitions',
    pinWrong: 'Enter six digits', different: 'The two are not the same', proofLead: 'First show that it is you', byFace: 'Face check', byFaceHint: 'about 20 seconds', byPassword: 'Login password', byPasswordHint: 'if it was set at least 24 hours ago', faceDone: 'Face check passed', passwordGap: 'Enter your login password', otherProof: 'Another way',
    save: 'Save', saved: 'PIN set', usable: 'Your certificate can be used.', changed: 'PIN changed', changedHint: 'Confirmations by the old PIN that were not submitted yet are void.', goOn: 'Continue', typePin: 'Enter your PIN',
  },
  scan: {
    title: 'Confirm login', ask: 'Log in to your account on a computer?', account: 'Account {phone}', device: 'Device', network: 'IP address', time: 'Asked at', sameNetwork: 'The computer and this phone use the same network.', otherNetwork: 'The computer is in another network. If this is not you, tap “Not me, refuse”.',
    confirm: 'Log in there', refuse: 'Not me, refuse', confirmed: 'Confirmed', confirmedHint: 'The computer logs in by itself.', refused: 'Refused', refusedHint: 'The computer was not let in.',
  },
  bindings: {
    title: 'Linked accounts', lead: 'You can log in with these accounts.', since: 'linked on {d}', unbind: 'Unlink', none: 'Nothing linked yet', noneHint: 'Shown here after you log in with WeChat, Alipay or a government identity.', ask: 'Unlink {name}?', effect: 'It does not log you in any more; phone and password still do. You can link it again.', bind_weixin: 'Link this WeChat account', bind_alipay: 'Link this Alipay account', bind_h5: 'Link',
  },
  phone: {
    title: 'Change phone number', old: 'First confirm your present number {phone}', new: 'New phone number', lost: 'Lost the old number? Log in with the new one and verify your identity: you get your account back.', effect: 'Other devices are logged out, and the old number gets an SMS.', submit: 'Change number', done: 'Number changed', doneHint: 'From now on log in with {phone}.',
  },
  reminders: {
    ask_weixin: 'Remind me in WeChat', ask_alipay: 'Remind me in Alipay', ask_h5: 'Remind me', done: 'On: we tell you when a contract changes.',
  },
  steps: { read: 'Read', confirm: 'Confirm', sign: 'Sign', done: 'Done', of: 'Step {n} of {total}: {name}' },
}

export default en
