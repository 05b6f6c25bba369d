import { Worker } from 'node:worker_threads'

/** A process of its own, since a template that is not bounded ends the whole process. */
const [template = ''] = process.argv.slice(2)
const resourceLimits = { maxOldGenerationSizeMb: 256 }
const file = new URL('./growth-worker.ts', import.meta.url)
const before = process.memoryUsage().rss
let peak = before
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 5)
const start = performance.now()
const worker = new Worker(file, { workerData: template, resourceLimits })
const message = await new Promise<string>((resolve) => {
  worker.once('message', resolve)
  worker.once('error', (error) => resolve(String(error)))
})
clearInterval(timer)
peak = Math.max(peak, process.memoryUsage().rss)
const tookMs = performance.now() - start
process.stdout.write(JSON.stringify({ message, tookMs, grownMb: (peak - before) / 2 ** 20 }))
process.exit()
