import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { runMigrate } from './migrate/run-migrate.js';

process.exitCode = await runMigrate({
  features: [authSchema, tasksSchema, profileSchema],
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
