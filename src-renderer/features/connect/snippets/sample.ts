/** The addresses of this server as seen from this window. */
export type Facts = {
  readonly host: string
  readonly smtpPort: number
  readonly httpPort: number
  readonly url: string
}

/** SelfMX's API, MailSage's API, or SMTP. */
export type SampleProtocol = 'selfmx' | 'mailsage' | 'smtp'

export type Syntax = 'env' | 'shell' | 'script' | 'python' | 'ruby' | 'properties' | 'yaml'

export type CodeFile = {
  readonly name: string
  readonly syntax: Syntax
  readonly text: (facts: Facts, key: string) => string
}

/** A language or framework, with one version per protocol it supports. */
export type Sample = {
  readonly id: string
  readonly name: string
  readonly versions: readonly {
    readonly protocol: SampleProtocol
    readonly files: readonly CodeFile[]
    /** A requirement or the command to run it. */
    readonly note?: string
  }[]
}
