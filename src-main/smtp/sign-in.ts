import type { Dialogue } from './dialogue.ts'

const askUser = '334 VXNlcm5hbWU6'
const askPassword = '334 UGFzc3dvcmQ6'
const askAtOnce = '334 '

/** AUTH PLAIN (RFC 4616) and LOGIN; the password is a key. */
export function signIn(dialogue: Dialogue, argument: string): void {
  const [mechanism = '', initial, ...more] = argument.split(/\s+/)
  if (dialogue.session.isSignedIn) {
    dialogue.reject(503, '5.5.1', 'You are signed in. For another key connect anew.')
  } else if (dialogue.transaction) {
    dialogue.reject(503, '5.5.1', 'Sign in before MAIL, or send RSET first.')
  } else if (more.length > 0) {
    dialogue.reject(501, '5.5.4', 'AUTH takes a mechanism and one base64 text.')
  } else if (mechanism.toUpperCase() === 'PLAIN') {
    if (initial === undefined) ask(dialogue, askAtOnce, (text) => plain(dialogue, text))
    else plain(dialogue, decode(initial))
  } else if (mechanism.toUpperCase() === 'LOGIN') {
    if (initial === undefined) ask(dialogue, askUser, (user) => login(dialogue, user))
    else login(dialogue, decode(initial))
  } else {
    dialogue.reject(504, '5.5.4', 'Sign in with AUTH PLAIN or AUTH LOGIN.')
  }
}

function plain(dialogue: Dialogue, text: string): void {
  const parts = text.split('\0')
  const [authorization = '', user = '', password = ''] = parts
  if (parts.length === 3) finish(dialogue, user || authorization, password)
  else dialogue.reject(501, '5.5.2', 'AUTH PLAIN takes base64 of NUL, user name, NUL, API key.')
}

function login(dialogue: Dialogue, user: string): void {
  ask(dialogue, askPassword, (password) => finish(dialogue, user, password))
}

function finish(dialogue: Dialogue, user: string, password: string): void {
  const fault = dialogue.session.signIn(user, password)
  if (fault?.code === 'too_many_wrong_keys') dialogue.leaveLate(fault)
  else if (fault) dialogue.refuse(fault)
  else {
    dialogue.signedIn()
    dialogue.reply('235 2.7.0 Signed in')
  }
}

function ask(dialogue: Dialogue, question: string, answered: (text: string) => void): void {
  dialogue.ask(question, (line) => {
    if (line === '*') dialogue.reject(501, '5.7.0', 'Signing in was called off.')
    else answered(decode(line))
  })
}

/** A lone `=` is the empty text (RFC 4954 §4). */
const decode = (text: string): string =>
  text === '=' ? '' : Buffer.from(text, 'base64').toString('utf8')
