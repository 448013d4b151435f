import type { Role } from '@primetrade/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'auth', name: 'users' })
export class UserEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** In lower case; unique. */
  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  /** Digest of the Idempotency-Key that the account was registered with. */
  @Column({ name: 'registration_key', type: 'bytea', nullable: true })
  registrationKey!: Buffer | null;

  /** Sealed; in use once it is confirmed. */
  @Column({ name: 'totp_secret', type: 'bytea', nullable: true })
  totpSecret!: Buffer | null;

  @Column({ name: 'totp_confirmed_at', type: 'timestamptz', nullable: true })
  totpConfirmedAt!: Date | null;

  /** Digest of the Idempotency-Key that confirmed it. */
  @Column({ name: 'totp_confirm_key', type: 'bytea', nullable: true })
  totpConfirmKey!: Buffer | null;

  /** Since when the account is being deleted; nobody can sign in to it any more. */
  @Column({ name: 'deleting_at', type: 'timestamptz', nullable: true })
  deletingAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
