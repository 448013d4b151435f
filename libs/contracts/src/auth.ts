import { z } from 'zod';
import { Id, Timestamp, text } from './common.js';

export const Email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email())
  .transform((s) => s.toLowerCase());

/** 8 to 128 characters; no composition rules. Common and breached ones are refused by the server. */
export const Password = z
  .string()
  .min(8)
  .max(128)
  .refine((s) => s.isWellFormed(), {
    message: 'contains characters that cannot be stored',
  });

/** A password as it is presented for checking: any length rule would only help an attacker. */
const PresentedPassword = z.string().min(1).max(128);

export const DisplayName = text(1, 100);

export const Role = z.enum(['user', 'admin']);
export type Role = z.infer<typeof Role>;

export const User = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    role: Role,
    totpEnabled: z.boolean(),
    createdAt: Timestamp,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const RegisterRequest = z
  .object({ email: Email, password: Password, name: DisplayName })
  .meta({ id: 'RegisterRequest' });
export type RegisterRequest = z.infer<typeof RegisterRequest>;

export const LoginRequest = z
  .object({
    email: Email,
    password: PresentedPassword,
    /** The six-digit code, or a recovery code. */
    totp: z.string().trim().min(6).max(32).optional(),
  })
  .meta({ id: 'LoginRequest' });
export type LoginRequest = z.infer<typeof LoginRequest>;

export const AuthResponse = z
  .object({
    user: User,
    accessToken: z.string(),
    /** Seconds until the access token expires. */
    expiresIn: z.number().int(),
  })
  .meta({ id: 'AuthResponse' });
export type AuthResponse = z.infer<typeof AuthResponse>;

export const Session = z
  .object({
    id: Id,
    current: z.boolean(),
    userAgent: z.string().nullable(),
    ip: z.string().nullable(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    expiresAt: Timestamp,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const SessionList = z.object({ items: z.array(Session) }).meta({ id: 'SessionList' });
export type SessionList = z.infer<typeof SessionList>;

export const ChangePasswordRequest = z
  .object({ currentPassword: PresentedPassword, newPassword: Password })
  .meta({ id: 'ChangePasswordRequest' });
export type ChangePasswordRequest = z.infer<typeof ChangePasswordRequest>;

export const TotpEnrolRequest = z
  .object({ password: PresentedPassword })
  .meta({ id: 'TotpEnrolRequest' });
export type TotpEnrolRequest = z.infer<typeof TotpEnrolRequest>;
export const TotpEnrolResponse = z
  .object({
    /** Base32 secret for manual entry. */
    secret: z.string(),
    /** otpauth:// URI, to be shown as a QR code. */
    uri: z.string(),
  })
  .meta({ id: 'TotpEnrolResponse' });
export type TotpEnrolResponse = z.infer<typeof TotpEnrolResponse>;

export const TotpConfirmRequest = z
  .object({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  })
  .meta({ id: 'TotpConfirmRequest' });
export type TotpConfirmRequest = z.infer<typeof TotpConfirmRequest>;
export const TotpConfirmResponse = z
  .object({
    /** Ten single-use codes, shown once. */
    recoveryCodes: z.array(z.string()),
  })
  .meta({ id: 'TotpConfirmResponse' });
export type TotpConfirmResponse = z.infer<typeof TotpConfirmResponse>;

export const TotpDisableRequest = z
  .object({ password: PresentedPassword })
  .meta({ id: 'TotpDisableRequest' });
export type TotpDisableRequest = z.infer<typeof TotpDisableRequest>;

/** What an API token may do. A session may do everything. */
export const Scope = z.enum(['tasks:read', 'tasks:write', 'profile:read', 'profile:write']);
export type Scope = z.infer<typeof Scope>;

export const CreateApiTokenRequest = z
  .object({
    name: text(1, 100),
    scopes: z
      .array(Scope)
      .min(1)
      .max(10)
      .transform((scopes) => [...new Set(scopes)]),
    /** Days until the token expires. */
    expiresInDays: z.number().int().min(1).max(365).default(90),
  })
  .meta({ id: 'CreateApiTokenRequest' });
export type CreateApiTokenRequest = z.infer<typeof CreateApiTokenRequest>;

export const ApiToken = z
  .object({
    id: Id,
    name: z.string(),
    scopes: z.array(Scope),
    createdAt: Timestamp,
    expiresAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;

export const CreatedApiToken = ApiToken.extend({
  /** The token itself, shown once. */
  token: z.string(),
}).meta({ id: 'CreatedApiToken' });
export type CreatedApiToken = z.infer<typeof CreatedApiToken>;

export const ApiTokenList = z.object({ items: z.array(ApiToken) }).meta({ id: 'ApiTokenList' });
export type ApiTokenList = z.infer<typeof ApiTokenList>;
