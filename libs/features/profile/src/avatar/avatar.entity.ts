import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SCHEMA } from '../schema.js';

@Entity({ schema: SCHEMA, name: 'avatars' })
export class AvatarEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  /** Of the image's content; part of its public path. */
  @Column('text', { name: 'hash' })
  hash!: string;

  /** WebP; read only where it is asked for. */
  @Column('bytea', { name: 'image', select: false })
  image!: Buffer;
}
