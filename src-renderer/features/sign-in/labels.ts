export const signInLabels = {
  title: 'Sign in to MailSage',
  intro: 'Use an admin key. MailSage printed the first one when it started, unless it was set with',
  introVariable: 'API_KEY',
  introEnd: 'in the environment.',
  key: 'Admin key',
  keyExample: 'ms_live_…',
  keyMissing: 'Paste an admin key first.',
  checking: 'Checking…',
  signIn: 'Sign in',
  storage: 'The key is kept in this tab only, until you close it.',
} as const
