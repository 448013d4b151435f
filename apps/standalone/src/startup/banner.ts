import type { DemoResult } from '../demo/seed-demo.js';
import { DEMO_ACCOUNT } from '../demo/seed-demo.js';

export interface BannerFacts {
  port: number;
  /** Where the data is: a folder, or the host of DATABASE_URL. */
  data: string;
  demo: DemoResult | undefined;
}

/** What a person sees once PrimeTrade can be used. */
export function banner({ port, data, demo }: BannerFacts): string {
  const address = `http://localhost:${port}`;
  const facts = [
    ['Data', data],
    ['API', `${address}/api/docs`],
    ...(demo === undefined ? [] : [['Demo', demoLine(demo)]]),
    ['Stop', 'Ctrl-C'],
  ];
  const lines = facts.map(([name, value]) => `  ${name!.padEnd(6)}${value}`);
  return `\n  PrimeTrade is running at ${address}\n\n${lines.join('\n')}\n\n`;
}

function demoLine(demo: DemoResult): string {
  return demo === 'changed'
    ? `${DEMO_ACCOUNT.email} exists and has a password of its own`
    : `sign in as ${DEMO_ACCOUNT.email} with the password ${DEMO_ACCOUNT.password}`;
}
