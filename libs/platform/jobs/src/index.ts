export { JobRunner, type Job } from './job-runner.js';
export { JobsModule } from './jobs.module.js';
