/** Where this relay is reached from here. */
export type Facts = {
  readonly host: string
  readonly smtpPort: number
  readonly httpPort: number
  readonly url: string
}

export const ways = ['selfmx', 'mailsage', 'smtp'] as const
/** SelfMX's API, MailSage's API, or SMTP. */
export type Way = (typeof ways)[number]

export type Syntax = 'env' | 'shell' | 'script' | 'python' | 'ruby' | 'properties' | 'yaml'

export type CodeFile = {
  readonly name: string
  readonly syntax: Syntax
  readonly text: (facts: Facts, key: string) => string
}

/** How something sends through this relay: one version for each way that it can. */
export type Sample = {
  readonly id: string
  readonly name: string
  readonly versions: readonly {
    readonly way: Way
    readonly files: readonly CodeFile[]
    /** What to know before it runs. */
    readonly note?: string
  }[]
}
