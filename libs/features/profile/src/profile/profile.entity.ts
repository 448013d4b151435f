import type { Theme } from '@primetrade/contracts';
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AvatarEntity } from '../avatar/avatar.entity.js';
import { SCHEMA } from '../schema.js';

/** What PrimeTrade keeps of a person beside the account, whose name and address are in auth. */
@Entity({ schema: SCHEMA, name: 'profiles' })
export class ProfileEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'bio' })
  bio!: string;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  @Column('smallint', { name: 'week_start' })
  weekStart!: number;

  @Column('text', { name: 'theme' })
  theme!: Theme;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('integer', { name: 'version' })
  version!: number;

  @OneToOne(() => AvatarEntity)
  @JoinColumn({ name: 'user_id' })
  avatar?: Relation<AvatarEntity> | null;
}
