import type { LogEntry } from '../../../src-main/contract/logs.ts'
import { logsLabels } from './labels.ts'

const { titles } = logsLabels

/** One line for an entry: the route of a request, the state of a message, or the change made. */
export function titleOf(entry: LogEntry): string {
  const { type, event, route, to, data, key_name: keyName } = entry
  if (type === 'session')
    return titles.session(Number(data.messages ?? 0), Number(data.refusals ?? 0))
  if (type === 'alert') return String(data.message ?? titles.alert)
  if (route !== null) return route
  const messageEvent = titles.messageEvents[event]
  if (messageEvent)
    return to === null ? `${messageEvent}${originOf(data)}` : `${messageEvent}: ${to}`
  const [noun = '', verb = ''] = event.split('.')
  const name =
    data.name ?? data.subject_name ?? data.alert ?? (noun === 'key' ? keyName : null) ?? ''
  const change = verb.replace('rules_updated', titles.rulesChanged).replaceAll('_', ' ')
  const title = `${titles.subjects[noun] ?? noun} ${change}`
  return name === '' ? title : `${title}: ${String(name)}`
}

function originOf({ door: protocol, inbox }: LogEntry['data']): string {
  const over = protocol === 'smtp' ? titles.overSmtp : protocol === 'http' ? titles.overHttp : ''
  return typeof inbox === 'string' ? `${over}${titles.inInbox(inbox)}` : over
}
