import type { Line, PriceBook, Stage } from './price-book.js';

export interface CostLine {
  service: string;
  provider: string;
  /** A month. */
  cost: number;
}

/** What a stage costs a month, line by line. */
export interface CostTable {
  title: string;
  phase: number;
  lines: CostLine[];
  total: number;
}

/** A stage as the book has it. */
export function tableOf(stage: Stage): CostTable {
  const lines = stage.lines.map(({ service, provider, parts }) => ({
    service,
    provider,
    cost: costOf(parts),
  }));
  return {
    title: stage.title,
    phase: stage.phase,
    lines,
    total: toCents(lines.reduce((sum, { cost }) => sum + cost, 0)),
  };
}

/** A table in Markdown, as in the scaling strategy. */
export function renderTable({ title, lines, total }: CostTable, { currency }: PriceBook): string {
  return [
    `### ${title}`,
    '',
    '| Service | Provider | Cost/Month |',
    '|---------|----------|------------|',
    ...lines.map(
      ({ service, provider, cost }) => `| ${service} | ${provider} | ${money(cost, currency)} |`,
    ),
    `| **Total** | | **${money(total, currency)}** |`,
  ].join('\n');
}

/** Such as $1,650 or $12.50; the code goes after the amount for other currencies. */
export function money(amount: number, currency: string): string {
  const [whole, cents] = amount.toFixed(2).split('.') as [string, string];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = cents === '00' ? grouped : `${grouped}.${cents}`;
  return currency === 'USD' ? `$${text}` : `${text} ${currency}`;
}

/** Σ price × quantity, rounded to cents. */
export function costOf(parts: Line['parts']): number {
  return toCents(parts.reduce((sum, { item, quantity }) => sum + item.price * quantity, 0));
}

export function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
