import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const serverUrl = `http://127.0.0.1:${process.env.MAILSAGE_HTTP_PORT ?? '8025'}`

/** The server accepts its own origin only, so the development server sends that. */
const toServer = { target: serverUrl, headers: { origin: serverUrl }, changeOrigin: true }

export const plugins = [react(), tailwindcss()]
export const server = {
  proxy: { '/v1': toServer, '/api': toServer, '/health': toServer, '/view': toServer },
}

/** The window alone, with hot reload: `npx vite src-renderer`. */
export default defineConfig({ plugins, server })
