/** RFC 4155 in the mboxrd variant: lines that look like a separator are quoted. */
export function mboxEntry(raw: Buffer, mailFrom: string, receivedAt: number): Buffer {
  const sender = mailFrom.replace(/\s/g, '') || 'MAILER-DAEMON'
  const body = raw
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replace(/^(>*From )/gm, '>$1')
  const end = body.endsWith('\n') ? '\n' : '\n\n'
  return Buffer.from(`From ${sender} ${asctime(receivedAt)}\n${body}${end}`, 'latin1')
}

/** `Thu Jan 15 10:30:00 2026`, always UTC. */
function asctime(at: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(at)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`
}
