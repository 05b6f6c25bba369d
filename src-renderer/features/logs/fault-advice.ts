import { type FaultCode, faults } from '../../../src-main/contract/faults.ts'

/** What to do about a refusal, for whoever wrote the app. */
const advice: Readonly<Record<FaultCode, string>> = {
  missing_api_key:
    'The app sent no key. Give it one: “Authorization: Bearer …” over HTTP, the password over SMTP.',
  invalid_api_key:
    'No key here looks like that, or it was revoked or disabled. Compare what the app has with Keys.',
  expired_api_key: 'The key’s time is over. Make a new one, or rotate it, and give it to the app.',
  insufficient_permissions:
    'The key may not do this. Give it the permission on Keys, or use another key.',
  address_not_allowed:
    'The key may only be used from the addresses it names. Add this one to it, if it is yours.',
  sender_not_allowed:
    'The key may only send from the addresses it names. Change “from”, or add the sender to the key.',
  host_not_allowed:
    'The request named a host that MailSage does not answer to. Use the address in the status bar.',
  origin_not_allowed:
    'A web page asked from a place that is not allowed. Call MailSage from your server instead.',
  rate_limit_exceeded:
    'The app asks faster than its key may. Wait as long as Retry-After says, or raise the limit.',
  daily_limit_exceeded:
    'The emails of this day are used up. It goes on after midnight UTC, or with a higher limit.',
  too_many_wrong_keys:
    'This address sends keys that are not valid, again and again. Give the app a valid key: it works at once.',
  invalid_request: 'The request could not be read. Its answer said what is wrong with it.',
  missing_required: 'A field is missing. The answer named it.',
  invalid_parameter: 'A field has a value it cannot have. The answer named it.',
  invalid_sender: 'The sender is not an address. Check “from”.',
  invalid_recipient: 'A recipient is not an address. Check “to”, “cc” and “bcc”.',
  too_many_recipients: 'Send it in several messages, with fewer recipients each.',
  not_found: 'There is no such thing, or it belongs to another tenant. Check the id in the path.',
  template_not_found: 'No template has this id or name. Check it under Templates.',
  invalid_template: 'The template has a mistake. Open it under Templates to see where.',
  template_variable_error: 'The template needs a variable that was not given. Add it to the send.',
  template_error:
    'The template could not be filled in with these variables. Try it under Templates.',
  smtp_not_found: 'There is no such relay. Check the id under Relays.',
  method_not_allowed: 'This path is there, but not with this method. Check the API page.',
  request_timeout:
    'The request took too long to arrive. Look at the network between app and MailSage.',
  conflict: 'It clashes with something that is there already, often an Idempotency-Key used again.',
  message_too_large: 'The message is over the size limit. Link to large files instead.',
  unsupported_media_type: 'Send JSON, with “content-type: application/json”.',
  message_unreadable:
    'The message costs too much to read. Its raw source can be downloaded, and its headers be read.',
  relay_not_configured:
    'A live key needs a relay to send by. Add one under Relays, or use a test key.',
  smtp_auth_error: 'The relay refused the user name or password. Check them under Relays.',
  smtp_connection_error: 'The relay could not be reached. Test its connection under Relays.',
  smtp_error: 'The relay refused the message. Its reply says why.',
  headers_too_large: 'The headers of the request are too long.',
  client_closed:
    'The app hung up before it had its answer. Look at its own timeout; the work may have been done all the same.',
  internal: 'Something is wrong in MailSage itself. Its own log has more under this request id.',
  capture_paused:
    'Somebody paused the capture of test mail. Resume it in the tray, in the palette or in Settings; the app may send again then.',
  overloaded: 'MailSage had too much to do at once. Try again a little later.',
  storage_busy:
    'Another program held a lock on the database. Close it; the app may send again then.',
  storage_damaged:
    'The database is damaged. Restore a backup, or recover it as the message in the log says.',
  storage_unavailable:
    'The data folder could not be used. MailSage’s own log says why, and what to do.',
  storage_full:
    'The disk of the data folder was full. Make room on it; the app may send again then.',
}

export function faultWords(code: string): { readonly title: string; readonly advice: string } {
  const known = code in faults ? (code as FaultCode) : null
  if (known === null) return { title: code, advice: '' }
  return { title: faults[known][3], advice: advice[known] }
}
