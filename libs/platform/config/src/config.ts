import type { z } from 'zod';

/** The variables that one module reads. */
export interface ConfigSlice<S extends z.ZodType = z.ZodType> {
  /** Injection token of the parsed values. */
  readonly token: symbol;
  readonly schema: S;
}

/** The parsed values of a slice. */
export type ConfigOf<T> = T extends ConfigSlice<infer S> ? z.output<S> : never;

const slices = new Set<ConfigSlice>();

/**
 * Declares the environment variables that a module needs. A process reads exactly the slices of
 * the modules that it imports.
 *
 * @param name of the module, for debugging
 * @param schema of an object whose keys are environment variable names
 */
export function defineConfig<S extends z.ZodType>(name: string, schema: S): ConfigSlice<S> {
  const slice = { token: Symbol(`config:${name}`), schema };
  slices.add(slice);
  return slice;
}

/** Environment variables are missing or not usable. The message names each, and no value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration is not usable. Set or correct these environment variables:\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
    );
    this.name = 'ConfigError';
  }
}

/** Environment variables by name, as process.env holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What readConfig found, by slice. */
export class ConfigValues {
  constructor(private readonly values: ReadonlyMap<symbol, unknown>) {}

  get<T extends ConfigSlice>(slice: T): ConfigOf<T> {
    return this.values.get(slice.token) as ConfigOf<T>;
  }

  byToken(token: symbol): unknown {
    return this.values.get(token);
  }

  tokens(): symbol[] {
    return [...this.values.keys()];
  }
}

/**
 * Reads configuration. An empty variable counts as not set.
 *
 * @param env usually process.env
 * @param wanted by default every declared slice
 * @throws ConfigError that lists every bad variable
 */
export function readConfig(env: Environment, wanted: Iterable<ConfigSlice> = slices): ConfigValues {
  const values = new Map<symbol, unknown>();
  const problems = new Set<string>();
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  for (const slice of wanted) {
    const result = slice.schema.safeParse(present);
    if (result.success) {
      values.set(slice.token, result.data);
    } else {
      for (const issue of result.error.issues) {
        const name = issue.path.join('.');
        problems.add(`${name}: ${present[name] === undefined ? 'is required' : issue.message}`);
      }
    }
  }
  if (problems.size > 0) throw new ConfigError([...problems].sort());
  return new ConfigValues(values);
}
