import type { Scope } from '@primetrade/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token that a person made for a program of theirs. */
@Entity({ schema: 'auth', name: 'api_tokens' })
export class ApiTokenEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', array: true })
  scopes!: Scope[];

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  /** Digest of the Idempotency-Key of the request that made it. */
  @Column({ name: 'request_key', type: 'bytea', nullable: true, select: false })
  requestKey!: Buffer | null;

  /** Digest of what that request asked for. */
  @Column({ name: 'request_fingerprint', type: 'bytea', nullable: true, select: false })
  requestFingerprint!: Buffer | null;
}
