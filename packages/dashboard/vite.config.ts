import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // The workspace's packages are taken from their sources: a fresh clone has nothing built.
  resolve: { conditions: ['@headframe/source', ...defaultClientConditions] },
  build: { target: 'es2023', reportCompressedSize: false, chunkSizeWarningLimit: 700 },
  // `npx vite` beside a running daemon, to work on the page.
  server: { proxy: { '/api': 'http://127.0.0.1:4280' } },
});
