export { withPassword } from './address.js';
export {
  defineConfig,
  type Environment,
  readConfig,
  ConfigError,
  type ConfigSlice,
  type ConfigOf,
} from './config.js';
export { ConfigModule, InjectConfig } from './config.module.js';
export { booleanFlag, durationMs, port } from './fields.js';
export type { Processes } from './processes.js';
