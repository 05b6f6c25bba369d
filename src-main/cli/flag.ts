/** `-bs` is an option of sendmail, which has no long options. */
export const flagOf = (name: string): string =>
  name.length === 1 || name === 'bs' ? `-${name}` : `--${name}`
