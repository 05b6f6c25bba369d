import type { Fault } from '../../contract/faults.ts'
import type { Dialect } from '../route.ts'
import { emailRoutes } from './mailsage/emails.ts'
import { jobRoutes } from './mailsage/jobs.ts'
import { keyRoutes } from './mailsage/keys.ts'
import { smtpConfigRoutes } from './mailsage/smtp-configs.ts'
import { templateRoutes } from './mailsage/templates.ts'

/** MailSage's own API, as in its documentation. */
const mailsageRoutes = {
  ...emailRoutes,
  ...jobRoutes,
  ...templateRoutes,
  ...keyRoutes,
  ...smtpConfigRoutes,
}

export type MailsageRoutes = typeof mailsageRoutes

export const mailsage: Dialect = {
  name: 'mailsage',
  title: 'MailSage',
  prefix: '/api/v1',
  routes: mailsageRoutes,
  fault: mailsageError,
}

export function mailsageError(fault: Fault, requestId: string) {
  const { code, message, details } = fault
  const { retry_after: retryAfter } = details
  return {
    error: message,
    status: fault.httpStatus,
    code,
    message,
    details,
    request_id: requestId,
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  }
}
