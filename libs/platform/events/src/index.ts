export { EventBus, type UserEvent } from './event-bus.js';
export { EventsModule } from './events.module.js';
