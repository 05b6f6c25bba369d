import { parentPort, workerData } from 'node:worker_threads'
import { compileJinja } from '../../src-main/domain/templates/jinja/jinja.ts'

/** Renders one template and posts the refusal, or `rendered`. */
function render(template: string): string {
  try {
    compileJinja(template, { isHtml: false })({})
    return 'rendered'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

parentPort?.postMessage(render(String(workerData)))
