import { explain, serve } from './cli/commands/serve.ts'
import { run } from './cli/run.ts'

const args = process.argv.slice(2)
const isHelp = args.includes('--help') || args.includes('-h')
const started = isHelp ? run(['serve', '--help'], process.env) : serve(args)
started.catch((error: unknown) => {
  explain(error)
  process.exit(1)
})
