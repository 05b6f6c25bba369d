import type { Dialogue } from './dialogue.ts'
import { askCredentials, askPassword, askUserName, done, rejected } from './replies.ts'

/** AUTH PLAIN (RFC 4616) and AUTH LOGIN; the password is an API key, or no key at all. */
export function signIn(dialogue: Dialogue, argument: string): void {
  const [mechanism = '', initial, ...more] = argument.split(/\s+/)
  if (dialogue.session.isSignedIn) dialogue.reject(rejected.signedIn)
  else if (dialogue.transaction) dialogue.reject(rejected.signInLate)
  else if (more.length > 0) dialogue.reject(rejected.authArguments)
  else if (mechanism.toUpperCase() === 'PLAIN') {
    if (initial === undefined) ask(dialogue, askCredentials, (text) => plain(dialogue, text))
    else plain(dialogue, decode(initial))
  } else if (mechanism.toUpperCase() === 'LOGIN') {
    if (initial === undefined) ask(dialogue, askUserName, (user) => login(dialogue, user))
    else login(dialogue, decode(initial))
  } else dialogue.reject(rejected.authMechanism)
}

function plain(dialogue: Dialogue, text: string): void {
  const parts = text.split('\0')
  const [authorization = '', user = '', password = ''] = parts
  if (parts.length === 3) finish(dialogue, user || authorization, password)
  else dialogue.reject(rejected.authPlain)
}

function login(dialogue: Dialogue, user: string): void {
  ask(dialogue, askPassword, (password) => finish(dialogue, user, password))
}

function finish(dialogue: Dialogue, user: string, password: string): void {
  const { session } = dialogue
  const fault = session.signIn({ user, password })
  if (fault?.code === 'too_many_wrong_keys') dialogue.closeLate(fault)
  else if (fault) dialogue.refuse(fault)
  else if (session.hasKey) {
    dialogue.signedIn()
    dialogue.reply(done.signedIn)
  } else dialogue.reply(done.signedInWithoutKey(session.inbox))
}

function ask(dialogue: Dialogue, question: string, onAnswer: (text: string) => void): void {
  dialogue.ask(question, (line) => {
    if (line === '*') dialogue.reject(rejected.authCancelled)
    else onAnswer(decode(line))
  })
}

/** A lone `=` is the empty text (RFC 4954 §4). */
const decode = (text: string): string =>
  text === '=' ? '' : Buffer.from(text, 'base64').toString('utf8')
