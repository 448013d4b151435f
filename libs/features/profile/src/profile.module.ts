import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SchemaModule } from '@primetrade/platform-database';
import { IdempotencyModule } from '@primetrade/platform-idempotency';
import { AccountController } from './account/account.controller.js';
import { AccountDeletionService } from './account/account-deletion.service.js';
import { ExportService } from './account/export.service.js';
import { LateWrites } from './account/late-writes.js';
import { AvatarController } from './avatar/avatar.controller.js';
import { AvatarEntity } from './avatar/avatar.entity.js';
import { AvatarService } from './avatar/avatar.service.js';
import { profileSchema } from './profile.schema.js';
import { ProfileController } from './profile/profile.controller.js';
import { ProfileEntity } from './profile/profile.entity.js';
import { ProfileService } from './profile/profile.service.js';
import { ProfileStore } from './profile/profile.store.js';
import { SCHEMA } from './schema.js';

/** Profiles, avatars, and what concerns an account as a whole: its export and its deletion. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ProfileEntity, AvatarEntity]),
    SchemaModule.require(profileSchema),
    IdempotencyModule.forSchema(SCHEMA),
  ],
  controllers: [ProfileController, AvatarController, AccountController],
  providers: [
    ProfileStore,
    ProfileService,
    AvatarService,
    AccountDeletionService,
    LateWrites,
    ExportService,
  ],
})
export class ProfileModule {}
