import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real databases and sockets, closed with the test or file that opened them: so the files of a
    // process share what they import, which to load anew for each took a third of the time.
    pool: 'forks',
    // `fetch` parses HTTP in WebAssembly. When V8 optimises the calls of its imports, it frees the
    // code that it replaces, and may abort the process over it (nodejs/node#64500): so it never does.
    // The server itself uses no WebAssembly.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    isolate: false,
    // Left to itself it keeps a core free, which on a machine of two is half of it.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
    passWithNoTests: false,
  },
})
