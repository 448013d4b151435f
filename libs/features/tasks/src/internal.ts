export { TasksInternalModule } from './internal/tasks-internal.module.js';
