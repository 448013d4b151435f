export { ProfileModule } from './profile.module.js';
export { profileSchema } from './profile.schema.js';
