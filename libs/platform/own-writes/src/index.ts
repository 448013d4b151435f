export {
  AccountWrites,
  KEPT_MS,
  type LastWrite,
  LastWrites,
  type WalPosition,
} from './last-writes.js';
export { OwnWritesModule } from './own-writes.module.js';
export { lastWriteKey, SharedPositions } from './shared-positions.js';
export { covers } from './wal-position.js';
