import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'tasks', name: 'labels' })
export class LabelEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The name as `labelKey` makes it: what is unique. */
  @PrimaryColumn({ name: 'name_key', type: 'text' })
  nameKey!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'color', type: 'text' })
  color!: string;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt!: Date;
}
