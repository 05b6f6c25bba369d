import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'

/**
 * smtp-server greets every client 100 ms late, to catch those that talk before they are greeted. On
 * this machine's own mail that wait is the whole cost of a connection, so the greeting goes out at
 * once. It also lets a reply that begins with its own enhanced status code (RFC 2034) keep it.
 * Both reach into the class: its version is pinned, and a test measures the greeting.
 */
type Inner = {
  _server: { options: { maxClients?: number }; connections: Set<unknown> }
  name: string
  _setListeners: (done: () => void) => void
  connectionReady: () => void
  send: (code: number, text: unknown, context?: string | false) => void
}

const ownEnhancedCode = /^[245]\.\d{1,3}\.\d{1,3} /
let isApplied = false

export function greetAtOnce(): void {
  if (isApplied) return
  isApplied = true
  const connection = SMTPConnection.prototype as unknown as Inner & { init: () => void }
  const send = connection.send
  connection.send = function (this: Inner, code, text, context) {
    const isOwn = typeof text === 'string' && ownEnhancedCode.test(text)
    send.call(this, code, text, isOwn ? false : context)
  }
  connection.init = function (this: Inner) {
    this._setListeners(() => {
      const { options, connections } = this._server
      if (options.maxClients && connections.size > options.maxClients) {
        this.send(421, '4.3.2 Too many connections. Close some, or try again in a moment.')
        return
      }
      this.connectionReady()
    })
  }
}
