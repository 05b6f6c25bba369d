import { hitPattern, textFields } from '../../../src-main/contract/search-hits.ts'
import { chooseView, type Scheme } from '../../message/view-choices.ts'
import { idle } from '../../ui/load.ts'
import { useInbox } from './inbox-store.ts'
import { discardPrefetched } from './message-prefetch.ts'
import { type MessageState, useMessage } from './message-store.ts'
import { loadTab } from './message-tabs.ts'

export function allowRemoteContent(isRemoteAllowed: boolean): void {
  reloadView({ isRemoteAllowed })
}

export function chooseScheme(scheme: Scheme): void {
  chooseView({ scheme })
  reloadView()
}

const highlightOf = (query: string) => hitPattern(query, textFields)?.source

// The server highlights search hits in the view, so another search needs another view.
useInbox.subscribe((now, before) => {
  if (now.query === before.query || highlightOf(now.query) === highlightOf(before.query)) return
  if (useMessage.getState().view.status === 'idle') discardPrefetched()
  else reloadView()
})

/** Requests a new view of the HTML, and discards the prefetched view. */
function reloadView(change: Partial<MessageState> = {}): void {
  discardPrefetched()
  useMessage.setState({ ...change, view: idle })
  void loadTab()
}
