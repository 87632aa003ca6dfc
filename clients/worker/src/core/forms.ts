/** Checks of what people type, so that a slip costs no round trip. The server checks again. */

/** Full-width digits and letters, blanks and dashes become plain ones. */
export function plain(text: string): string {
  return text.replace(/[！-～]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/[\s\-()]/g, '')
}

export function phoneNumber(text: string): string {
  return plain(text).replace(/^(\+?86|0086)(?=1\d{10}$)/, '')
}

export function isPhone(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(phoneNumber(text))
}

export function isCode(text: string): boolean {
  return /^\d{6}$/.test(plain(text))
}

export function idNumber(text: string): string {
  return plain(text).toUpperCase()
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Resident identity number with the check digit of GB 11643. */
export function isIdNumber(text: string): boolean {
  const number = idNumber(text)
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return '10X98765432'[sum % 11] === number[17]
}

/** A name as on the card: letters of any script, the middle dot, no digits. */
export function isName(text: string): boolean {
  return /^[\p{L}\p{M}·•・.\-' ]{1,50}$/u.test(text.trim())
}

/** 8 to 64 characters, at least two of letters, digits, others; the server knows more rules. */
export function isNewPassword(text: string): boolean {
  const password = text.normalize('NFKC')
  const length = [...password].length
  const kinds = [/\p{L}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length
  return length >= 8 && length <= 64 && kinds >= 2
}

/** A number of this kind of document; only the resident card has a check digit. */
export function isDocumentNumber(idType: string, text: string): boolean {
  return idType === 'resident_id' ? isIdNumber(text) : /^[A-Z0-9]{5,20}$/.test(idNumber(text))
}

/** A bank card's number: 12 to 19 digits. */
export function isCardNumber(text: string): boolean {
  return /^\d{12,19}$/.test(plain(text))
}
