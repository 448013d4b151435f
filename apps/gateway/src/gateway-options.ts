import type { runService } from '@primetrade/platform-bootstrap';

/** What the gateway is to the code that all services are started by. */
export const GATEWAY: Parameters<typeof runService>[0] = {
  name: 'gateway',
  defaultPort: 4000,
  edge: true,
  proxy: {
    // Imported late, as everything is that can be traced.
    document: async (app) => {
      const { MergedDocument } = await import('./documents/merged-document.js');
      return app.get(MergedDocument).get();
    },
  },
};
