import { explain, serve } from './cli/commands/serve.ts'

serve(process.argv.slice(2)).catch((error: unknown) => {
  explain(error)
  process.exit(1)
})
