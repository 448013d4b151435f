/** The feature's PostgreSQL schema. */
export const SCHEMA = 'profile';
