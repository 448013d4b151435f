import { milliOf } from '@primetrade/scaling-hpa';
import { parse } from 'yaml';
import { readText } from './files.js';
import { CommandError, type Io } from './io.js';

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `150ms`, `15s`, `2m`, `1h`, `7d` or `0`, in seconds; null for anything else. */
export function durationOf(value: unknown): number | null {
  if (value === 0 || value === '0') return 0;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(String(value)) ?? [];
  return unit === undefined ? null : Number(amount) * UNITS[unit]!;
}

/** A mapping from a file that people write, read field by field: each failure names its field. */
export class Fields {
  private readonly read = new Set<string>();

  constructor(
    private readonly values: Record<string, unknown>,
    /** Where it stands, such as `model.yaml: cpu`. */
    private readonly at: string,
  ) {}

  /** @throws CommandError if the file is no YAML or JSON, or no mapping */
  static async of(path: string, io: Io): Promise<Fields> {
    const value = await parsedFile(path, io);
    if (!isMapping(value)) throw new CommandError(`${path}: not a mapping`);
    return new Fields(value, path);
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  mapping(name: string): Fields {
    const value = this.take(name);
    if (!isMapping(value)) throw this.problem(name, 'is not a mapping');
    return new Fields(value, `${this.at}: ${name}`);
  }

  list(name: string): Fields[] {
    const value = this.take(name);
    if (!Array.isArray(value)) throw this.problem(name, 'is not a list');
    return value.map((item: unknown, i) => {
      if (!isMapping(item)) throw this.problem(`${name}[${i}]`, 'is not a mapping');
      return new Fields(item, `${this.at}: ${name}[${i}]`);
    });
  }

  number(name: string): number {
    const value = this.take(name);
    if (typeof value !== 'number' || !(value >= 0)) {
      throw this.problem(name, 'is not a number of at least 0');
    }
    return value;
  }

  seconds(name: string): number {
    const seconds = durationOf(this.take(name));
    if (seconds === null) throw this.problem(name, 'is not a time such as 150ms, 15s or 2m');
    return seconds;
  }

  /** A Kubernetes quantity in milli-units: milli-cores for cpu. */
  milli(name: string): number {
    const value = this.take(name);
    try {
      if (typeof value === 'string' || typeof value === 'number') return milliOf(value);
    } catch {
      // Said below.
    }
    throw this.problem(name, 'is not a quantity such as 250m or 512Mi');
  }

  /** @throws CommandError if there is a field that nobody asked for */
  finish(): void {
    const unknown = Object.keys(this.values).find((name) => !this.read.has(name));
    if (unknown !== undefined) throw this.problem(unknown, 'is not known here');
  }

  private take(name: string): unknown {
    this.read.add(name);
    return this.values[name];
  }

  private problem(name: string, what: string): CommandError {
    return new CommandError(`${this.at}: ${name} ${what}`);
  }
}

/** @throws CommandError if the file is neither YAML nor JSON */
export async function parsedFile(path: string, io: Io): Promise<unknown> {
  const text = await readText(path, io);
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new CommandError(`${path}: neither YAML nor JSON: ${(error as Error).message}`);
  }
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
