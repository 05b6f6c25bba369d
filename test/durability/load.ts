import { converse } from '../smtp/conversation.ts'

/** Every accepted message by its subject, until the server ended. */
export type Load = {
  readonly acknowledged: { readonly smtp: string[]; readonly http: string[] }
  /** Resolves when every sender has lost its connection. */
  readonly over: Promise<void>
}

type Target = { readonly url: string; readonly smtpPort: number }

const connectionsPerDoor = 6

/** Sends over HTTP and SMTP as fast as the server answers, until the connections break. */
export function startLoad(target: Target, key: string, round: number): Load {
  const acknowledged = { smtp: [] as string[], http: [] as string[] }
  const senders = Array.from({ length: connectionsPerDoor }, (_, sender) => [
    sendOverSmtp(target.smtpPort, key, `smtp${round}x${sender}`, acknowledged.smtp),
    sendOverHttp(target.url, key, `http${round}x${sender}`, acknowledged.http),
  ])
  return { acknowledged, over: Promise.all(senders.flat()).then(() => undefined) }
}

async function sendOverSmtp(port: number, key: string, name: string, answered: string[]) {
  const conversation = await converse(port)
  await conversation.signIn('mailsage', key)
  for (let number = 0; ; number += 1) {
    const subject = `${name}x${number}`
    const raw = `From: app@example.com\r\nTo: ann@example.com\r\nSubject: ${subject}\r\n\r\nunderload\r\n`
    const answer = await conversation.send({ raw }).catch(() => null)
    if (answer === null) return
    if (answer.code !== 250) throw new Error(`SMTP under load: ${answer.code} ${answer.lines[0]}`)
    answered.push(subject)
  }
}

async function sendOverHttp(url: string, key: string, name: string, answered: string[]) {
  for (let number = 0; ; number += 1) {
    const subject = `${name}x${number}`
    const answer = await fetch(`${url}/v1/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        from: 'app@example.com',
        to: 'ann@example.com',
        subject,
        text: 'underload',
      }),
    }).catch(() => null)
    if (answer === null) return
    if (answer.status !== 202) throw new Error(`HTTP under load: ${answer.status}`)
    // The status line is the answer; the body may be cut off by the end of the process.
    answered.push(subject)
  }
}
