import { chmodSync, copyFileSync, globSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import { plugins, server } from './src-renderer/vite.config.ts'

/** The server itself serves the guides and the page that shows the API. */
const documentation = {
  name: 'documentation',
  writeBundle: () => {
    mkdirSync('out/docs', { recursive: true })
    for (const file of [
      fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
      fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
      ...globSync('docs/*.md'),
    ]) {
      copyFileSync(file, join('out/docs', basename(file)))
    }
  },
}

/** What pdf.js reads for some files: character maps, fonts, decoders that need no WebAssembly. */
const pdfParts = {
  name: 'pdf-parts',
  writeBundle: () => {
    const library = fileURLToPath(new URL('.', import.meta.resolve('pdfjs-dist/package.json')))
    for (const file of globSync('{cmaps/*.bcmap,standard_fonts/*.{pfb,ttf},wasm/*_fallback.js}', {
      cwd: library,
    })) {
      const copy = join('out/renderer/pdf', file)
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(join(library, file), copy)
    }
  },
}

/** The command line is started by its name. */
const executable = {
  name: 'executable',
  writeBundle: () => chmodSync('out/main/mailsage.js', 0o755),
}

const mainEntries = [
  'src-main/index.ts',
  'src-main/headless.ts',
  'src-main/cli/mailsage.ts',
  ...globSync('src-main/**/*-worker.ts'),
]

export default defineConfig({
  main: {
    plugins: [executable, documentation],
    build: {
      target: 'node20.18',
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(mainEntries.map((file) => [basename(file, '.ts'), file])),
        // One flat folder: worker threads are found beside the file that starts them.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      rolldownOptions: {
        input: 'src-main/electron/preload.ts',
        // A sandboxed preload script cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [...plugins, pdfParts],
    build: {
      outDir: 'out/renderer',
      target: 'es2022',
      minify: true,
      chunkSizeWarningLimit: 1_500,
      rolldownOptions: { input: resolve('src-renderer/index.html') },
    },
    server,
  },
})
