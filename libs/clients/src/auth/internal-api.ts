import { Role, Scope } from '@primetrade/contracts';
import { z } from 'zod';

/** What the auth service answers to other services. It and its clients agree on it here. */
export const AUTH_INTERNAL = 'internal/v1/auth';

export const AccountAnswer = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: Role,
  createdAt: z.string(),
});
/** `null` when there is no such account: a 404 could as well mean that there is no such route. */
export const AccountLookUp = z.object({ account: AccountAnswer.nullable() });
export const AccountExportAnswer = z.record(z.string(), z.unknown());
export const RenameAccount = z.object({ name: z.string() });
export type RenameAccount = z.infer<typeof RenameAccount>;
export const StartDeletion = z.object({ password: z.string() });
export type StartDeletion = z.infer<typeof StartDeletion>;
export const UnfinishedDeletions = z.object({ userIds: z.array(z.uuid()) });

export const SessionAnswer = z.object({ live: z.boolean() });
export type SessionAnswer = z.infer<typeof SessionAnswer>;

export const VerifyApiToken = z.object({ token: z.string() });
export type VerifyApiToken = z.infer<typeof VerifyApiToken>;
export const ApiTokenAnswer = z.object({
  principal: z
    // Scopes are never null, which would mean: everything.
    .object({ userId: z.uuid(), role: Role, scopes: z.array(Scope).readonly() })
    .nullable(),
});
export type ApiTokenAnswer = z.infer<typeof ApiTokenAnswer>;
