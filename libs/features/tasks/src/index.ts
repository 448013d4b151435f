export { TasksModule } from './tasks.module.js';
export { tasksSchema } from './migrations/index.js';
