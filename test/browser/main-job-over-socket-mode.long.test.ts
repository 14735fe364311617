import { describeMainJob } from './main-job.ts';

describeMainJob('the main job in a browser, over Socket Mode', { socket: true });
