/** English beside the Chinese; the same keys, checked by the compiler. */
import type zh from './zh-CN'

type Texts = { [Group in keyof typeof zh]: { [Key in keyof (typeof zh)[Group]]: string } }

const en: Texts = {
  app: { name: 'Gongyue', tagline: 'Electronic labour contracts' },
  common: {
    next: 'Next', back: 'Back', cancel: 'Cancel', close: 'Close', retry: 'Try again', loading: 'Loading',
    agree: 'Agree and continue', home: 'Home', help: 'Help', more: 'Load more', free: 'Free of charge.',
    offline: 'You are offline. We continue when the network is back.',
  },
  error: {
    title: 'That did not work', general: 'Something went wrong. Please try again later, or call the help line.', offline: 'No network. Check it and try again; what you typed is kept.',
    timeout: 'The network is too slow. Try again: nothing is submitted twice.', bad_answer: 'The service is not answering. Please try again later.', waitSeconds: 'Try again in {n} seconds.',
    not_found: 'Not found, or it belongs to another phone number.', too_many_requests: 'Too many tries. Please wait a little.', printBlocked: 'Could not print. Download the file and print that.',
  },
  landing: {
    title: 'Sign a labour contract', asks: 'asks you to sign a labour contract', what: 'What to do', steps: 'Log in → verify → read → sign by hand', need: 'You need',
    needs: 'the phone that got this SMS and your ID number', expires: 'Link valid until', go: 'Log in to see it', privacy: 'Nothing personal is shown before you log in.',
    invalid: 'This link does not open', openHome: 'Log in and look under “For me”', switchPhone: 'Use another number', opening: 'Opening the contract',
  },
  login: {
    title: 'Log in', lead: 'Log in with your phone number; the first time also registers you', phone: 'Phone number', phoneHint: '11 digits, the one that gets the SMS', code: 'SMS code', codeHint: '6 digits',
    send: 'Get code', resend: 'Send again', resendIn: 'again in {n} s', sent: 'Code sent, valid for 5 minutes', submit: 'Log in', agreeLead: 'I have read and agree to',
    phoneWrong: 'Enter an 11-digit phone number', codeWrong: 'Enter the 6-digit code', agreeNeeded: 'Please read and tick first', left: '{n} tries left', noCode: 'No code?',
    noCodeHelp: 'Check blocked messages and your phone plan. You can ask again after 60 seconds.',
  },
  home: {
    hello: 'Hello', helloName: 'Hello, {name}', waiting: 'For me', waitingUnit: 'contracts need you', nothing: 'Nothing to sign', nothingHint: 'We send an SMS when an employer sends a contract.',
    todo: 'To do', others: 'With others', done: 'Completed', all: 'All contracts', messages: 'Messages', settings: 'Settings', unverified: 'Identity not verified',
    unverifiedHint: 'Needed once before signing, about a minute.', verifyNow: 'Verify', verified: 'Verified', unread: '{n} unread',
  },
  consent: { title: 'Consent', lead: 'Please read and agree before you continue.', tick: 'I have read and agree to “{title}”', needed: 'Tick to continue', decline: 'Not now', },
  agreement: { title: 'Agreement' },
  verify: {
    title: 'Verify identity', lead: 'Choose a way', phone: 'By phone number', phoneHint: 'Name, ID number and this phone are checked, then an SMS code', face: 'By face',
    faceHint: 'Name and ID number are checked, then your face', unavailable: 'not available', name: 'Name', nameHint: 'as on your ID card', idNumber: 'ID number', idHint: '18 characters, the last may be X',
    nameWrong: 'Enter the name on your ID card', idWrong: 'The ID number is not right, check all 18 characters', phoneUsed: 'Phone checked', changeMethod: 'Another way', submit: 'Check', toFace: 'Start face check',
    codeLead: 'Your data match. Enter the SMS code to finish.', codeSubmit: 'Finish', already: 'You are verified', protect: 'Stored encrypted; used only to verify you and sign contracts.',
    expired: 'The last try has expired. Please start again.', waitFace: 'Waiting for the face check', openFace: 'Open the face check', refresh: 'I am done, refresh', failed: 'Not passed this time',
    onlyMainland: 'Chinese resident ID cards only for now; for other documents contact the employer or the help line.',
  },
  face: {
    title: 'Face check', waiting: 'Asking the provider…', notYet: 'No result yet', notYetHint: 'If you have done it, wait a few seconds and refresh.', refresh: 'I am done, refresh',
    passed: 'Passed', failed: 'Not passed', failedHint: 'Try again in good light, or choose another way.', cancelled: 'You cancelled', expired: 'This check has expired', retry: 'Start again',
    other: 'Another way', unknown: 'Go back to the page where you opened the contract and refresh.',
  },
  box: { title: 'Contracts', all: 'All', waiting: 'For me', others: 'With others', done: 'Completed', empty: 'No contracts here', emptyHint: 'Contracts from employers appear here; you also get an SMS.' },
  card: { sent: 'sent {d}', deadline: 'until {d}', today: 'last day', read: 'Read', sign: 'Sign', view: 'View' },
  contract: {
    title: 'Contract', keyTerms: 'Key terms', employer: 'Employer', worker: 'Worker', post: 'Post', place: 'Place', term: 'Term', start_on: 'Starts', end_on: 'Ends',
    probation: 'Probation', pay: 'Pay', hours: 'Hours', noTerms: 'The sender gave no summary; please read the contract.', summaryNote: 'A summary for convenience; the original counts.', text: 'Large text', pictures: 'Original',
    legal: 'This is the legally binding form', textNote: 'Text of the same contract for easy reading; what you sign is the original.', noText: 'No text on this page; see the original.', page: 'Page {n}',
    pageOf: 'Page {n} of {total}', zoom: 'Enlarge page {n}', zoomHint: 'double-tap or pinch to enlarge', timeline: 'Timeline', actor_you: 'you', actor_organisation: 'employer', actor_platform: 'platform', number: 'Number', parties: 'Parties',
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
    title: 'Confirm your will', lead: 'Last step: confirm that you yourself sign this contract', document: 'Document', choose: 'Choose a way', sms: 'SMS code', smsHint: 'sent to {phone}', face: 'Face check', faceHint: 'about 20 seconds',
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
    browserLead: 'WeChat cannot save or print files.', browserStep1: 'Tap “…” at the top right', browserStep2: 'Choose “Open in browser”', browserStep3: 'Log in with the same number and download', notYet: 'Not concluded yet; you can download it afterwards.',
    verifyHint: 'The PDF holds both digital signatures and timestamps; any change can be detected.',
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
    unknown: 'Unknown device', wechat: 'WeChat', alipay: 'Alipay',
  },
  password: {
    title: 'Password', set: 'Set a password', change: 'Change the password', setLead: 'First confirm with the code sent to {phone}. Then you can log in with phone and password.', changeLead: 'Your other devices are logged out by this.',
    current: 'Current password', currentGap: 'Enter the current password', new: 'New password', rule: '8 to 64 characters, at least two of letters, digits, symbols', show: 'Show', hide: 'Hide', save: 'Save password', saved: 'Password saved',
    savedHint: 'You can log in with phone and password now, or with a code as before.', othersOut: 'Your other devices are logged out.', forgotten: 'Forgotten? Reset it by SMS code', resetTitle: 'Reset the password',
    resetLead: 'Confirm with an SMS code, then choose a new password. All devices have to log in again.', resetDone: 'Log in with the new password.', toLogin: 'Log in', byCode: 'SMS code', byPassword: 'Password', password: 'Password', done: 'Done', gap: 'Enter the password',
  },
  help: { title: 'Help', call: 'Help line', dial: 'Call {n}', hours: 'Hours', questions: 'Questions' },
  steps: { read: 'Read', confirm: 'Confirm', sign: 'Sign', done: 'Done', of: 'Step {n} of {total}: {name}' },
}

export default en
