import {
  type Line,
  type Part,
  type PriceBook,
  PriceBookError,
  type PriceItem,
  type Resources,
  type Stage,
} from './price-book.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CURRENCY = /^[A-Z]{3}$/;
const MULTIPLES: Record<string, number> = {
  '': 1,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

type Fields = Record<string, unknown>;

/**
 * A price book from what a YAML or JSON parser made of its file.
 *
 * @throws PriceBookError that names the field which is wrong
 */
export function readPriceBook(parsed: unknown): PriceBook {
  const book = fieldsOf(parsed, 'the price book', ['date', 'currency', 'items', 'stages']);
  const itemFields = fieldsOf(book['items'], 'items');
  const items = new Map(
    Object.entries(itemFields).map(([name, item]) => [name, itemOf(item, `items.${name}`)]),
  );
  const stages = listOf(book['stages'], 'stages').map((stage, i) =>
    stageOf(stage, `stages[${i}]`, items),
  );
  stages.forEach(({ phase }, i) => {
    if (stages.findIndex((other) => other.phase === phase) !== i) {
      throw new PriceBookError(`stages[${i}].phase`, `is ${phase} a second time`);
    }
  });
  return {
    date: textOf(book['date'], 'date', DATE),
    currency: textOf(book['currency'], 'currency', CURRENCY),
    stages,
  };
}

/**
 * Milli-cores and bytes of Kubernetes quantities such as 250m and 512Mi.
 *
 * @param field named in the error
 * @throws PriceBookError if one is not a quantity above 0
 */
export function resourcesOf(cpu: unknown, memory: unknown, field: string): Resources {
  const [, cores, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(cpu)) ?? [];
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([KMGT]i)?$/.exec(String(memory)) ?? [];
  if (!(Number(cores) > 0)) throw new PriceBookError(`${field}.cpu`, 'is not such as 250m or 2');
  if (!(Number(amount) > 0)) throw new PriceBookError(`${field}.memory`, 'is not such as 512Mi');
  return {
    cpu: Number(cores) * (milli === 'm' ? 1 : 1000),
    memory: Number(amount) * MULTIPLES[unit ?? '']!,
  };
}

function itemOf(value: unknown, field: string): PriceItem {
  const { price, capacity } = fieldsOf(value, field, ['price', 'capacity']);
  if (typeof price !== 'number' || !(price >= 0)) {
    throw new PriceBookError(`${field}.price`, 'is not a number of at least 0');
  }
  if (capacity === undefined) return { price, capacity: null };
  const { cpu, memory } = fieldsOf(capacity, `${field}.capacity`, ['cpu', 'memory']);
  return { price, capacity: resourcesOf(cpu, memory, `${field}.capacity`) };
}

function stageOf(value: unknown, field: string, items: Map<string, PriceItem>): Stage {
  const { title, phase, lines: given } = fieldsOf(value, field, ['title', 'phase', 'lines']);
  const lines = listOf(given, `${field}.lines`).map((line, i) =>
    lineOf(line, `${field}.lines[${i}]`, items),
  );
  if (lines.flatMap(({ parts }) => parts).filter(({ scales }) => scales).length > 1) {
    throw new PriceBookError(`${field}.lines`, 'have more than one part that scales');
  }
  return {
    title: textOf(title, `${field}.title`),
    phase: countOf(phase, `${field}.phase`),
    lines,
  };
}

function lineOf(value: unknown, field: string, items: Map<string, PriceItem>): Line {
  const { service, provider, parts } = fieldsOf(value, field, ['service', 'provider', 'parts']);
  return {
    service: textOf(service, `${field}.service`),
    provider: textOf(provider, `${field}.provider`),
    parts: listOf(parts, `${field}.parts`).map((part, i) =>
      partOf(part, `${field}.parts[${i}]`, items),
    ),
  };
}

function partOf(value: unknown, field: string, items: Map<string, PriceItem>): Part {
  const part = fieldsOf(value, field, ['item', 'quantity', 'scales']);
  const itemName = textOf(part['item'], `${field}.item`);
  const item = items.get(itemName);
  if (item === undefined) throw new PriceBookError(`${field}.item`, `${itemName} is not in items`);
  const scales = part['scales'] ?? false;
  if (typeof scales !== 'boolean')
    throw new PriceBookError(`${field}.scales`, 'is not true or false');
  if (scales && item.capacity === null) {
    throw new PriceBookError(`${field}.scales`, `needs a capacity of ${itemName}`);
  }
  return { item, itemName, quantity: countOf(part['quantity'] ?? 1, `${field}.quantity`), scales };
}

function fieldsOf(value: unknown, field: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PriceBookError(field, 'is not a mapping');
  }
  for (const key of Object.keys(value)) {
    if (known && !known.includes(key))
      throw new PriceBookError(field, `has an unknown field ${key}`);
  }
  return value as Fields;
}

function listOf(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw new PriceBookError(field, 'is not a list');
  return value;
}

function textOf(value: unknown, field: string, form = /./): string {
  if (typeof value !== 'string' || !form.test(value)) {
    const example = form === DATE ? ' such as 2026-11-24' : form === CURRENCY ? ' such as USD' : '';
    throw new PriceBookError(field, `is not a text${example}`);
  }
  return value;
}

function countOf(value: unknown, field: string): number {
  if (!Number.isInteger(value) || (value as number) < 1) {
    throw new PriceBookError(field, 'is not a whole number above 0');
  }
  return value as number;
}
