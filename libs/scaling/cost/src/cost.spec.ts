import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { costBand, podsPerMachine } from './band.js';
import { PriceBookError } from './price-book.js';
import { readPriceBook, resourcesOf } from './read-price-book.js';
import { money, renderTable, tableOf } from './table.js';

const TEXT = readFileSync(resolve(import.meta.dirname, '../price-book.yaml'), 'utf8');
const book = readPriceBook(parse(TEXT));
const [mvp, growth, enterprise] = book.stages;

// The cost analysis of the scaling strategy that PrimeTrade began with.
const TABLES = `### MVP Stage (0-10K users)

| Service | Provider | Cost/Month |
|---------|----------|------------|
| Hosting | Vercel | $20 |
| Database | Supabase | $25 |
| Monitoring | Free tier | $0 |
| **Total** | | **$45** |

### Growth Stage (10K-100K users)

| Service | Provider | Cost/Month |
|---------|----------|------------|
| Compute | AWS EC2 (3x t3.medium) | $90 |
| Database | RDS PostgreSQL (db.t3.large) | $120 |
| Cache | ElastiCache Redis | $30 |
| Load Balancer | AWS ALB | $25 |
| CDN | CloudFront | $20 |
| Monitoring | DataDog | $30 |
| **Total** | | **$315** |

### Enterprise Stage (100K+ users)

| Service | Provider | Cost/Month |
|---------|----------|------------|
| Kubernetes | EKS Cluster | $400 |
| Database | RDS Multi-AZ + Replicas | $500 |
| Cache | Redis Cluster | $200 |
| CDN | Cloudflare Enterprise | $200 |
| Monitoring | DataDog APM | $300 |
| Storage | S3 | $50 |
| **Total** | | **$1,650** |`;

describe('the price book', () => {
  it('reproduces the three tables line by line', () => {
    const rendered = book.stages.map((stage) => renderTable(tableOf(stage), book));
    expect(rendered.join('\n\n').split('\n')).toEqual(TABLES.split('\n'));
  });

  it('is dated', () => {
    expect(book).toMatchObject({ date: '2026-11-24', currency: 'USD' });
  });

  it.each<[string, (text: string) => string]>([
    ['date is not a text', (text) => text.replace(/^date: .*/m, 'date: today')],
    ['currency is not a text', (text) => text.replace('USD', 'dollars')],
    ['items.vercel.price is not', (text) => text.replace('price: 20', 'price: -20')],
    ['items.t3-medium.capacity.memory is not', (text) => text.replace('4Gi', '4 GB')],
    ['stages[0].lines[0].parts[0].item vercel is not', (text) => text.replace('vercel:', 'other:')],
    [
      'stages[1].lines[0].parts[0].quantity is',
      (text) => text.replace('quantity: 3', 'quantity: 0'),
    ],
    ['stages[1].phase is 1 a second time', (text) => text.replace('phase: 2', 'phase: 1')],
    [
      'stages[0].lines[0].parts[0].scales needs',
      (text) => text.replace('item: vercel', '$&, scales: true'),
    ],
    [
      'stages[2].lines have more than one',
      (text) => text.replace('item: eks-control-plane', 'item: t3-medium, scales: true'),
    ],
    ['stages[0] has an unknown field titel', (text) => text.replace('title: MVP', 'titel: MVP')],
  ])('names the field that is wrong: %s', (message, spoil) => {
    expect(() => readPriceBook(parse(spoil(TEXT)))).toThrow(PriceBookError);
    expect(() => readPriceBook(parse(spoil(TEXT)))).toThrow(message);
  });

  it('is a mapping', () => {
    expect(() => readPriceBook(null)).toThrow('the price book is not a mapping');
    expect(() => readPriceBook({ ...parse(TEXT), stages: [] })).toThrow('stages is not a list');
  });
});

describe('money', () => {
  it('has cents only where there are any', () => {
    expect(money(1234567.5, 'USD')).toBe('$1,234,567.50');
    expect(money(999, 'EUR')).toBe('999 EUR');
  });
});

describe('the cost band', () => {
  const request = resourcesOf('250m', '256Mi', 'pod');

  it('follows the machines that the pods need', () => {
    // 90 % of 2 cores are 7 pods.
    expect(podsPerMachine(request, resourcesOf('2', '4Gi', 'machine'))).toBe(7);
    const pods = { floor: 14, expected: 30, ceiling: 100 };
    expect(costBand(enterprise!, { pods, request })).toEqual({
      fixed: 1320,
      machines: { floor: 2, expected: 5, ceiling: 15 },
      floor: 1380,
      expected: 1470,
      ceiling: 1770,
    });
  });

  it('reaches the table at its number of machines', () => {
    const pods = { floor: 21, expected: 21, ceiling: 21 };
    expect(costBand(growth!, { pods, request }).expected).toBe(tableOf(growth!).total);
  });

  it('is one price where nothing scales', () => {
    const pods = { floor: 1, expected: 1, ceiling: 1 };
    expect(costBand(mvp!, { pods, request })).toMatchObject({
      floor: 45,
      ceiling: 45,
      machines: null,
    });
  });

  it('refuses what cannot be', () => {
    const pods = { floor: 3, expected: 2, ceiling: 5 };
    expect(() => costBand(growth!, { pods, request })).toThrow('in order');
    const huge = resourcesOf('4', '1Gi', 'pod');
    const fine = { floor: 1, expected: 2, ceiling: 5 };
    expect(() => costBand(growth!, { pods: fine, request: huge })).toThrow('no pod fits');
  });

  it('is in order and never falls with more pods', () => {
    const count = fc.nat(500);
    fc.assert(
      fc.property(count, count, count, (a, b, c) => {
        const pods = { floor: a, expected: a + b, ceiling: a + b + c };
        const band = costBand(enterprise!, { pods, request });
        expect(band.floor).toBeLessThanOrEqual(band.expected);
        expect(band.expected).toBeLessThanOrEqual(band.ceiling);
        const more = { ...pods, ceiling: pods.ceiling + 1 };
        expect(costBand(enterprise!, { pods: more, request }).ceiling).toBeGreaterThanOrEqual(
          band.ceiling,
        );
      }),
    );
  });
});
