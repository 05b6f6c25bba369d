import { startThread } from '../../src-main/base/thread.ts'
import { endProcess } from '../../src-main/base/threads-left.ts'

/** A process that ends while one of its threads does not. */
const thread = startThread(import.meta.url, 'stuck-worker', {})
thread.ask(null).catch(() => undefined)
setTimeout(() => endProcess(0), 1500)
