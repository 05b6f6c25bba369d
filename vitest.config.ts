import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real databases and sockets, closed with the test or file that opened them: so the files of a
    // process share what they import, which to load anew for each took a third of the time.
    pool: 'forks',
    // V8 tracks the pages of compiled code for the processor's memory keys, and aborts the process
    // when threads end at the wrong moment (nodejs/node#64500).
    execArgv: ['--no-memory-protection-keys'],
    isolate: false,
    // Left to itself it keeps a core free, which on a machine of two is half of it.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    passWithNoTests: false,
  },
})
