import { MailCheck, MailSearch, MailX } from 'lucide-react'
import type { ReactNode } from 'react'
import { splitQuery } from '../../../src-main/contract/search.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { searchInbox, showUnreadOnly, showView, useInbox } from './inbox-store.ts'

/** A list without rows says why, and offers what to change. */
export function InboxEmpty() {
  const { query, unreadOnly, inbox } = useInbox()
  if (query !== '') return <NothingFound />
  if (unreadOnly) {
    return (
      <Empty icon={MailCheck} title="Nothing unread">
        <p>Every message {inbox === null ? 'has' : 'of this inbox has'} been read.</p>
        <Offers>
          <Button onClick={() => showUnreadOnly(false)}>Show read messages</Button>
        </Offers>
      </Empty>
    )
  }
  return (
    <Empty icon={MailX} title="No messages here">
      <p>Mail sent with a key of the inbox “{inbox}” will land here.</p>
      <Offers>
        <Button onClick={() => showView({})}>Show all mail</Button>
      </Offers>
    </Empty>
  )
}

const maxOffers = 3

/** Each piece of a search can be the one too many. */
function NothingFound() {
  const { query, unreadOnly, inbox } = useInbox()
  const pieces = splitQuery(query)
  const words = pieces.filter(({ operator }) => operator === null)
  return (
    <Empty icon={MailSearch} title="Nothing found">
      <p>
        No message {inbox !== null && `in the inbox “${inbox}” `}
        {unreadOnly && 'that is unread '}matches <q className="break-words">{query}</q>.
        {words.length > 1 && ' All words must be there; write OR between them to find any.'}
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
              <span className="truncate">Without “{query.slice(start, end)}”</span>
            </Button>
          ))}
        {inbox !== null && (
          <Button onClick={() => showView({ text: query, unreadOnly })}>Search all mail</Button>
        )}
        {unreadOnly && (
          <Button onClick={() => showUnreadOnly(false)}>Search read messages too</Button>
        )}
        <Button onClick={() => void searchInbox('')}>Clear search</Button>
      </Offers>
    </Empty>
  )
}

function Offers({ children }: { children: ReactNode }) {
  return <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>
}
