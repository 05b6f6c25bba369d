import { describe, expect, it } from 'vitest'
import { explainReply } from '../../src-main/contract/smtp-replies.ts'

describe('The explanation of a reply', () => {
  it.each([
    ['550 5.1.1 No such user', /no mailbox/],
    ['452 4.2.2 Over quota', /full/],
    ['554 5.7.1 Spam', /policy/i],
    ['550-5.7.26 Unauthenticated mail', /SPF nor DKIM/],
    ['250 2.0.0 OK queued', /accepted the message/],
    ['550 go away', /does not exist/],
    ['421 busy', /temporarily unavailable/],
    ['459 strange', /later/],
    ['599 5.9.99 strange', /for good/],
    ['connect ECONNREFUSED 127.0.0.1:2500', /No server listens/],
    ['getaddrinfo ENOTFOUND smtp.example.com', /host name/],
    ['Connection timeout', /in time/],
    ['Nothing listens at 127.0.0.1:25 (ECONNREFUSED).', /No server listens/],
    ['127.0.0.1:25 did not answer in time (ETIMEDOUT).', /in time/],
    ['250.1.2.3:25 ended the connection (ECONNECTION).', /closed the connection/],
  ])('The reply “%s” is explained', (reply, sentence) => {
    expect(explainReply(reply)).toMatch(sentence)
  })

  it.each(['', 'Something else happened', '7', '999 What'])(
    'The reply “%s” has no explanation',
    (reply) => {
      expect(explainReply(reply)).toBeNull()
    },
  )
})
