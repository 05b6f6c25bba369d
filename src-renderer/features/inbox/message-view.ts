import { hitPattern, textFields } from '../../../src-main/contract/search-hits.ts'
import { chooseView, type Scheme } from '../../message/view-choices.ts'
import { idle } from '../../ui/load.ts'
import { useInbox } from './inbox-store.ts'
import { discardPrefetched } from './message-prefetch.ts'
import { type MessageState, useMessage } from './message-store.ts'
import { loadTab } from './message-tabs.ts'

export function allowRemoteContent(isRemoteAllowed: boolean): void {
  drawAnew({ isRemoteAllowed })
}

export function chooseScheme(scheme: Scheme): void {
  chooseView({ scheme })
  drawAnew()
}

const marksOf = (query: string) => hitPattern(query, textFields)?.source

// The words that are marked in a view were put there by the relay, so another search needs another.
useInbox.subscribe((now, before) => {
  if (now.query === before.query || marksOf(now.query) === marksOf(before.query)) return
  if (useMessage.getState().view.status === 'idle') discardPrefetched()
  else drawAnew()
})

/** Has the relay draw the HTML again; what was asked for ahead was drawn the old way too. */
function drawAnew(change: Partial<MessageState> = {}): void {
  discardPrefetched()
  useMessage.setState({ ...change, view: idle })
  void loadTab()
}
