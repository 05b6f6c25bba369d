import { MailCheck, MailSearch, MailX } from 'lucide-react'
import type { ReactNode } from 'react'
import { splitQuery } from '../../../src-main/contract/search.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { searchInbox, showUnreadOnly, showView, useInbox } from './inbox-store.ts'
import { inboxLabels } from './labels.ts'

/** Explains an empty list and offers other filters. */
export function InboxEmpty() {
  const { query, unreadOnly, inbox } = useInbox()
  if (query !== '') return <NoResults />
  if (unreadOnly) {
    return (
      <Empty icon={MailCheck} title={inboxLabels.noUnread}>
        <p>{inbox === null ? inboxLabels.allRead : inboxLabels.allReadInInbox}</p>
        <Offers>
          <Button onClick={() => showUnreadOnly(false)}>{inboxLabels.showRead}</Button>
        </Offers>
      </Empty>
    )
  }
  return (
    <Empty icon={MailX} title={inboxLabels.emptyInbox}>
      <p>{inboxLabels.emptyInboxAdvice(inbox ?? '')}</p>
      <Offers>
        <Button onClick={() => showView({})}>{inboxLabels.showAllMail}</Button>
      </Offers>
    </Empty>
  )
}

const maxOffers = 3

/** Offers to remove each token of the search. */
function NoResults() {
  const { query, unreadOnly, inbox } = useInbox()
  const pieces = splitQuery(query)
  const words = pieces.filter(({ operator }) => operator === null)
  return (
    <Empty icon={MailSearch} title={inboxLabels.noResults}>
      <p>
        {inboxLabels.noMatch(inbox, unreadOnly)} <q className="break-words">{query}</q>.
        {words.length > 1 && inboxLabels.allWordsMustMatch}
      </p>
      <Offers>
        {pieces.length > 1 &&
          pieces.slice(0, maxOffers).map(({ start, end }) => (
            <Button
              key={start}
              className="max-w-full"
              onClick={() =>
                void searchInbox(
                  `${query.slice(0, start)}${query.slice(end)}`.replace(/\s+/g, ' ').trim(),
                )
              }
            >
              <span className="truncate">{inboxLabels.without(query.slice(start, end))}</span>
            </Button>
          ))}
        {inbox !== null && (
          <Button onClick={() => showView({ text: query, unreadOnly })}>
            {inboxLabels.searchAllMail}
          </Button>
        )}
        {unreadOnly && (
          <Button onClick={() => showUnreadOnly(false)}>{inboxLabels.includeRead}</Button>
        )}
        <Button onClick={() => void searchInbox('')}>{inboxLabels.clearSearch}</Button>
      </Offers>
    </Empty>
  )
}

function Offers({ children }: { children: ReactNode }) {
  return <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>
}
