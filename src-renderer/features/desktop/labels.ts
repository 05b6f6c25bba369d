export const desktopLabels = {
  importMessage: 'Import message…',
  toggleCapture: 'Pause or resume capture',
  preferences: 'Desktop preferences…',
  inboxGroup: 'Inbox',
  appGroup: 'MailSage',
  onlyEml: 'Only .eml files can be imported.',
  imported: (count: number) => (count === 1 ? 'Message imported' : `${count} messages imported`),
  showImported: 'Show',
  dropFiles: 'Drop .eml files to import them',
  capturePaused: 'Capture is paused. Test mail is refused; live mail is still sent.',
  resumeCapture: 'Resume capture',
} as const
