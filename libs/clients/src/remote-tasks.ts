export { TasksClientModule } from './tasks/remote/remote-tasks.module.js';
